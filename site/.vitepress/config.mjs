import path from 'node:path';
import { defineConfig } from 'vitepress';
import { roles } from '../navigation.mjs';
import { editPattern, pages, repositoryAddress, resolve, site, slugify, titleOf } from '../sources.mjs';

const base = process.env.GANTRY_SITE_BASE ?? '/';
const sources = new Map([...pages].map(([source, page]) => [page, source]));
const item = ([page, text]) => ({ text: text ?? page, link: `/${page.replace(/(^|\/)index$/, '$1')}` });

// Everything is loaded from the site itself.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

export default defineConfig({
    srcDir: '.pages',
    outDir: process.env.GANTRY_SITE ?? path.join(site, '../artifacts/site'),
    base,
    lang: 'en',
    title: 'Gantry',
    description: 'Promotes container images across environments by digest.',
    head: [
        ['meta', { 'http-equiv': 'Content-Security-Policy', content: policy }],
        ['meta', { name: 'referrer', content: 'no-referrer' }],
        ['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }],
    ],
    metaChunk: true,
    // The index of the search is large, and loaded when a reader searches.
    vite: { build: { chunkSizeWarningLimit: 8192 } },
    markdown: {
        anchor: { slugify },
        headers: { slugify },
        toc: { slugify },
        config: md => {
            md.core.ruler.push('gantry-links', state => followLinks(state.tokens, state.env.relativePath));
            for (const rule of ['text', 'code_inline'])
                md.renderer.rules[rule] = withoutTemplates(md.renderer.rules[rule]);
        },
    },
    // The address of the source, for "edit this page".
    transformPageData: data => ({ filePath: sources.get(data.relativePath) ?? data.filePath }),
    themeConfig: {
        logo: '/icon.svg',
        nav: roles.filter(role => role.text && !['Windows', 'Inside'].includes(role.title))
            .map(role => ({ text: role.title, items: role.items.map(item) })),
        sidebar: roles.map((role, index) => ({ text: role.title, collapsed: index > 0, items: role.items.map(item) })),
        outline: [2, 3],
        search: { provider: 'local' },
        editLink: editPattern && { pattern: editPattern, text: 'Edit this page' },
        socialLinks: repositoryAddress?.includes('github.com') ? [{ icon: 'github', link: repositoryAddress }] : [],
    },
});

// Pages are text, and no templates of Vue.
function withoutTemplates(render) {
    return (...args) => render(...args).replaceAll('{{', '&#123;&#123;');
}

// Links are those of the repository, for readers of the files. Here they lead to pages, or to the repository, or are text.
function followLinks(tokens, page) {
    const source = sources.get(page);
    if (!source)
        return;
    for (const token of tokens) {
        let isText = false;
        let title;
        for (const child of token.children ?? []) {
            if (child.type === 'image')
                child.attrSet('src', resolve(source, child.attrGet('src')));
            if (child.type === 'link_open') {
                const address = resolve(source, child.attrGet('href'));
                isText = address === null;
                const isFile = /^\/.+\.json$/.test(address ?? '');
                child.attrSet('href', isFile ? base + address.slice(1) : address ?? '');
                title = titleOf(address);
                // Not a page: the browser loads it.
                if (isFile)
                    child.attrSet('target', '_self');
            }
            // A file that is named by its name is a page that has a title.
            if (title && child.type === 'text' && /^[\w./-]+\.md$/.test(child.content))
                child.content = title;
            title = child.type === 'link_close' ? undefined : title;
            if (isText && child.type.startsWith('link_')) {
                isText = child.type === 'link_open';
                child.type = 'text';
                child.tag = '';
                child.content = '';
            }
        }
    }
}
