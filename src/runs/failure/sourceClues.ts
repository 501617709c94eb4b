import type { FailureClass } from './failureClass.ts';
import { blockUnder, headAbove, indentOf, type Place, type Sources } from './sources.ts';

/** Lines that open or read what a path names, and lines that turn text into values: where such an error comes from. */
const RISKS: Partial<Record<FailureClass, RegExp>> = {
  path: /\bopen\(|read_(?:csv|json|parquet|text|bytes)\(|\.load\w*\(|loadtxt\(|imread\(|listdir\(|\.stat\(/,
  data: /\bfloat\(|\bint\(|loads?\(|loadtxt\(|read_csv\(|\.split\(/,
  memory: /\bbytearray\(|\.append\(|\b(?:zeros|ones|empty|full)\(|\bcopy\(|\bload\(/,
  shape: /@|\.dot\(|matmul\(|reshape\(|concatenate\(|stack\(|zip\(/,
};

/** An error that was raised anew with the first one hidden (`raise … from None`, or only its text kept) came from the
 *  `try` above it: from a function of the workspace that is called there, where one has a line of that kind. */
export async function behindRethrow(place: Place, kind: FailureClass, sources: Sources): Promise<Place | null> {
  const lines = await sources.lines(place.file);
  if (!/^\s*raise\b/.test(lines[place.line - 1] ?? '')) return null;
  const handler = headAbove(lines, place.line, /^\s*except\b/);
  if (handler === null) return null;
  const begin = tryOf(lines, handler);
  if (begin === null) return null;
  const [first, last] = blockUnder(lines, begin);
  const body = lines.slice(first - 1, last);
  for (const name of body.flatMap((line) => [...line.matchAll(/(\w+)\(/g)].map(([, called]) => called ?? ''))) {
    const risky = await riskIn(name, kind, sources);
    if (risky !== null) return risky;
  }
  const at = body.findIndex((line) => RISKS[kind]?.test(line));
  return { file: place.file, line: first + Math.max(at, 0) };
}

function tryOf(lines: readonly string[], handler: number): number | null {
  const indent = indentOf(lines[handler - 1] ?? '');
  for (let at = handler - 1; at >= 1; at--) {
    if (indentOf(lines[at - 1] ?? '') === indent && /^\s*try\s*:/.test(lines[at - 1] ?? '')) return at;
  }
  return null;
}

async function riskIn(name: string, kind: FailureClass, sources: Sources): Promise<Place | null> {
  const risk = RISKS[kind];
  if (risk === undefined) return null;
  const head = new RegExp(`^\\s*(?:async\\s+)?def ${name}\\(`);
  for (const file of sources.files) {
    const lines = await sources.lines(file);
    const at = lines.findIndex((line) => head.test(line)) + 1;
    if (at === 0) continue;
    const [first, last] = blockUnder(lines, at);
    const risky = lines.slice(first - 1, last).findIndex((line) => risk.test(line));
    if (risky >= 0) return { file, line: first + risky };
  }
  return null;
}

/** An assertion only reports: what it looks at was made where one of its names was given a value last. */
export async function behindAssertion(place: Place, sources: Sources): Promise<Place | null> {
  const lines = await sources.lines(place.file);
  const condition = /^\s*assert\s+(.+?)(?:,\s*f?["'].*)?$/.exec(lines[place.line - 1] ?? '')?.[1];
  if (condition === undefined) return null;
  const names = [...condition.matchAll(/(?<![.\w"'])([A-Za-z_]\w*)/g)].map(([, name]) => name);
  const own = indentOf(lines[place.line - 1] ?? '') ?? 0;
  for (let at = place.line - 1; at >= 1; at--) {
    const line = lines[at - 1] ?? '';
    const indent = indentOf(line);
    if (indent !== null && indent < own && /^\s*(?:async\s+)?def\s/.test(line)) return null;
    const target = /^\s*([A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_][\w.]*)*)\s*(?::[^=]+)?[-+*/@]?=(?!=)/.exec(line)?.[1];
    if (target?.split(',').some((name) => names.includes(name.trim()))) return { file: place.file, line: at };
  }
  return null;
}

/** The line of the sources that printed this, or ended with it: the one whose literal has most letters in common. */
export async function printedBy(message: string, sources: Sources): Promise<Place | null> {
  let best: { place: Place; letters: number } | null = null;
  for (const file of sources.files) {
    for (const [i, line] of (await sources.lines(file)).entries()) {
      const letters = lettersInCommon(line, message);
      if (letters > (best?.letters ?? 7)) best = { place: { file, line: i + 1 }, letters };
    }
  }
  return best?.place ?? null;
}

/** Letters of the pieces between the braces of a literal that all stand in the message, in order. */
function lettersInCommon(line: string, message: string): number {
  const literals = [...line.matchAll(/(["'])((?:(?!\1).)*)\1/g)].map(([, , text]) => text ?? '');
  return Math.max(
    0,
    ...literals.map((text) => {
      let from = 0;
      let letters = 0;
      for (const piece of text.split(/\{[^}]*\}|%[\d.]*[sdrf]|\\n/).filter((one) => one.trim() !== '')) {
        const at = message.indexOf(piece, from);
        if (at < 0) return 0;
        from = at + piece.length;
        letters += piece.length;
      }
      return letters;
    }),
  );
}

/** What makes two runs with one seed differ, the surest first. */
const LOTS: readonly RegExp[] = [
  /default_rng\(\s*\)|RandomState\(\s*\)|random\.Random\(\s*\)|Generator\(\s*\)\.seed|\bseed\s+or\b/,
  /\b(?:in|enumerate\(|list\(|sorted\(.*key=.*|join\()\s*(?:set|frozenset)\(|for .* in \{[^:}]+\}|(?<!\w)hash\(/,
  /os\.listdir\(|glob\(|iterdir\(|as_completed\(|imap_unordered\(/,
  /SystemRandom\(|os\.urandom|secrets\.|uuid\.uuid4|time\.time\w*\(\)|datetime\.now\(/,
  /(?<![\w.])(?:np\.random|numpy\.random|random)\.(?!seed|default_rng|Random)\w+\(/,
];

/** Lines that draw lots without a seed, or take an order that changes from process to process. */
export async function unseeded(sources: Sources): Promise<Place | null> {
  for (const lot of LOTS) {
    const [found] = await linesWith(lot, sources);
    if (found !== undefined) return found;
  }
  return null;
}

/** Where values are read that nobody has looked at: conversions of text first, then the reading itself. */
export async function unchecked(sources: Sources): Promise<Place | null> {
  for (const reading of [
    /\bfloat\(\w/,
    /genfromtxt\(|loadtxt\(|read_(?:csv|json|parquet)\(/,
    /\bjson\.loads?\(|np\.load\(/,
  ]) {
    const [found] = await linesWith(reading, sources);
    if (found !== undefined) return found;
  }
  return null;
}

/** Where a script may wait or turn for ever: a call that blocks with no limit, a loop that counts nothing. */
export async function endless(sources: Sources): Promise<Place | null> {
  for (const waiting of [
    /\.(?:get|join|acquire|wait|recv|result|barrier)\(\s*\)|\binput\(/,
    /^\s*with\s+[\w.]*lock\w*\s*:/i,
    /^\s*while\s+(?:True|1)\s*:/,
    /^\s*for\b.*\b(?:combinations|permutations|product)\(/,
    /^\s*while\b/,
  ]) {
    const [found] = await linesWith(waiting, sources);
    if (found !== undefined) return found;
  }
  return null;
}

/** Lines of code (no comments) that match, in the order of the files. */
export async function linesWith(wanted: RegExp, sources: Sources): Promise<Place[]> {
  const found: Place[] = [];
  for (const file of sources.files) {
    for (const [i, line] of (await sources.lines(file)).entries()) {
      if (!/^\s*(?:#|import\b|from\b)/.test(line) && wanted.test(line)) found.push({ file, line: i + 1 });
    }
  }
  return found;
}

/** Where a worker that was killed took its memory: in the function that a pool was given at this line. */
export async function workerAt(place: Place, sources: Sources): Promise<Place | null> {
  const line = (await sources.lines(place.file))[place.line - 1] ?? '';
  const name = /\.(?:i?map\w*|submit|apply\w*|starmap\w*)\(\s*([A-Za-z_]\w*)/.exec(line)?.[1];
  return name === undefined ? null : await riskIn(name, 'memory', sources);
}

const WARNING = /^(\S+\.py):(\d+): RuntimeWarning: (overflow|invalid value|divide by zero)/m;

/** The first arithmetic warning of a run that ended over a number that is none: it tells where that came up. */
export function firstWarning(output: string): (Place & { readonly overflow: boolean }) | null {
  const found = WARNING.exec(output);
  return found === null ? null : { file: found[1] ?? '', line: Number(found[2]), overflow: found[3] === 'overflow' };
}
