// Copies the pages to the folder that VitePress reads, and makes the pages that are lists: codes, decisions, packages, schemas.
import fs from 'node:fs';
import path from 'node:path';
import { roles } from './navigation.mjs';
import { ASSET, files, pages, root, site, slugify, titleOf } from './sources.mjs';

const target = path.join(site, '.pages');
fs.rmSync(target, { recursive: true, force: true });

for (const [source, page] of pages)
    write(page, { source }, read(source));
for (const file of files) {
    const asset = ASSET.exec(file);
    if (asset)
        copy(file, `public/${asset[1]}`);
}

write('index.md', home(), homeText());
write('reference/codes.md', { editLink: false }, codes());
write('reference/schemas.md', { editLink: false }, schemas());
write('adr/index.md', { editLink: false },
    list('Decisions', 'Why things are as they are. Each page has one decision.', /^docs\/adr\/.+\.md$/));
write('packages/index.md', { editLink: false }, list('Packages', 'Each package works alone.', /^src\/[^/]+\/README\.md$/));

function read(file) {
    return fs.readFileSync(path.join(root, file), 'utf8');
}

function write(page, frontmatter, text) {
    const file = path.join(target, page);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `---\n${JSON.stringify(frontmatter, null, 2)}\n---\n\n${text}`);
}

function copy(from, to) {
    fs.mkdirSync(path.dirname(path.join(target, to)), { recursive: true });
    fs.copyFileSync(path.join(root, from), path.join(target, to));
}

function home() {
    const link = ([page]) => `/${page.replace(/index$/, '')}`;
    const all = roles.flatMap(role => role.items);
    const action = (theme, text, ...wanted) =>
        all.filter(([page]) => wanted.includes(page)).slice(0, 1).map(item => ({ theme, text, link: link(item) }));
    return {
        layout: 'home',
        hero: {
            name: 'Gantry',
            text: 'The same bytes in every environment',
            tagline: 'Build a container image once. Promote it to Dev, Test and Prod by its digest, from a typed build in C#.',
            actions: [
                ...action('brand', 'Start', 'tutorials/new-application', 'overview'),
                ...action('alt', 'Your own application', 'own-application'),
                ...action('alt', 'Comparison', 'comparison'),
            ],
        },
        features: roles.filter(role => role.text).map(role => ({ title: role.title, details: role.text, link: link(role.items[0]) })),
    };
}

function homeText() {
    const lists = roles.filter(role => role.text).map(role => {
        const items = role.items.map(([page, title]) => `- [${title}](/${page}.md)`);
        return `### ${role.title}\n\n${role.text}\n\n${items.join('\n')}\n`;
    });
    const sections = lists.map(text => `<section>\n\n${text}\n</section>\n`);
    const picture = '![One digest from the base registry to prod](/pictures/promotion.svg)';
    return `${picture}\n\n## All pages, by role\n\n<div class="roles">\n\n${sections.join('\n')}\n</div>\n`;
}

function codes() {
    const rows = read('docs/diagnostics.md').split('\n').flatMap((line, index, lines) => {
        const chapter = /^## (.+ \(GAN\S+\))$/.exec(line)?.[1];
        const code = /^### (GAN\d{4})\s*$/.exec(line)?.[1];
        const title = lines.slice(index + 1).find(text => text.trim() !== '');
        if (chapter)
            return [`\n## ${chapter}\n`, '| code | error |', '| --- | --- |'];
        return code ? [`| [${code}](/diagnostics.md#${slugify(code)}) | ${title.replaceAll('|', '\\|').replace(/\.$/, '')} |`] : [];
    });
    return '# Index of codes\n\nEvery error has a code. The page behind it gives the cause and the remedy. The search finds codes, too.\n'
        + `${rows.join('\n')}\n`;
}

function schemas() {
    const rows = [...files].filter(file => /^docs\/schemas\/.+\.json$/.test(file)).map(file => {
        const schema = JSON.parse(read(file));
        const name = path.basename(file);
        const title = (schema.title ?? schema.description ?? '').replaceAll('|', '\\|');
        return `| <a href="../schemas/${name}" target="_self">${name}</a> | ${title} |`;
    });
    return '# JSON schemas\n\nThe schemas of what `--format json` writes. A later schema has another number in `schema`.\n\n'
        + `| file | describes |\n| --- | --- |\n${rows.join('\n')}\n`;
}

function list(title, text, pattern) {
    const rows = [...pages.keys()].filter(source => pattern.test(source)).sort()
        .map(source => `- [${titleOf(`/${pages.get(source)}`)}](/${pages.get(source)})`);
    return `# ${title}\n\n${text}\n\n${rows.join('\n')}\n`;
}
