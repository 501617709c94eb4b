import { argumentAt, plainLatex } from './latexText.ts';

export interface BibtexEntry {
  readonly key: string;
  /** In small letters, such as `title`; without LaTeX's commands. */
  readonly fields: ReadonlyMap<string, string>;
}

/** An entry that was left out, and why, as part of a sentence. */
export interface BibtexProblem {
  /** From 1. */
  readonly line: number;
  readonly key: string;
  readonly why: string;
}

export interface BibtexFile {
  readonly entries: readonly BibtexEntry[];
  readonly problems: readonly BibtexProblem[];
}

/** Where the next entry begins once one is broken: its mark at the beginning of a line. */
const BEGIN = /^[^\S\n]*@\w+\s*[{(]/gm;

/** More broken entries than this are not told of. */
const MAX_PROBLEMS = 100;

/** Reads a BibTeX file. An entry that is broken is told of and left out, and those after it are read.
 *  @param wanted by its key: the others are not looked into */
export function readBibtex(source: string, wanted: (key: string) => boolean = () => true): BibtexFile {
  const entries: BibtexEntry[] = [];
  const problems: BibtexProblem[] = [];
  const words = new Map<string, string>();
  const lines = new Map<string, number>();
  for (const { kind, line, ...entry } of rawEntries(source)) {
    if (kind === 'string') {
      for (const [name, value] of fieldsIn(`,${entry.text}`, words)) words.set(name, value ?? '');
      continue;
    }
    const fields = fieldsIn(entry.text.slice(entry.text.indexOf(',')), words);
    const why = entry.why ?? problemOf(entry.key, fields, lines.get(entry.key));
    if (why !== null) {
      if (problems.length < MAX_PROBLEMS) problems.push({ line, key: entry.key, why });
      continue;
    }
    lines.set(entry.key, line);
    if (wanted(entry.key)) entries.push({ key: entry.key, fields: plain(fields) });
  }
  return { entries, problems };
}

function problemOf(key: string, fields: ReadonlyMap<string, string | null>, before: number | undefined): string | null {
  if (key === '') return 'has no key';
  if (before !== undefined) return `repeats the key of line ${before}`;
  const [broken] = [...fields].find(([, value]) => value === null) ?? [];
  return broken === undefined ? null : `has a field without a whole value (${broken})`;
}

interface RawEntry {
  /** In small letters, such as `article`. */
  readonly kind: string;
  readonly line: number;
  readonly key: string;
  /** What stands in its braces. */
  readonly text: string;
  /** What is wrong with it; null where nothing is so far. */
  readonly why: string | null;
}

function* rawEntries(source: string): Generator<RawEntry> {
  const lineAt = lineCounter(source);
  const mark = /@(\w+)\s*(?=[{(])/g;
  for (let match = mark.exec(source); match !== null; match = mark.exec(source)) {
    const { next, ...entry } = entryAt(source, mark.lastIndex);
    const kind = (match[1] ?? '').toLowerCase();
    if (kind !== 'comment' && kind !== 'preamble') yield { kind, line: lineAt(match.index), ...entry };
    mark.lastIndex = next;
  }
}

/** @returns also where to read on */
function entryAt(source: string, from: number): Pick<RawEntry, 'key' | 'text' | 'why'> & { next: number } {
  const isBraced = source[from] === '{';
  const entry = isBraced ? argumentAt(source, from) : argumentAt(source, from, '(', ')');
  BEGIN.lastIndex = from;
  const next = BEGIN.exec(source)?.index ?? source.length;
  const key = /^[^,\s{}()"=]*/.exec(source.slice(from + 1, from + 300).trimStart())?.[0] ?? '';
  // One that holds the beginning of another took a brace of that one for its own.
  if (entry === null || entry.end > next) return { key, text: '', why: 'never closes: a brace is missing', next };
  const between = source.slice(entry.end, next);
  const left = between.replace(/@\w+\s*[{(][\s\S]*$/, '');
  const why = /^\s*,?\s*\w+\s*=/.test(left) ? 'closes before its last field: a brace is too much' : null;
  return { key, text: entry.text, why, next: entry.end };
}

/** Fields with their values as they are written, by names in small letters; null where a value is broken, and those after
 *  it are not read. */
function fieldsIn(body: string, words: ReadonlyMap<string, string>): Map<string, string | null> {
  const fields = new Map<string, string | null>();
  const field = /([A-Za-z][\w:.+-]*)\s*=\s*/g;
  for (let found = field.exec(body); found !== null; found = field.exec(body)) {
    const [, name = ''] = found;
    const value = valueAt(body, field.lastIndex, words);
    fields.set(name.toLowerCase(), value?.text ?? null);
    field.lastIndex = value?.end ?? body.length;
  }
  return fields;
}

/** A value: pieces in braces or quotation marks, numbers, and words that @string has set, joined by #. */
function valueAt(body: string, from: number, words: ReadonlyMap<string, string>): { text: string; end: number } | null {
  let text = '';
  let end = from;
  for (;;) {
    const piece = pieceAt(body, end, words);
    if (piece === null) return null;
    text += piece.text;
    const joint = /\s*#\s*/y;
    joint.lastIndex = piece.end;
    if (!joint.test(body)) return { text, end: piece.end };
    end = joint.lastIndex;
  }
}

function pieceAt(body: string, from: number, words: ReadonlyMap<string, string>): { text: string; end: number } | null {
  if (body[from] === '{') return argumentAt(body, from);
  if (body[from] === '"') return quotedAt(body, from);
  const word = /[^\s,#{}"]+/y;
  word.lastIndex = from;
  const [name] = word.exec(body) ?? [];
  return name === undefined ? null : { text: words.get(name.toLowerCase()) ?? name, end: word.lastIndex };
}

/** A quotation mark within braces is one of the text. */
function quotedAt(body: string, from: number): { text: string; end: number } | null {
  let depth = 0;
  for (let at = from + 1; at < body.length; at++) {
    const char = body[at];
    if (char === '\\') at++;
    else if (char === '{') depth++;
    else if (char === '}') depth--;
    else if (char === '"' && depth === 0) return { text: body.slice(from + 1, at), end: at + 1 };
  }
  return null;
}

function plain(fields: ReadonlyMap<string, string | null>): Map<string, string> {
  return new Map([...fields].map(([name, value]) => [name, plainLatex((value ?? '').trim())]));
}

/** Lines of places that are asked for in order. */
function lineCounter(source: string): (place: number) => number {
  let [line, counted] = [1, 0];
  return (place) => {
    for (; counted < place; counted++) if (source[counted] === '\n') line++;
    return line;
  };
}
