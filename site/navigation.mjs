// The pages by role. A page that does not exist yet is left out, and a page that is not listed here is under "Further".
import { pages } from './sources.mjs';

const groups = [
    { title: 'Start', text: 'From nothing to your own service.', items: [
        ['overview', 'What Gantry is'], ['five-minutes', 'Five minutes'], ['tutorials/new-application', 'Tutorial: a new application'],
        ['tutorials/existing-nuke-build', 'Tutorial: an existing NUKE build'],
        ['tutorials/existing-repository', 'Tutorial: an existing repository'], ['own-application', 'Your own application'],
        ['concepts', 'Concepts'], ['comparison', 'Comparison'], ['faq', 'Questions and answers'],
    ] },
    { title: 'Developer', text: 'Build an image, promote it, find out what went wrong.', items: [
        ['how-to', 'How to'], ['troubleshooting', 'Troubleshooting'], ['images', 'Images'], ['docker', 'Docker'],
        ['extending', 'Gates and deployments of your own'], ['samples', 'Samples'],
    ] },
    { title: 'Platform engineer', text: 'Registries, pipelines, deployments, and moving from what you have.', items: [
        ['migration-docker-task', 'From Docker@2 tasks'], ['migration-classic-releases', 'From classic releases'],
        ['registries', 'Registries'], ['pipelines', 'Azure Pipelines'], ['azure', 'Azure'], ['github', 'GitHub Actions'],
        ['deployment', 'Deployments'], ['cli', 'The command line'], ['copying', 'Copying'], ['sync', 'Synchronizing'],
        ['promoting', 'Promoting without the build'],
        ['notifications', 'Notifications'], ['telemetry', 'Telemetry'], ['base-image-updates', 'Updates of base images'],
        ['pruning', 'Pruning'],
        ['closed-feeds', 'Closed feeds'],
    ] },
    { title: 'On call', text: 'What runs where, what changed, and how to go back.', items: [
        ['on-call', 'On call'], ['seeing', 'What runs where'], ['going-back', 'Going back'],
        ['diagnostics', 'Every error and its remedy'], ['reference/codes', 'Index of codes'],
    ] },
    { title: 'Security', text: 'What is proven, what is trusted, and how to verify it.', items: [
        ['security', 'Security'], ['signing', 'Signing'], ['verification', 'Verification'], ['promises', 'Promises and their tests'],
        ['dependencies', 'Dependencies'], ['limits', 'Limits'], ['reporting', 'Reporting a vulnerability'],
    ] },
    { title: 'Windows', text: 'Start scripts, paths, line endings, WSL.', items: [['windows', 'Windows']] },
    { title: 'Reference', text: 'Targets, parameters, exit codes, formats.', items: [
        ['reference/targets', 'Targets'], ['reference/parameters', 'Parameters'], ['reference/exit-codes', 'Exit codes'],
        ['reference/schemas', 'JSON schemas'], ['packages/index', 'Packages'],
    ] },
    { title: 'Inside', text: 'How Gantry is made, and why.', items: [
        ['architecture', 'Architecture'], ['adr/index', 'Decisions'], ['contributing', 'Contributing'], ['bench', 'Benchmarks'],
        ['changelog', 'Changes'],
    ] },
];

// Made by stage.mjs.
const generated = new Set(['reference/codes', 'reference/schemas', 'adr/index', 'packages/index']);
const existing = new Set([...pages.values()].map(page => page.replace(/\.md$/, '')));
const listed = new Set(groups.flatMap(group => group.items.map(([page]) => page)));
const further = [...existing].filter(page => !listed.has(page) && !/^(adr|packages)\/|^index$/.test(page)).sort();

/** The groups, with the pages that exist. */
export const roles = [
    ...groups.map(group => ({ ...group, items: group.items.filter(([page]) => existing.has(page) || generated.has(page)) })),
    { title: 'Further', text: '', items: further.map(page => [page, undefined]) },
].filter(group => group.items.length > 0);
