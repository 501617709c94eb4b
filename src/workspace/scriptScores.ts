import type { Node } from 'web-tree-sitter';

/** A place where a script compares what it predicted with the truth. */
export interface Score {
  readonly metric: Metric;
  /** The expressions, as they stand there. */
  readonly truth: string;
  readonly predicted: string;
  /** Lines of the whole statement, from 1, both ends included. */
  readonly line: number;
  readonly endLine: number;
  /** The name that the statement gives the score; null where it prints or returns it at once. */
  readonly result: string | null;
  /** Whether everything else that the function does with the result is to print it. */
  readonly onlyPrinted: boolean;
  /** Lines of those prints. */
  readonly prints: readonly { readonly line: number; readonly endLine: number }[];
}

/** Metrics that a separate evaluation can be written for. */
export type Metric = 'accuracy' | 'f1' | 'mae' | 'mse' | 'rmse' | 'pearson' | 'spearman';

const LIBRARY: Readonly<Record<string, Metric>> = {
  accuracy_score: 'accuracy',
  balanced_accuracy_score: 'accuracy',
  f1_score: 'f1',
  mean_absolute_error: 'mae',
  mean_squared_error: 'mse',
  root_mean_squared_error: 'rmse',
  pearsonr: 'pearson',
  spearmanr: 'spearman',
};
const GUESS = /pred|hat\b|guess|output|answers?\b/i;
const TRUTH = /true|truth|test|label|target|gold|\by\b|y_|actual/i;

/** Every score in a program, those of the test set last. */
export function scoresIn(root: Node): Score[] {
  const statements = root
    .descendantsOfType(['expression_statement', 'return_statement'])
    .filter((node) => node !== null);
  const found = statements.flatMap((statement) => {
    const pair = compared(statement.text);
    if (pair === null) return [];
    if (statement.type === 'return_statement') return throughFunction(statement, pair, root);
    return [scoreAt(statement, pair)];
  });
  const isTest = (score: Score): number => (/test/i.test(score.truth + score.predicted) ? 1 : 0);
  return found.sort((a, b) => isTest(a) - isTest(b));
}

interface Pair {
  readonly metric: Metric;
  readonly truth: string;
  readonly predicted: string;
}

/** The two sides that a statement compares, by a library's metric or by hand. */
function compared(text: string): Pair | null {
  const call = /\b(\w+)\(\s*([\w.]+(?:\[[^\]]*\])?)\s*,\s*([\w.]+(?:\[[^\]]*\])?)/.exec(text);
  const metric = LIBRARY[call?.[1] ?? ''];
  if (call && metric)
    return { metric: /squared=False/.test(text) ? 'rmse' : metric, truth: call[2] ?? '', predicted: call[3] ?? '' };
  const sides =
    /\bzip\(\s*(\w+)\s*,\s*(\w+)\s*\)/.exec(text) ??
    /\bmean\(\s*(\w+)\s*==\s*(\w+)\s*\)/.exec(text) ??
    /\(\s*(\w+)\s*==\s*(\w+)\s*\)\.mean\(/.exec(text);
  const [, left = '', right = ''] = sides ?? [];
  const byHand = handMetric(text);
  if (byHand === null || left === '') return null;
  if (GUESS.test(left) && !GUESS.test(right)) return { metric: byHand, truth: right, predicted: left };
  if (GUESS.test(right) || TRUTH.test(left)) return { metric: byHand, truth: left, predicted: right };
  return null;
}

function handMetric(text: string): Metric | null {
  if (text.includes('==')) return 'accuracy';
  if (/\*\*\s*2/.test(text)) return /sqrt|\*\*\s*0?\.5/.test(text) ? 'rmse' : 'mse';
  return /\babs\(/.test(text) ? 'mae' : null;
}

/** A function that returns a score is a score wherever it is called. */
function throughFunction(statement: Node, pair: Pair, root: Node): Score[] {
  const owner = ancestor(statement, ['function_definition']);
  const name = owner?.childForFieldName('name')?.text;
  const parameters = (owner?.childForFieldName('parameters')?.namedChildren ?? []).map(
    (node) => (node?.childForFieldName('name') ?? node?.namedChildren[0] ?? node)?.text ?? '',
  );
  const at = { truth: parameters.indexOf(pair.truth), predicted: parameters.indexOf(pair.predicted) };
  if (name === undefined || at.truth < 0 || at.predicted < 0) return [];
  return root.descendantsOfType('call').flatMap((call) => {
    if (call?.childForFieldName('function')?.text !== name) return [];
    const given = call.childForFieldName('arguments')?.namedChildren ?? [];
    const [truth, predicted] = [given[at.truth]?.text, given[at.predicted]?.text];
    const where = ancestor(call, ['expression_statement']);
    if (!truth || !predicted || !where) return [];
    return [scoreAt(where, { metric: pair.metric, truth, predicted })];
  });
}

function scoreAt(statement: Node, pair: Pair): Score {
  const result = /^(\w+)\s*(?::[^=]+)?=(?!=)/.exec(statement.text)?.[1] ?? null;
  const later = result === null ? [] : usesAfter(statement, result);
  return {
    ...pair,
    ...span(statement),
    result,
    onlyPrinted: result === null ? isPrint(statement) : later.every(isPrint),
    prints: later.filter(isPrint).map(span),
  };
}

/** Statements behind this one, in the same function or module, that use the name. */
function usesAfter(statement: Node, name: string): Node[] {
  const scope = ancestor(statement, ['function_definition', 'module']);
  const uses = (scope?.descendantsOfType('identifier') ?? []).filter(
    (node) => node?.text === name && node.startIndex >= statement.endIndex,
  );
  const statements = uses.map((node) => (node ? ancestor(node, ['expression_statement', 'return_statement']) : null));
  const known = new Map(statements.flatMap((node) => (node ? [[node.startIndex, node] as const] : [])));
  return [...known.values()];
}

function isPrint(statement: Node): boolean {
  return /^(?:print|click\.echo|typer\.echo|log(?:ger|ging)?\.info)\(/.test(statement.text);
}

function span(node: Node): { line: number; endLine: number } {
  return { line: node.startPosition.row + 1, endLine: node.endPosition.row + 1 };
}

function ancestor(node: Node, types: readonly string[]): Node | null {
  for (let at: Node | null = node.parent; at !== null; at = at.parent) if (types.includes(at.type)) return at;
  return null;
}
