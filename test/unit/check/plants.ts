/** A violation to plant in a copy of the project, and how the check must name it. */
export type Plant = {
  step: 'types' | 'lint' | 'layering' | 'house' | 'unused';
  /** What the check prints as the rule. */
  rule: string;
  /** The file that must be named. Written with `text`, unless `text` is absent. */
  file: string;
  text?: string;
  /** Other files that it takes. */
  also?: Record<string, string>;
  /** A change to a file that the copy has already: what stands there, and what shall stand there. */
  edit?: { file: string; find: string; put: string };
  /** For types: the option of tsconfig.json that finds it. */
  option?: string;
};

export const plants: readonly Plant[] = [
  ...typePlants(),
  ...lintPlants(),
  ...layerPlants(),
  ...housePlants(),
  ...unusedPlants(),
];

function typePlants(): Plant[] {
  const plant = (option: string, rule: string, text: string): Plant => ({
    step: 'types',
    option,
    rule,
    file: `src/domain/planted-${option}.ts`,
    text,
  });
  return [
    plant('strict', 'TS2322', 'export const planted: string = null;\n'),
    plant('noUncheckedIndexedAccess', 'TS2322', 'export const planted = (list: string[]): string => list[0];\n'),
    plant('exactOptionalPropertyTypes', 'TS2375', 'export const planted: { a?: string } = { a: undefined };\n'),
    plant('noImplicitOverride', 'TS4114', 'class A { m(): void {} }\nexport class B extends A { m(): void {} }\n'),
    plant(
      'noFallthroughCasesInSwitch',
      'TS7029',
      'export function planted(n: number): number {\n  let m = 0;\n  switch (n) {\n    case 1: m = 1;\n    case 2: m = 2; break;\n  }\n  return m;\n}\n',
    ),
    plant('noImplicitReturns', 'TS7030', 'export function planted(n: number) {\n  if (n > 1) return n;\n}\n'),
    plant('noUnusedLocals', 'TS6133', 'const planted = 1;\nexport const other = 2;\n'),
    plant('noUnusedParameters', 'TS6133', 'export const planted = (n: number): number => 1;\n'),
    plant('verbatimModuleSyntax', 'TS1484', "import { PathLike } from 'node:fs';\nexport type Planted = PathLike;\n"),
    plant('erasableSyntaxOnly', 'TS1294', 'export enum Planted { A }\n'),
    {
      step: 'types',
      rule: 'no-floating-promises',
      file: 'src/domain/planted-promise.ts',
      text: "import { rm } from 'node:fs/promises';\nrm('planted');\n",
    },
  ];
}

