import { nearestPlaces, numberedLines } from './nearestPlaces.ts';

export interface Edit {
  readonly oldText: string;
  readonly newText: string;
}

/** An edit that was not made. The message is for the language model that asked for it, so that its next try succeeds. */
export interface EditRefused {
  readonly refused: 'empty' | 'same' | 'not-found' | 'ambiguous';
  readonly message: string;
  /** 1-based lines of the places in question. */
  readonly lines: readonly number[];
}

/** Replaces the one place that holds `oldText`. Line ends, a byte-order mark and the final line end stay as they are. Where no
 *  place holds it exactly, differences in trailing space, quotes and indentation are forgiven, as long as one place alone fits. */
export function applyEdit(text: string, edit: Edit): { readonly text: string } | EditRefused {
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : '';
  const body = text.slice(mark.length);
  const oldText = plain(edit.oldText);
  const newText = plain(edit.newText);
  const refusal = refuseOutright(body, oldText, newText);
  if (refusal) return refusal;
  const source = plain(body);
  const exact = occurrences(source, oldText);
  const found =
    exact.length > 0
      ? exact.map((start) => ({ start, end: start + oldText.length, newText }))
      : tolerated(source, oldText, newText);
  const [place] = found;
  if (place === undefined) return notFound(source, oldText);
  if (found.length > 1)
    return ambiguous(
      source,
      found.map(({ start }) => lineAt(source, start)),
    );
  return { text: mark + replace(body, source, place) };
}

const byteOrderMark = '\uFEFF';

/** A place in the text with line feeds only, and what shall stand there. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

function plain(text: string): string {
  return (text.startsWith(byteOrderMark) ? text.slice(1) : text).replaceAll('\r\n', '\n');
}

function refuseOutright(body: string, oldText: string, newText: string): EditRefused | null {
  if (oldText === '' && body !== '') {
    const message =
      'oldText is empty, so there is no place to change; give the lines to be replaced exactly as they stand in the file.';
    return { refused: 'empty', message, lines: [] };
  }
  if (oldText === newText)
    return { refused: 'same', message: 'oldText and newText are equal; nothing would change.', lines: [] };
  return null;
}

function occurrences(source: string, wanted: string): number[] {
  if (wanted === '') return [0];
  const found: number[] = [];
  for (let at = source.indexOf(wanted); at >= 0; at = source.indexOf(wanted, at + 1)) found.push(at);
  return found;
}

/** Ways to compare lines, from strict to lenient; the first that fits anywhere decides. */
const leniences: readonly ((line: string) => string)[] = [
  (line) => line.trimEnd(),
  (line) => sameQuotes(line).trimEnd(),
  (line) => line.trim(),
  (line) => sameQuotes(line).trim(),
];

