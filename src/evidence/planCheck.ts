import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Check } from '../domain/evidence.ts';
import { inRun, runFolder } from '../runs/runFolder.ts';
import { allArms, type CheckRequest, notRun, resultsOf } from './checkRequest.ts';
import { filesOf, inputsOf } from './inputFiles.ts';

const NAME = 'plan-match';

/** What a plan is compared with. */
export interface Measured {
  /** Variants beside the baseline. */
  readonly variants: number;
  /** Names of the contract's metrics. */
  readonly metrics: readonly string[];
  /** Every file that an arm holds, reads or writes; compared by its last part. */
  readonly files: readonly string[];
}

/** Arms, data sets and metrics that the session's plan names ran. The plan is read by rules, without a model: it takes
 *  a file's name, a metric's usual name, a number of arms, or the word ablation for a promise. */
export async function checkPlan(request: CheckRequest): Promise<Check[]> {
  const { plan, registration, contract } = request;
  if (plan === undefined || plan.length === 0) return notRun(NAME, 'doubt', 'this session has no plan');
  const lacking = missingFromPlan(plan, {
    variants: registration.variants.length,
    metrics: Object.keys(contract.metrics),
    files: await filesOfArms(request),
  });
  const detail =
    lacking.length === 0
      ? 'every data set, metric and arm that the plan names was run'
      : `said in other words, or left out? The plan names ${lacking.join(', ')}`;
  return [{ name: NAME, kind: 'doubt', passed: lacking.length === 0, detail }];
}

/** In words, what a plan names and a measurement did not run. */
export function missingFromPlan(plan: readonly string[], measured: Measured): string[] {
  const text = plan.join('\n');
  return [...dataSets(text, measured), ...metrics(text, measured), ...arms(text, measured)];
}

const DATA_FILE = /(?<![\w./-])[\w./-]*[\w-]\.(?:csv|tsv|jsonl|ndjson|json|parquet|arrow|npz|npy|hdf5|h5)\b/gi;
const DATA_FOLDER = /(?<![\w./-])(?:data|datasets?)\/[\w./-]*\w/gi;

function dataSets(text: string, { files }: Measured): string[] {
  const known = new Set(files.flatMap((path) => path.toLowerCase().split('/')));
  const named = [...text.matchAll(DATA_FILE), ...text.matchAll(DATA_FOLDER)].map(([name]) => name);
  const unknown = [...new Set(named)].filter((name) => !known.has(basename(name).toLowerCase()));
  return unknown.map((name) => `the data ${name}, which no arm has`);
}

/** Usual names of metrics, and the words that stand for them, without their spaces and signs. */
const METRICS: Readonly<Record<string, RegExp>> = {
  accuracy: /\baccurac(?:y|ies)\b/i,
  f1: /\b(?:macro|micro|weighted)?[- ]?f1\b/i,
  auc: /\b(?:roc[- ]?)?auc\b|\bauroc\b/i,
  rmse: /\brmse\b|\broot[- ]mean[- ]squared?[- ]error\b/i,
  mae: /\bmae\b|\bmean absolute error\b/i,
  r2: /\br2\b|\br²/i,
  bleu: /\bbleu\b/i,
  rouge: /\brouge\b/i,
  spearman: /\bspearman\b/i,
  pearson: /\bpearson\b/i,
  perplexity: /\bperplexity\b/i,
  precision: /\bprecision(?=@| at \d| (?:and|or) recall)/i,
  recall: /\brecall\b/i,
};

function metrics(text: string, { metrics: own }: Measured): string[] {
  const plain = own.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const known = (name: string, words: RegExp): boolean =>
    plain.some((one) => one.includes(name)) || own.some((one) => words.test(one.replace(/[_-]/g, ' ')));
  return Object.entries(METRICS)
    .filter(([name, words]) => words.test(text) && !known(name, words))
    .map(([name]) => `the metric ${name}, where mlr.yaml has ${own.join(', ')}`);
}

const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const COUNTED = new RegExp(`\\b(\\d{1,2}|${NUMBERS.join('|')}) (variants|arms)\\b`, 'gi');

function arms(text: string, { variants }: Measured): string[] {
  const counted = [...text.matchAll(COUNTED)].flatMap(([words, count = '', what = '']): string[] => {
    const promised = NUMBERS.includes(count.toLowerCase()) ? NUMBERS.indexOf(count.toLowerCase()) : Number(count);
    const ran = what.toLowerCase() === 'arms' ? variants + 1 : variants;
    return promised > ran ? [`${words}, of which ${ran} ran`] : [];
  });
  const ablated = /\bablat(?:e|es|ion|ions|ing)\b/i.test(text) && variants < 2;
  return [...counted, ...(ablated ? ['an ablation, where one variant ran'] : [])];
}

async function filesOfArms(request: CheckRequest): Promise<string[]> {
  const { repository, contract, arms: found, workspace } = request;
  const trees = [...new Set(allArms(request).map(({ tree }) => tree))];
  const tracked = (await Promise.all(trees.map((tree) => repository.listFiles(tree)))).flat().map(({ path }) => path);
  const inputs = inputsOf(request, found.evaluator);
  const read = (await filesOf([...inputs, ...found.concealed])).map(({ name }) => name);
  const [run] = allArms(request).flatMap((arm) => resultsOf(request, arm).flatMap(({ runs }) => runs));
  const written = run ? await readdir(inRun.out(runFolder(workspace, run.id))).catch(() => []) : [];
  const commands = [contract.run, contract.evaluate, contract.predictions?.file ?? ''].flatMap((one) =>
    one.split(/\s/),
  );
  return [...tracked, ...inputs.map(({ as }) => as), ...read, ...written, ...commands];
}