function lintPlants(): Plant[] {
  const plant = (rule: string, text: string, name = `planted-${rule.split('/').at(-1)}.ts`): Plant => ({
    step: 'lint',
    rule: /^(format|assist)/.test(rule) ? rule : `lint/${rule}`,
    file: `src/domain/${name}`,
    text,
  });
  const lines = (count: number, line: string): string => `${line}\n`.repeat(count);
  const branches = (depth: number): string =>
    depth === 0 ? 'return 1;' : `if (a > ${depth}) { ${branches(depth - 1)} } else { a += ${depth}; }`;
  return [
    plant('format', 'export const planted   =  1\n'),
    plant(
      'assist/source/organizeImports',
      "import { a } from './a.ts';\nimport { z } from 'zod';\nexport const planted = [z, a];\n",
      'planted-organizeImports.ts',
    ),
    plant('suspicious/noDebugger', 'debugger;\n'),
    plant(
      'complexity/noExcessiveCognitiveComplexity',
      `export function planted(n: number): number {\n  let a = n;\n  ${branches(7)}\n  return a;\n}\n`,
    ),
    plant(
      'complexity/noExcessiveLinesPerFunction',
      `export function planted(): number {\n  let a = 1;\n${lines(70, '  a += 1;')}  return a;\n}\n`,
    ),
    plant('complexity/noForEach', 'export const planted = (a: number[]): void => a.forEach((b) => { String(b); });\n'),
    plant(
      'complexity/useMaxParams',
      'export function planted(a: 1, b: 1, c: 1, d: 1, e: 1, f: 1): number {\n  return a + b + c + d + e + f;\n}\n',
    ),
    plant('correctness/noUnusedImports', "import { z } from 'zod';\nexport const planted = 1;\n"),
    plant('correctness/noUnusedVariables', 'const planted = 1;\nexport const other = 2;\n'),
    plant('correctness/noUnusedFunctionParameters', 'export function planted(a: number): number {\n  return 1;\n}\n'),
    plant('correctness/useImportExtensions', "import { version } from './version';\nexport const planted = version;\n"),
    plant('performance/noBarrelFile', "export { version } from './version.ts';\n"),
    plant('performance/noReExportAll', "export * from './version.ts';\n"),
    plant('style/noCommonJs', "export const planted = require('zod');\n"),
    plant('style/noDefaultExport', 'export default 1;\n'),
    plant('style/noEnum', 'export enum Planted {\n  A = 1,\n}\n'),
    plant('style/noExcessiveLinesPerFile', lines(310, "String('planted');")),
    plant('style/noNamespace', 'export namespace Planted {\n  export const a = 1;\n}\n'),
    plant('style/noNestedTernary', 'export const planted = (a: number): number => (a > 1 ? 1 : a > 0 ? 2 : 3);\n'),
    plant('style/noNonNullAssertion', 'export const planted = (a?: string): string => a!;\n'),
    plant('style/noParameterAssign', 'export function planted(a: number): number {\n  a = 2;\n  return a;\n}\n'),
    plant('style/noParameterProperties', 'export class Planted {\n  constructor(readonly a: number) {}\n}\n'),
    plant('style/useExportType', "import type { ZodType } from 'zod';\nexport { ZodType };\n"),
    plant('style/useFilenamingConvention', 'export const planted = 1;\n', 'planted-name.ts'),
    plant('style/useImportType', "import { ZodType } from 'zod';\nexport type Planted = ZodType;\n"),
    plant('style/useNodejsImportProtocol', "import { join } from 'path';\nexport const planted = join;\n"),
    plant('style/useThrowNewError', "export function planted(): never {\n  throw Error('no');\n}\n"),
    plant('style/useThrowOnlyError', "export function planted(): never {\n  throw 'no';\n}\n"),
    plant('suspicious/noConsole', 'console.log(1);\n'),
    plant('suspicious/noEmptyBlockStatements', 'export function planted(): void {}\n'),
    plant('suspicious/noEvolvingTypes', 'let planted;\nplanted = 1;\nexport const other = planted;\n'),
    plant('suspicious/noExplicitAny', 'export const planted = (a: any): number => a;\n'),
    plant('suspicious/noFocusedTests', "it.only('planted', () => String(1));\n"),
    plant(
      'suspicious/noImportCycles',
      "import { other } from './planted-otherHalf.ts';\nexport const planted = (): number => other();\n",
    ),
    plant(
      'suspicious/noImportCycles',
      "import { planted } from './planted-noImportCycles.ts';\nexport const other = (): number => planted();\n",
      'planted-otherHalf.ts',
    ),
    plant('suspicious/noSkippedTests', "it.skip('planted', () => String(1));\n"),
    plant('suspicious/noTsIgnore', '// @ts-ignore\nexport const planted: string = 1;\n'),
    plant('suspicious/noVar', 'export var planted = 1;\n'),
    plant('suspicious/useErrorMessage', 'export function planted(): never {\n  throw new Error();\n}\n'),
    plant('nursery/noIdenticalTestTitle', "it('planted', () => String(1));\nit('planted', () => String(2));\n"),
    plant(
      'nursery/useExhaustiveSwitchCases',
      "export function planted(a: 'x' | 'y'): void {\n  switch (a) {\n    case 'x':\n      String(1);\n  }\n}\n",
    ),
  ];
}