function sameQuotes(line: string): string {
  return line.replace(/[\u2018\u2019\u201A\u201B\u2032`"\u201C\u201D\u201E\u201F\u2033]/g, "'");
}

function tolerated(source: string, oldText: string, newText: string): Place[] {
  const lines = source.split('\n');
  const wanted = withoutEdges(oldText);
  if (wanted.every((line) => line.trim() === '')) return [];
  for (const lenience of leniences) {
    const starts = windows(lines.map(lenience), wanted.map(lenience)).filter(
      (start) => shiftAt(lines, start, wanted) !== null,
    );
    if (starts.length > 0) return starts.map((start) => placeOf(lines, start, wanted, newText));
  }
  return [];
}

/** The lines of a text without the line end that opens or closes it. */
function withoutEdges(text: string): string[] {
  return text.replace(/^\n+|\n+$/g, '').split('\n');
}

function windows(lines: readonly string[], wanted: readonly string[]): number[] {
  const starts: number[] = [];
  for (let start = 0; start + wanted.length <= lines.length; start += 1) {
    if (wanted.every((line, at) => lines[start + at] === line)) starts.push(start);
  }
  return starts;
}

interface Shift {
  readonly wanted: string;
  readonly found: string;
}

/** How the indentation found differs from the one wanted: the same change on every line, or null. */
function shiftAt(lines: readonly string[], start: number, wanted: readonly string[]): Shift | null {
  const pairs = wanted
    .map((line, at) => ({
      wanted: indentOf(line),
      found: indentOf(lines[start + at] ?? ''),
      blank: line.trim() === '',
    }))
    .filter((pair) => !pair.blank);
  const [first] = pairs;
  if (!first) return null;
  const shared = commonEnd(first.wanted, first.found);
  const shift = {
    wanted: first.wanted.slice(0, first.wanted.length - shared),
    found: first.found.slice(0, first.found.length - shared),
  };
  const fits = pairs.every((pair) => reindent(pair.wanted, shift) === pair.found);
  return fits ? shift : null;
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function commonEnd(one: string, other: string): number {
  let count = 0;
  while (count < Math.min(one.length, other.length) && one.at(-1 - count) === other.at(-1 - count)) count += 1;
  return count;
}

function reindent(line: string, shift: Shift): string {
  return line.startsWith(shift.wanted) ? shift.found + line.slice(shift.wanted.length) : line;
}

function placeOf(lines: readonly string[], start: number, wanted: readonly string[], newText: string): Place {
  const shift = shiftAt(lines, start, wanted) ?? { wanted: '', found: '' };
  const offset = lines.slice(0, start).reduce((sum, line) => sum + line.length + 1, 0);
  const length = lines.slice(start, start + wanted.length).join('\n').length;
  const put = withoutEdges(newText).map((line) => (line.trim() === '' ? line : reindent(line, shift)));
  // Without new lines the old ones go with their line end, unless they end the file.
  const gone = newText.trim() === '';
  const end = offset + length + (gone && start + wanted.length < lines.length ? 1 : 0);
  return { start: offset, end, newText: gone ? '' : put.join('\n') };
}

/** Puts the new text in, changing no byte of what both texts share at their beginning and end. */
function replace(body: string, source: string, { start, end, newText }: Place): string {
  const oldText = source.slice(start, end);
  let head = 0;
  while (head < Math.min(oldText.length, newText.length) && oldText[head] === newText[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(oldText.length, newText.length) - head && oldText.at(-1 - tail) === newText.at(-1 - tail))
    tail += 1;
  const from = originalOffset(body, start + head);
  const to = originalOffset(body, end - tail);
  const put = newText.slice(head, newText.length - tail);
  const crlf = lineEndNear(body, from) === '\r\n';
  return body.slice(0, from) + (crlf ? put.replaceAll('\n', '\r\n') : put) + body.slice(to);
}

/** The offset in a text with its own line ends of an offset in the same text with line feeds only. */
function originalOffset(body: string, offset: number): number {
  let original = 0;
  for (let at = 0; at < offset; at += 1) original += body[original] === '\r' && body[original + 1] === '\n' ? 2 : 1;
  return original;
}

/** The line end used where the change begins; else the file's first. */
function lineEndNear(body: string, offset: number): '\r\n' | '\n' {
  const next = body.indexOf('\n', offset);
  const end = next >= 0 ? next : body.lastIndexOf('\n');
  return end > 0 && body[end - 1] === '\r' ? '\r\n' : '\n';
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

function ambiguous(source: string, lines: readonly number[]): EditRefused {
  const shown = lines.slice(0, 3).map((line) => numberedLines(source, line - 2, line + 2));
  const message = `oldText was found ${lines.length} times, at lines ${lines.slice(0, 20).join(', ')}. Put lines from around the one you mean into oldText (and newText), so that it fits one place only:\n${shown.join('\n…\n')}`;
  return { refused: 'ambiguous', message, lines };
}

function notFound(source: string, oldText: string): EditRefused {
  const numbered = withoutEdges(oldText).every((line) => /^\s*\d+\s*[|:\t]/.test(line));
  const hint = numbered ? ' It seems to begin with line numbers; leave them out.' : '';
  const places = nearestPlaces(source, withoutEdges(oldText));
  if (places.length === 0) {
    const message = `oldText was not found, nor anything like it.${hint} Read the file again and copy the lines to be replaced exactly.`;
    return { refused: 'not-found', message, lines: [] };
  }
  const shown = places.map(({ first, last }) => numberedLines(source, first, last));
  const message = `oldText was not found.${hint} The nearest is at ${places.map(({ first, last }) => `lines ${first}-${last}`).join(' and ')}; copy the lines exactly as they stand there, without the numbers:\n${shown.join('\n…\n')}`;
  return { refused: 'not-found', message, lines: places.map(({ first }) => first) };
}
