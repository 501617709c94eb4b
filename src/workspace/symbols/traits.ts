import type { Trait } from './facts.ts';

/** What is read of a call's arguments. Characters. */
const LOOKED_AT = 400;
const ARGUMENTS = new Set(['add_argument', 'option', 'argument', 'DEFINE_integer', 'DEFINE_float', 'DEFINE_string']);
const READS =
  /^(read_(csv|table|json|parquet|excel|feather|hdf|pickle)|load(txt|_dataset|_npz|_file)?|genfromtxt|open|fopen|read\.csv|imread|ImageFolder|fromfile)$/;
const SEEDS = new Set([
  'seed',
  'manual_seed',
  'manual_seed_all',
  'seed_everything',
  'set_seed',
  'default_rng',
  'RandomState',
]);
const PRINTS = new Set([
  'print',
  'log',
  'info',
  'log_metric',
  'log_metrics',
  'add_scalar',
  'echo',
  'write',
  'dumps',
  'dump',
]);
const METRIC =
  /\b(acc(?:uracy)?|loss|f1(?:_score)?|auc|roc|precision|recall|rmse|mae|mse|r2|bleu|rouge|perplexity|ppl|spearman|pearson|iou|dice|map|ndcg|score|error|wer|cer|val(?:id)?_\w+)\b/i;

/** What a call says of an experiment, read off the text behind its name: arguments, data, seeds, printed metrics.
 *  @param start where the name begins */
export function traitsOfCall(name: string, source: string, start: number): Omit<Trait, 'line'>[] {
  const kind = kindOf(name);
  if (kind === null) return [];
  const inside = argumentsText(source, start + name.length);
  if (inside === '') return [];
  if (kind === 'argument') {
    const flag = /["'](-{0,2}[A-Za-z][\w-]*)["'](?:\s*,\s*["'](--?[\w-]+)["'])*/.exec(inside);
    const known = flag?.[2] ?? flag?.[1];
    const given = /default\s*=\s*([^,)\n]+)/.exec(inside)?.[1]?.trim();
    return known === undefined ? [] : [{ kind, text: given === undefined ? known : `${known} = ${given}` }];
  }
  if (kind === 'data') {
    const path = /["']([^"'\n]*[./][^"'\n]*)["']/.exec(inside)?.[1];
    return path === undefined || path.length > 200 ? [] : [{ kind, text: path }];
  }
  if (kind === 'metric' && !METRIC.test(inside)) return [];
  return [{ kind, text: inside.replace(/\s+/g, ' ').slice(0, 120) }];
}

/** Names are few and calls are many. */
function kindOf(name: string): Trait['kind'] | null {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const kind = kindOfName(name);
  if (kinds.size > 50_000) kinds.clear();
  kinds.set(name, kind);
  return kind;
}
const kinds = new Map<string, Trait['kind'] | null>();

function kindOfName(name: string): Trait['kind'] | null {
  if (PRINTS.has(name)) return 'metric';
  if (ARGUMENTS.has(name)) return 'argument';
  if (SEEDS.has(name)) return 'seed';
  return READS.test(name) ? 'data' : null;
}

/** The text between a call's parentheses, cut where it is long. */
function argumentsText(source: string, from: number): string {
  if (source.charAt(from) !== '(') return '';
  let depth = 0;
  const last = Math.min(source.length, from + LOOKED_AT);
  for (let at = from; at < last; at += 1) {
    const char = source.charCodeAt(at);
    if (char === 40) depth += 1;
    else if (char === 41 && --depth === 0) return source.slice(from + 1, at);
  }
  return source.slice(from + 1, last);
}