function layerPlants(): Plant[] {
  const forbidden: Record<string, string> = {
    domain: 'git',
    git: 'runs',
    models: 'papers',
    papers: 'models',
    data: 'git',
    workspace: 'git',
    changes: 'runs',
    runs: 'evidence',
    evidence: 'changes',
    agents: 'session',
    session: 'engine',
    engine: 'agents',
    cli: 'session',
    vscode: 'cli',
    webview: 'session',
  };
  const plant = (rule: string, file: string, text: string): Plant => ({ step: 'layering', rule, file, text });
  const imports = (from: string): string => `import { planted } from '${from}';\nexport const other = planted;\n`;
  return [
    ...Object.entries(forbidden).map(([folder, target]) =>
      plant(`${folder}-layer`, `src/${folder}/planted-layer.ts`, imports(`../${target}/planted-layer.ts`)),
    ),
    plant(
      'webview-messages',
      'src/webview/messages.ts',
      "import type { other } from '../runs/planted-layer.ts';\nexport type A = typeof other;\n",
    ),
    plant(
      'webview-messages-types-only',
      'src/webview/messages.ts',
      "import type { other } from '../runs/planted-layer.ts';\nimport { version } from '../domain/version.ts';\nexport type A = typeof other;\nexport const b = version;\n",
    ),
    plant(
      'webview-in-the-browser',
      'src/webview/planted-node.ts',
      "import { join } from 'node:path';\nexport const planted = join;\n",
    ),
    plant(
      'vscode-only-in-vscode',
      'src/session/planted-vscode.ts',
      "import type { Uri } from 'vscode';\nexport type Planted = Uri;\n",
    ),
    plant(
      'git-only-in-git',
      'src/runs/planted-git.ts',
      "import { simpleGit } from 'simple-git';\nexport const planted = simpleGit;\n",
    ),
    plant(
      'domain-knows-zod-alone',
      'src/domain/planted-file.ts',
      "import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n",
    ),
    plant(
      'thinking-starts-nothing',
      'src/agents/planted-process.ts',
      "import { spawn } from 'node:child_process';\nexport const planted = spawn;\n",
    ),
    {
      ...plant('no-cycles', 'src/papers/planted-a.ts', imports('./planted-b.ts')),
      also: {
        'src/papers/planted-b.ts':
          "import { other } from './planted-a.ts';\nexport const planted = (): unknown => other;\n",
      },
    },
    {
      ...plant('product-knows-no-tests', 'src/papers/planted-test.ts', imports('../../test/planted.ts')),
      also: { 'test/planted.ts': 'export const planted = 1;\n' },
    },
    plant('resolvable', 'src/papers/planted-nowhere.ts', imports('./nowhere.ts')),
  ];
}

function housePlants(): Plant[] {
  const plant = (rule: string, file: string, text: string): Plant => ({ step: 'house', rule, file, text });
  return [
    plant('no-leftovers', 'src/papers/planted-leftover.ts', '// TODO: more\n'),
    plant('no-silenced-types', 'src/papers/planted-silence.ts', '// @ts-expect-error\nconst a: string = 1;\n'),
    plant('no-swallowed-errors', 'src/papers/planted-catch.ts', 'try {\n  String(1);\n} catch {\n  // never mind\n}\n'),
    plant(
      'no-swallowed-errors',
      'src/papers/planted-promise.ts',
      'export const planted = Promise.reject(new Error()).catch(() => {});\n',
    ),
    plant(
      'error-keeps-its-cause',
      'src/papers/planted-cause.ts',
      'try {\n  String(1);\n} catch (error) {\n  throw new Error((error as Error).message);\n}\n',
    ),
    plant(
      'git-starts-in-git',
      'src/runs/planted-git.ts',
      "import { execFileSync } from 'node:child_process';\nexecFileSync('git', ['status']);\n",
    ),
    plant('waits-by-a-steady-clock', 'src/runs/planted-clock.ts', 'export const deadline = Date.now() + 1000;\n'),
    plant('no-vague-names', 'src/papers/utils.ts', 'export const planted = 1;\n'),
    plant('no-vague-names', 'src/papers/index.ts', 'export const planted = 1;\n'),
    plant('no-vague-names', 'src/papers/helpers/planted.ts', 'export const planted = 1;\n'),
  ];
}

function unusedPlants(): Plant[] {
  const plant = (rule: string, name: string, text: string): Plant => ({
    step: 'unused',
    rule,
    file: `src/cli/planted-${name}.ts`,
    text,
  });
  const imported = (rule: string, name: string, text: string): Plant => ({
    ...plant(rule, name, text),
    edit: { file: 'src/cli/main.ts', find: '', put: `import './planted-${name}.ts';\n` },
  });
  const declared = (rule: string, find: string, put: string): Plant => ({
    step: 'unused',
    rule,
    file: 'package.json',
    edit: { file: 'package.json', find, put },
  });
  return [
    plant('files', 'file', 'export const planted = 1;\n'),
    imported('exports', 'export', 'export const planted = 1;\n'),
    imported('types', 'type', 'export type Planted = 1;\n'),
    imported('duplicates', 'twice', 'export const planted = 1;\nexport const again = planted;\n'),
    imported('unresolved', 'nowhere', "import './nowhere.ts';\n"),
    imported('unlisted', 'package', "import { planted } from 'undeclared-package';\nplanted();\n"),
    declared('devDependencies', '"devDependencies": {', '"devDependencies": {\n    "undeclared-nowhere": "1.0.0",'),
    declared('binaries', '"scripts": {', '"scripts": {\n    "planted": "undeclared-program",'),
  ];
}
