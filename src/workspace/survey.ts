import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { listFiles } from './listFiles.ts';
import { readText } from './readText.ts';
import { type ScriptFacts, scriptFacts } from './scriptFacts.ts';

export interface SurveyedScript extends ScriptFacts {
  readonly path: string;
  readonly text: string;
}

/** A file of data, with its columns where it is a table with a head. */
export interface SurveyedTable {
  readonly path: string;
  readonly columns: readonly string[];
  readonly role: 'train' | 'test' | 'labels' | 'other';
}

/** What a workspace has that an experiment could be made of. */
export interface Survey {
  /** Programs that train or predict, the likeliest first. */
  readonly scripts: readonly SurveyedScript[];
  /** Programs that score. */
  readonly evaluators: readonly SurveyedScript[];
  readonly notebooks: readonly string[];
  readonly tables: readonly SurveyedTable[];
  /** The interpreter's folder, such as `.venv`, and the files that say what is installed. */
  readonly environment: { readonly folder: string | null; readonly lists: readonly string[] };
  /** Folders of models and data sets outside the workspace that its imports read, and that are there. */
  readonly caches: readonly { readonly folder: string; readonly because: string }[];
  /** First sentence of the README. */
  readonly about: string | null;
  readonly paths: readonly string[];
}

const DATA = /\.(csv|tsv|jsonl|json|npz|npy|parquet|txt|arff|h5)$/i;
const NOT_DATA = /(?:^|\/)(?:requirements[^/]*|readme|license|package(?:-lock)?|tsconfig|setup|mlr)\b[^/]*$/i;
const LIKELY = /(?:^|\/)(?:train|main|run|experiment|fit|model|pipeline)\w*\.py$/i;
const EVALUATOR = /(?:^|\/)(?:eval|evaluate|evaluation|score|scoring)\w*\.py$/i;
const UNLIKELY = /(?:^|\/)(?:tests?\/|test_|setup\.py|conftest|docs?\/|__init__|conf\.py|utils?\b|baseline_only)/i;
const LISTS = /^(?:requirements[\w.-]*\.txt|environment\.ya?ml|pyproject\.toml|uv\.lock|poetry\.lock|Pipfile)$/;
/** Where libraries keep what they download. */
const CACHES: readonly [string[], string][] = [
  [['transformers', 'datasets', 'huggingface_hub', 'sentence_transformers'], '.cache/huggingface'],
  [['torchvision', 'torch', 'timm'], '.cache/torch'],
  [['sklearn'], 'scikit_learn_data'],
  [['nltk'], 'nltk_data'],
  [['keras', 'tensorflow'], '.keras'],
];

/** Looks at a workspace; starts nothing and imports nothing of it.
 *  @param root the workspace folder */
export async function survey(root: string): Promise<Survey> {
  const { files } = await listFiles(root);
  const paths = files.map(({ path }) => path);
  const python = files.filter(({ path, bytes }) => path.endsWith('.py') && !UNLIKELY.test(path) && bytes < 200_000);
  const scripts: SurveyedScript[] = [];
  for (const { path } of python.slice(0, 60)) {
    const read = await readText(root, path);
    if (read.ok) scripts.push({ path, text: read.text, ...(await scriptFacts(read.text)) });
  }
  const programs = scripts.filter((script) => script.isProgram);
  const learners = programs.filter(({ path }) => !EVALUATOR.test(path) && !/trivial/i.test(path));
  return {
    scripts: learners.sort((a, b) => likelihood(b) - likelihood(a)),
    evaluators: programs.filter(({ path }) => EVALUATOR.test(path)),
    notebooks: paths.filter((path) => path.endsWith('.ipynb')),
    tables: await tablesOf(root, paths),
    environment: {
      folder: ['.venv', 'venv', 'env'].find((name) => existsSync(join(root, name, 'bin', 'python'))) ?? null,
      lists: paths.filter((path) => LISTS.test(path)),
    },
    caches: cachesOf(scripts),
    about: await aboutOf(root, paths),
    paths,
  };
}

