import { posix } from 'node:path';
import type { Metric } from '../../workspace/scriptScores.ts';
import type { Survey, SurveyedScript } from '../../workspace/survey.ts';
import { clusterScript, evaluateScript, UNKNOWN_EVALUATION } from './evaluateScript.ts';
import type { TestData } from './testData.ts';

/** How a result is scored, and what has to be written for it. */
export interface EvaluationPlan {
  readonly command: string;
  readonly why: string;
  readonly metric: string;
  readonly goal: 'maximize' | 'minimize';
  readonly metricWhy: string;
  /** The program, where it does not exist yet. */
  readonly file: { readonly path: string; readonly text: string; readonly what: string } | null;
  readonly script: string;
  /** The predictions that it reads, below {out}. */
  readonly predictions: string | null;
  /** Whether it says how a result is judged, or a person has to. */
  readonly known: boolean;
}

const LOWER = /loss|error|rmse|mse|mae|perplexity|inertia|spread|seconds/i;

export function evaluationPlan(found: Survey, script: SurveyedScript | null, data: TestData): EvaluationPlan {
  const [own] = found.evaluators;
  if (own) return existing(own);
  const path = ['evaluate.py', 'evaluate_mlr.py'].find((name) => !found.paths.includes(name)) ?? 'mlr_evaluate.py';
  const base = { command: `python3 ${path} {out}`, script: path };
  const labels = data.labels ?? (data.inTest ? data.test : null);
  const score = script?.scores.at(-1);
  const predictions = predictionsOf(script, found);
  if (script && labels) {
    const metric: Metric = score?.metric ?? 'accuracy';
    const where = score ? `as line ${score.line} of ${script.path} does` : 'nothing in the workspace says how';
    return {
      ...base,
      ...{ metric, goal: LOWER.test(metric) ? 'minimize' : 'maximize', predictions, known: true },
      why: `Written by mlr init: it compares {out}/${predictions} with ${labels.path}, ${where}. Read it.`,
      metricWhy: score
        ? `${script.path} line ${score.line} computes it.`
        : 'A guess: check how your field scores this task.',
      file: {
        path,
        text: evaluateScript({ metric, predictions, labels: labels.path, column: data.column }),
        what: `scores a run's predictions by ${metric} against ${labels.path}`,
      },
    };
  }
  const [table] = data.others.length > 0 ? data.others : found.tables.filter(({ columns }) => columns.length > 0);
  if (script && table && /cluster|k_?means|centroid|mixture/i.test(script.text)) {
    const file = assignmentsOf(script, found);
    return {
      ...base,
      ...{ metric: 'spread', goal: 'minimize', predictions: file, known: true },
      why: `Written by mlr init: no file looks like labels, so it judges {out}/${file} by how far rows lie from the middle of their group. Read it.`,
      metricWhy:
        'Mean squared distance to the middle of the group. What the script prints about itself is never a metric.',
      file: { path, text: clusterScript(table.path, file), what: `scores the groups of a run against ${table.path}` },
    };
  }
  return unknown(base, path, script);
}

function unknown(
  base: { command: string; script: string },
  path: string,
  script: SurveyedScript | null,
): EvaluationPlan {
  const metric = script?.prints?.metric ?? 'score';
  const seen = script?.prints ? `${script.path} line ${script.prints.line} prints it` : 'nothing says what is measured';
  return {
    ...base,
    ...{ metric, goal: LOWER.test(metric) ? 'minimize' : 'maximize', predictions: null, known: false },
    why: 'To be written: nothing in the workspace says how a result is judged apart from the script that makes it.',
    metricWhy: `${seen[0]?.toUpperCase()}${seen.slice(1)}; rename it as you like.`,
    file: { path, text: UNKNOWN_EVALUATION, what: 'is to be filled: how a result is judged' },
  };
}

function existing(own: SurveyedScript): EvaluationPlan {
  const flags = own.options.map(({ flag }) => flag);
  const named = flags.find((flag) => /^--?(?:out|run|dir|result|output|pred)/i.test(flag));
  const value = named && /pred|file/i.test(named) ? '{out}/predictions.csv' : '{out}';
  const metric = /["'](\w+)["']\s*:/.exec(own.text.slice(Math.max(0, own.text.indexOf('json.dumps'))))?.[1];
  const printed = own.scores.at(-1)?.metric ?? own.prints?.metric ?? 'score';
  const isJson = own.text.includes('json.dumps');
  const name = isJson && metric ? metric : printed;
  return {
    command: `python3 ${own.path}${named ? ` ${named} ${value}` : ` ${value}`}`,
    why: `${own.path} is there already${isJson ? '' : '; it has to print one JSON object, such as {"accuracy": 0.9}, as its last line'}.`,
    ...{ metric: name, goal: LOWER.test(name) ? 'minimize' : 'maximize', predictions: null, known: true },
    metricWhy: `Seen in ${own.path}.`,
    file: null,
    script: own.path,
  };
}

/** The file that a script writes its predictions to: a table's name in its text that is no table of the workspace. */
function predictionsOf(script: SurveyedScript | null, found: Survey): string {
  return writtenBy(script, found, /pred|submission|answer|result/i) ?? 'predictions.csv';
}

function assignmentsOf(script: SurveyedScript, found: Survey): string {
  return writtenBy(script, found, /./) ?? 'clusters.csv';
}

/** The base name of a CSV that the script names and the workspace lacks. */
export function writtenBy(script: SurveyedScript | null, { tables }: Survey, like: RegExp): string | null {
  const known = new Set(tables.map(({ path }) => posix.basename(path)));
  const names = (script?.files ?? []).map(({ name }) => posix.basename(name));
  return names.find((name) => /\.(csv|tsv)$/i.test(name) && !known.has(name) && like.test(name)) ?? null;
}
