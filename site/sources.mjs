// Which files of the repository are pages of the site, and where a link between files leads there.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const site = path.dirname(fileURLToPath(import.meta.url));
export const root = path.dirname(site);

// The public address of the repository, for links to sources. Without it they are text: forks have other addresses.
const repository = (process.env.GantryRepository ?? '').replace(/(\.git)?\/*$/, '');

/** The files of the repository, with those that are not committed yet. */
export const files = new Set(execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0').filter(file => file && fs.existsSync(path.join(root, file))));

const roots = { 'README.md': 'overview.md', 'CONTRIBUTING.md': 'contributing.md', 'SECURITY.md': 'reporting.md',
    'CHANGELOG.md': 'changelog.md' };

/** Pages by their source: `docs/concepts.md` is `concepts.md` of the site. */
export const pages = new Map([...files].filter(file => file.endsWith('.md'))
    .map(file => [file, pageOf(file)]).filter(([, page]) => page));

function pageOf(file) {
    const match = /^docs\/(.+)$/.exec(file);
    if (match)
        return match[1];
    const readme = /^(?:src\/([^/]+)|(samples|bench))\/README\.md$/.exec(file);
    if (readme)
        return readme[1] ? `packages/${readme[1].toLowerCase().replaceAll('.', '-')}.md` : `${readme[2]}.md`;
    return roots[file];
}

/** Files that are part of the site as they are: their place in it. */
export const ASSET = /^docs\/(schemas\/.+\.json|pictures\/.+\.(?:svg|png)|icon\.svg)$/;

// Folders that a page lists.
const folders = { 'docs/adr': 'adr/index.md', 'docs/schemas': 'reference/schemas.md', 'src': 'packages/index.md', 'samples': 'samples.md',
    'bench': 'bench.md', 'docs': 'index.md' };

/** Returns where a link of a file leads on the site: an address, or null if there is nothing that a reader could open. */
export function resolve(from, link) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(link))
        return link;
    const [target, anchor] = link.split('#', 2);
    if (target === '')
        return link;
    const file = path.posix.normalize(path.posix.join(path.posix.dirname(from), decodeURI(target))).replace(/\/$/, '');
    const suffix = anchor === undefined ? '' : `#${anchor}`;
    const page = pages.get(file) ?? folders[file];
    if (page)
        return `/${page}${suffix}`;
    const asset = ASSET.exec(file);
    if (asset && files.has(file))
        return `/${asset[1]}`;
    if (!fs.existsSync(path.join(root, file)))
        throw new Error(`${from} links to ${link}, and there is no such file.`);
    return repository ? addressOf(file) + suffix : null;
}

const sourceOf = new Map([...pages].map(([source, page]) => [page, source]));

/** Returns the title of the page at an address of the site, or undefined. */
export function titleOf(address) {
    const source = sourceOf.get(address?.replace(/^\/|#.*$/g, ''));
    return source && /^# (.+)$/m.exec(fs.readFileSync(path.join(root, source), 'utf8'))?.[1];
}

/** Returns the address of a file of the repository: as Azure Repos has it, or as GitHub and GitLab do. */
export function addressOf(file) {
    return /\/_git\/|dev\.azure\.com/.test(repository) ? `${repository}?path=/${file}` : `${repository}/blob/HEAD/${file}`;
}

/** The address for the link "edit this page", or undefined. */
export const editPattern = repository && addressOf(':path');
export const repositoryAddress = repository || undefined;

/** The anchor of a heading, as GitHub and Azure DevOps make it. */
export function slugify(heading) {
    return heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-');
}