function likelihood({ path, options, scores, style, seeds }: SurveyedScript): number {
  const named = options.filter(({ flag }) => /seed|out/.test(flag)).length;
  return (
    (LIKELY.test(path) ? 4 : 0) +
    named +
    (style === 'plain' ? 0 : 2) +
    (scores.length > 0 ? 1 : 0) +
    (seeds.length > 0 ? 1 : 0)
  );
}

/** Files of a workspace that, by their names, hold the truth of its test set: what a contract would hide. */
export async function likelyHidden(root: string): Promise<SurveyedTable[]> {
  const { files } = await listFiles(root);
  const tables = await tablesOf(
    root,
    files.map(({ path }) => path),
  );
  return tables.filter(({ role }) => role === 'labels');
}

async function tablesOf(root: string, paths: readonly string[]): Promise<SurveyedTable[]> {
  const tables: SurveyedTable[] = [];
  for (const path of paths.filter((name) => DATA.test(name) && !NOT_DATA.test(name)).slice(0, 40)) {
    const read = /\.(csv|tsv)$/i.test(path) ? await readText(root, path, { mostBytes: 16_384 }) : null;
    const head = read?.ok ? (read.text.split(/\r?\n/)[0] ?? '') : '';
    const columns = head.split(path.endsWith('.tsv') ? '\t' : ',').map((name) => name.trim().replace(/^"|"$/g, ''));
    const isHead = head !== '' && columns.every((name) => name !== '' && Number.isNaN(Number(name)));
    tables.push({ path, columns: isHead ? columns : [], role: roleOf(path) });
  }
  return tables;
}

/** By the beginnings of words, so that `latest` is no test set. */
function roleOf(path: string): SurveyedTable['role'] {
  const name = basename(path);
  const isTest = /(?<![a-z])(?:test|eval|held[-_]?out)/i.test(name);
  if (isTest && /label|truth|target|gold|answer|solution|(?<![a-z])y(?![a-z])/i.test(name)) return 'labels';
  if (isTest) return 'test';
  return /(?<![a-z])train/i.test(name) ? 'train' : 'other';
}

function cachesOf(scripts: readonly SurveyedScript[]): { folder: string; because: string }[] {
  return CACHES.flatMap(([modules, folder]) => {
    const user = scripts.find(({ imports }) => imports.some((name) => modules.includes(name)));
    const module = user?.imports.find((name) => modules.includes(name));
    if (!user || !existsSync(join(homedir(), folder))) return [];
    return [{ folder: `~/${folder}`, because: `${user.path} imports ${module}` }];
  });
}

/** The README's first sentence. */
export async function aboutOf(root: string, paths: readonly string[]): Promise<string | null> {
  const readme = paths.find((path) => /^readme(\.\w+)?$/i.test(path));
  const read = readme === undefined ? null : await readText(root, readme, { mostBytes: 8192 });
  const words = read?.ok ? read.text.split('\n').filter((line) => /^[A-Za-z]/.test(line)) : [];
  const sentence = /^.*?[.!?](?=\s|$)/.exec(words.slice(0, 3).join(' '))?.[0] ?? words[0];
  return sentence?.trim().slice(0, 200) ?? null;
}

/** The module's name where a script lies in a package: `src/pkg/train.py` is `pkg.train`, below `src`. */
export function moduleOf(path: string, paths: readonly string[]): { module: string; root: string } | null {
  let top = dirname(path);
  if (!paths.includes(join(top, '__init__.py'))) return null;
  while (paths.includes(join(dirname(top), '__init__.py'))) top = dirname(top);
  const root = dirname(top);
  const within = root === '.' ? path : path.slice(root.length + 1);
  return { module: within.replace(/\.py$/, '').replaceAll('/', '.'), root };
}
