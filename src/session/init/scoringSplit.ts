import type { ScriptFacts } from '../../workspace/scriptFacts.ts';
import type { Score } from '../../workspace/scriptScores.ts';
import type { LineEdits } from './lineEdits.ts';

/** What takes a script's own scoring out of it. */
export interface SplitRequest {
  readonly text: string;
  readonly facts: ScriptFacts;
  /** Scores of the test set, of which the last one's prediction is written to a file. */
  readonly scores: readonly Score[];
  /** Whether the script must write its predictions, or does so already. */
  readonly writes: boolean;
  /** The test file that is hidden, and the one without labels that takes its place; null where they are apart already. */
  readonly without: { readonly column: string; readonly from: string; readonly to: string } | null;
  /** The file of labels that no run may read any more. */
  readonly labelsFile: string | null;
  /** Whether a number in the code fixes the seed, so that every run would be the same. */
  readonly seeds: boolean;
}

export interface Split {
  readonly edits: LineEdits;
  /** What only a person can change. */
  readonly byHand: readonly string[];
}

/** Works out line by line how a script that scores itself becomes one that only predicts. */
export function splitScoring(request: SplitRequest): Split {
  const edits = new Map<number, string[]>();
  const byHand: string[] = [];
  const lines = request.text.split('\n');
  const change = (line: number, how: (text: string) => string): void => {
    const before = edits.get(line) ?? [lines[line - 1] ?? ''];
    const after = before.map(how);
    if (after.join('\n') !== (lines[line - 1] ?? '')) edits.set(line, after);
  };
  for (const [index] of lines.entries()) change(index + 1, (line) => withoutLabels(line, request));
  if (request.seeds) for (const line of request.facts.seeds) change(line, seeded);
  const last = request.scores.at(-1);
  for (const score of request.scores)
    takeOut(score, { ...request, writes: request.writes && score === last }, edits, byHand);
  const stays = truthLines(request, edits);
  for (const line of stays) {
    byHand.push(`line ${line} still reads ${request.labelsFile}, which no run can see: take it out`);
  }
  addImports(request, edits);
  return { edits, byHand };
}

function withoutLabels(line: string, { without }: SplitRequest): string {
  // A line that speaks of training data alone keeps its labels.
  if (without === null || (/train/i.test(line) && !/test/i.test(line))) return line;
  const { column, from, to } = without;
  const [oldName, newName] = [from, to].map((path) => path.slice(path.lastIndexOf('/') + 1));
  const quoted = `["']${escaped(column)}["']`;
  return line
    .replace(new RegExp(`(["'/])${escaped(oldName ?? '')}(?=["'])`, 'g'), `$1${newName}`)
    .replace(new RegExp(`([\\w\\])])\\[${quoted}\\](?!\\s*=[^=])`, 'g'), `$1.get(${JSON.stringify(column)}, 0)`)
    .replace(new RegExp(`\\.drop\\(([^()]*${quoted}[^()]*)\\)`), '.drop($1, errors="ignore")');
}

function seeded(line: string): string {
  const number = (digits: string): string => `int(os.environ.get("MLR_SEED", "${digits}"))`;
  return line
    .replace(
      /(\b(?:seed|manual_seed|Random|default_rng|RandomState)\(\s*)(\d+)(?=\s*\))/,
      (_, head, digits) => head + number(digits),
    )
    .replace(/^(\s*(?:seed|SEED|RANDOM_STATE)\s*=\s*)(\d+)/, (_, head, digits) => head + number(digits));
}

function takeOut(score: Score, request: SplitRequest, edits: Map<number, string[]>, byHand: string[]): void {
  const lines = request.text.split('\n');
  const indent = /^\s*/.exec(lines[score.line - 1] ?? '')?.[0] ?? '';
  const writer = request.writes ? writerLines(score.predicted).map((line) => indent + line) : [];
  if (!score.onlyPrinted) {
    const what = score.result === null ? 'its score' : `\`${score.result}\``;
    byHand.push(`line ${score.line} computes ${what}, which is used for more than a print: take it out where you can`);
    edits.set(score.endLine, [...(edits.get(score.endLine) ?? [lines[score.endLine - 1] ?? '']), ...writer]);
    return;
  }
  for (let line = score.line; line <= score.endLine; line += 1) edits.set(line, []);
  edits.set(score.line, writer);
  for (const print of score.prints) for (let line = print.line; line <= print.endLine; line += 1) edits.set(line, []);
}

function writerLines(predicted: string): string[] {
  return [
    `out = os.environ.get("MLR_OUT", "out")`,
    `os.makedirs(out, exist_ok=True)`,
    `with open(os.path.join(out, "predictions.csv"), "w", newline="") as file:`,
    `    writer = csv.writer(file)`,
    `    writer.writerow(["row", "prediction"])`,
    `    writer.writerows(enumerate(${predicted}))`,
  ];
}

/** Lines that read the labels: a plain assignment of the truth goes, any other stays for a person. */
function truthLines({ text, labelsFile, scores }: SplitRequest, edits: Map<number, string[]>): number[] {
  if (labelsFile === null) return [];
  const name = labelsFile.slice(labelsFile.lastIndexOf('/') + 1);
  const truths = new Set(scores.map(({ truth }) => truth));
  return text.split('\n').flatMap((line, index) => {
    if (!line.includes(name) || edits.get(index + 1)?.length === 0) return [];
    const target = /^\s*(\w+)\s*=/.exec(line)?.[1];
    const isWhole = bracketsClose(line);
    if (target === undefined || !truths.has(target) || !isWhole) return [index + 1];
    edits.set(index + 1, []);
    return [];
  });
}

function bracketsClose(line: string): boolean {
  return line.split(/[([{]/).length === line.split(/[)\]}]/).length && !line.trimEnd().endsWith(':');
}

/** `os` and `csv` where the new lines need them, behind the first imports. */
function addImports({ text, facts }: SplitRequest, edits: Map<number, string[]>): void {
  const put = [...edits.values()].flat().join('\n');
  const needed = ['csv', 'os'].filter((name) => put.includes(`${name}.`) && !facts.imports.includes(name));
  if (needed.length === 0) return;
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^(?:import|from)\s/.test(line) && !line.startsWith('from __future__'));
  const line = at < 0 ? 0 : at;
  const before = edits.get(line + 1) ?? [lines[line] ?? ''];
  edits.set(line + 1, [...needed.map((name) => `import ${name}`), ...before]);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
