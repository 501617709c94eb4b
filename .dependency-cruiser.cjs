/**
 * The import rules of the house (CONTRIBUTING.md, "Who may import whom"), as dependency-cruiser reads them.
 * test/unit/check plants one violation of each and sees it found, and fails when a rule here has no plant.
 */

/** What each folder of src/ may import besides itself. Everything may import domain/. */
const mayImport = {
  domain: [],
  // Formats of data files, which whoever profiles them and whoever judges by them reads alike.
  data: [],
  git: [],
  models: [],
  papers: [],
  workspace: ['data'],
  changes: ['git'],
  runs: ['git'],
  evidence: ['runs', 'git', 'data'],
  agents: ['models', 'papers', 'workspace', 'changes', 'runs', 'evidence'],
  session: ['agents', 'models', 'papers', 'workspace', 'changes', 'runs', 'evidence', 'git'],
  // Besides sessions: requests that need none (read a paper, search the code, follow a run, examine the machine).
  engine: ['session', 'papers', 'workspace', 'runs', 'git'],
  cli: ['engine'],
  vscode: ['engine'],
  webview: [],
};

/** The only file of the page that may name the engine's or the domain's types, and only as types. */
const pageMessages = '^src/webview/messages\\.ts$';

const layers = Object.entries(mayImport)
  .filter(([folder]) => folder !== 'webview')
  .map(([folder, allowed]) => ({
    name: `${folder}-layer`,
    comment: `src/${folder}/ may import only ${['domain', ...allowed].map((name) => `src/${name}/`).join(', ')}`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: {
      path: '^src/',
      pathNot: [`^src/(${[folder, 'domain', ...allowed].join('|')})/`, ...(folder === 'vscode' ? [pageMessages] : [])],
    },
  }));

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'webview-layer',
      comment: 'the page knows nothing but its own files; engine and domain types come through src/webview/messages.ts',
      severity: 'error',
      from: { path: '^src/webview/', pathNot: pageMessages },
      to: { path: '^src/', pathNot: '^src/webview/' },
    },
    {
      name: 'webview-messages',
      comment: 'src/webview/messages.ts may name types of src/engine/ and src/domain/, nothing else',
      severity: 'error',
      from: { path: pageMessages },
      to: { path: '^src/', pathNot: '^src/(webview|engine|domain)/' },
    },
    {
      name: 'webview-messages-types-only',
      comment: 'what src/webview/messages.ts takes from outside the page it takes with `import type`',
      severity: 'error',
      from: { path: pageMessages },
      to: { path: '^src/(engine|domain)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'webview-in-the-browser',
      comment: "the page runs in a browser, which has none of Node's modules",
      severity: 'error',
      from: { path: '^src/webview/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'vscode-only-in-vscode',
      comment: 'the module `vscode` exists only in the extension host: src/vscode/ and the suites that run there',
      severity: 'error',
      from: { pathNot: '^(src/vscode|test/in-host)/' },
      to: { path: '(^vscode$|^node_modules/@types/vscode/)' },
    },
    {
      name: 'git-only-in-git',
      comment: 'src/git/ is the one place that starts git',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/git/' },
      to: { path: '^(node_modules/)?simple-git(/|$)' },
    },
    {
      name: 'domain-knows-zod-alone',
      comment:
        'src/domain/ holds nouns: no package but zod, none of Node, no file outside but the version in package.json',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^(src/domain/|(node_modules/)?zod(/|$)|package\\.json$)' },
    },
    {
      name: 'thinking-starts-nothing',
      comment: 'models, papers, agents, changes and evidence start no process; src/runs/ and src/git/ do',
      severity: 'error',
      from: { path: '^src/(models|papers|agents|changes|evidence)/' },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'no-cycles',
      comment: 'modules that need each other are one module, or need a third',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'product-knows-no-tests',
      comment: 'src/ imports nothing of test/ or scripts/',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'resolvable',
      comment: 'an import must lead somewhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    preserveSymlinks: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
    externalModuleResolutionStrategy: 'node_modules',
  },
};
