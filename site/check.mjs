// Finishes and checks the site in a folder: inline scripts become files (the policy of the pages allows no others), every link and anchor
// leads somewhere, and nothing is loaded from elsewhere.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const [folder, base = '/'] = process.argv.slice(2);
const texts = new Map(fs.readdirSync(folder, { recursive: true }).filter(file => file.endsWith('.html'))
    .map(file => [file.replaceAll(path.sep, '/'), externalize(file)]));
const anchors = new Map([...texts].map(([file, text]) => [file, idsOf(text)]));
const faults = [...texts].flatMap(([file, text]) => [...links(file, text), ...loaded(file, text)]);
for (const style of fs.readdirSync(folder, { recursive: true }).filter(file => file.endsWith('.css'))) {
    if (/(url\(|@import)\s*['"]?(https?:)?\/\//.test(fs.readFileSync(path.join(folder, style), 'utf8')))
        faults.push(`${style} loads something from elsewhere.`);
}

faults.forEach(fault => console.error(fault));
console.log(`${texts.size} pages, ${[...anchors.values()].reduce((sum, ids) => sum + ids.size, 0)} anchors, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);

function idsOf(text) {
    return new Set([...text.matchAll(/ id="([^"]+)"/g)].map(match => decode(match[1])));
}

function externalize(file) {
    const before = fs.readFileSync(path.join(folder, file), 'utf8');
    const after = before.replace(/<script(?: id="[^"]*")?>([^<]+)<\/script>/g, (_, script) => {
        const name = `assets/${crypto.createHash('sha256').update(script).digest('hex').slice(0, 12)}.js`;
        fs.writeFileSync(path.join(folder, name), script);
        return `<script src="${base}${name}"></script>`;
    });
    if (after !== before)
        fs.writeFileSync(path.join(folder, file), after);
    return after;
}

function links(file, text) {
    return [...text.matchAll(/<a\b[^>]*? href="([^"]*)"/g)].map(match => decode(match[1])).flatMap(link => {
        if (/^(https?|mailto):/.test(link) || file === '404.html')
            return [];
        const [address, anchor] = link.split('#', 2);
        const target = address === '' ? file : fileOf(file, address);
        if (target === null || !fs.existsSync(path.join(folder, target)))
            return [`${file} has a dead link: ${link}`];
        const isDead = anchor && anchors.has(target) && !anchors.get(target).has(decodeURIComponent(anchor));
        return isDead ? [`${file} has a dead anchor: ${link}`] : [];
    });
}

// Null for an address that is not below the base of the site.
function fileOf(file, address) {
    const url = new URL(address, `http://site${base}${file}`);
    if (url.origin !== 'http://site' || !url.pathname.startsWith(base))
        return null;
    const target = decodeURIComponent(url.pathname.slice(base.length));
    return target === '' || target.endsWith('/') ? `${target}index.html` : target;
}

function loaded(file, text) {
    const sources = [...text.matchAll(/<(?:script|img|source|iframe)\b[^>]*? src="([^"]*)"|<link\b[^>]*? href="([^"]*)"/g)];
    return sources.map(match => decode(match[1] ?? match[2])).flatMap(source => {
        if (source.startsWith('data:'))
            return [];
        const target = fileOf(file, source);
        return target && fs.existsSync(path.join(folder, target)) ? [] : [`${file} loads what is not in the site: ${source}`];
    });
}

function decode(text) {
    return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
