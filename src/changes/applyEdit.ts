import { linesOf, plainSpaces, type Reading, readingsOf } from './editReadings.ts';
import { isElision, throughElisions } from './elisions.ts';
import { indentOf } from './indentation.ts';
import { lineDiff } from './lineDiff.ts';
import { looselyAt } from './looseContext.ts';
import { COMPARISONS, type Match, runsOf, straightened } from './matchLines.ts';
import { nearestPlaces, numberedLines } from './nearestPlaces.ts';

export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  /** Of a notebook: the cell that is meant, from 0; where it is left out, the one cell that holds the old text. */
  readonly cell?: number;
}

/** An edit that was not made. The message is for the language model that asked for it, so that its next try succeeds. */
export interface EditRefused {
  readonly refused: 'empty' | 'same' | 'not-found' | 'ambiguous';
  readonly message: string;
  /** 1-based lines of the places in question. */
  readonly lines: readonly number[];
}

/** Replaces the one place that holds `oldText`. Line ends, a byte-order mark and the final line end stay as they are. Where no
 *  place holds it exactly, what models get wrong is forgiven as long as one place alone fits: trailing and no-break spaces,
 *  quotes, indentation, listings' line numbers and fences, a misquoted line of context. Lines that the edit keeps stay as the
 *  file has them. */
export function applyEdit(text: string, edit: Edit): { readonly text: string } | EditRefused {
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : '';
  const body = text.slice(mark.length);
  const asked = { oldText: plain(edit.oldText), newText: plain(edit.newText) };
  const refusal = refuseOutright(body, asked);
  if (refusal) return refusal;
  const source = plain(body);
  const found = placesOf(source, readingsOf(asked));
  const [place] = found;
  if (place === undefined) return notFound(source, asked.oldText);
  const lines = found.map(({ start }) => lineAt(source, start));
  if (found.length > 1) return ambiguous(source, lines);
  return { text: mark + replace(body, source, place) };
}

/** The places of the first reading and the strictest way to look for it that find any. */
function placesOf(source: string, readings: readonly Reading[]): Place[] {
  const lines = source.split('\n');
  const ways: readonly ((reading: Reading) => Place[])[] = [
    (reading) => exactly(source, reading),
    ...COMPARISONS.map((compare) => (reading: Reading) => {
      const wanted = linesOf(reading.oldText);
      const openEnd = !reading.oldText.endsWith('\n');
      if (wanted.every((line) => line.trim() === '')) return [];
      return runsOf(lines, wanted, compare, { openEnd }).map((match) => placeOf(lines, match, reading));
    }),
  ];
  const loose = [looselyAt, throughElisions].map((find) => (reading: Reading) => {
    const found = find(lines, linesOf(reading.oldText), linesOf(reading.newText));
    return found.map((match) => placeOf(lines, match, reading));
  });
  for (const some of [ways, loose]) {
    for (const reading of readings) {
      for (const way of some) {
        const found = way(reading);
        if (found.length > 0) return found;
      }
    }
  }
  return [];
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

function refuseOutright(body: string, { oldText, newText }: Reading): EditRefused | null {
  if (oldText === '' && body !== '') {
    const message =
      'oldText is empty, so there is no place to change; give the lines to be replaced exactly as they stand in the file.';
    return { refused: 'empty', message, lines: [] };
  }
  if (oldText === newText)
    return { refused: 'same', message: 'oldText and newText are equal; nothing would change.', lines: [] };
  return null;
}

function exactly(source: string, { oldText, newText }: Reading): Place[] {
  if (oldText === '') return [{ start: 0, end: 0, newText }];
  const found: Place[] = [];
  for (let start = source.indexOf(oldText); start >= 0; start = source.indexOf(oldText, start + 1)) {
    const end = start + oldText.length;
    if (!cutsNumber(source, start) && !cutsNumber(source, end)) {
      found.push({ start, end, newText: withLineEnd(source, { start, end }, newText) });
    }
  }
  return found;
}

/** Whether an offset lies within a number: `lr = 0.1` is not found in `lr = 0.15`. */
function cutsNumber(source: string, offset: number): boolean {
  const [before, after] = [source.slice(Math.max(0, offset - 2), offset), source.slice(offset, offset + 2)];
  return /\d$/.test(before) ? /^\.?\d/.test(after) : /\d\.$/.test(before) && /^\d/.test(after);
}

/** Whole lines were taken out, so whole lines go in. */
function withLineEnd(source: string, { start, end }: { start: number; end: number }, newText: string): string {
  const isWhole = (start === 0 || source[start - 1] === '\n') && source[end - 1] === '\n' && end < source.length;
  return isWhole && newText !== '' && !newText.endsWith('\n') ? `${newText}\n` : newText;
}

/** What stands in the file where the edit matches: the file's own lines where the edit keeps them, its new lines as they
 *  are written there, and what it left out between. */
function placeOf(lines: readonly string[], match: Match, { oldText, newText }: Reading): Place {
  const placed = match.at.filter((place) => place !== null);
  const first = Math.min(...placed);
  const last = Math.max(...placed);
  const offset = lines.slice(0, first).reduce((sum, line) => sum + line.length + 1, 0);
  const length = lines.slice(first, last + 1).join('\n').length;
  const gone = newText.trim() === '';
  // Without new lines the old ones go with their line end, unless they end the file.
  const end = offset + length + (gone && last + 1 < lines.length ? 1 : 0);
  return { start: offset, end, newText: gone ? '' : merged(lines, match, { oldText, newText }, { first, last }) };
}

function merged(
  lines: readonly string[],
  match: Match,
  { oldText, newText }: Reading,
  { first, last }: { first: number; last: number },
): string {
  const [before, after] = [linesOf(oldText), linesOf(newText)];
  const typed = typist(oldText, lines.slice(first, last + 1).join('\n'));
  const steps = lineDiff(before, after);
  const result: string[] = [];
  let from = first;
  for (const step of steps) {
    if (step.kind === 'put') {
      result.push(indented(typed(after[step.put] ?? ''), match));
      continue;
    }
    const { here, next } = placeOfOld(before, match, step.old);
    if (next === null) continue;
    result.push(...lines.slice(from, next));
    from = next;
    if (here === null) continue;
    if (step.kind === 'keep') result.push(lines[here] ?? '');
    from = here + 1;
  }
  const keepsLast = steps.some((step) => step.kind === 'keep' && step.old === before.length - 1);
  return result.join('\n') + (keepsLast ? '' : restOf(lines[last] ?? '', before));
}

/** Where an old line stands, and up to where the file's lines come before what follows: for an elision, all it left out. */
function placeOfOld(
  before: readonly string[],
  { at }: Match,
  old: number,
): { here: number | null; next: number | null } {
  const here = at[old] ?? null;
  if (here !== null || !isElision(before[old] ?? '')) return { here, next: here };
  return { here, next: at.slice(old + 1).find((one) => one !== null) ?? null };
}

function indented(line: string, { indentation }: Match): string {
  const indent = indentOf(line);
  return line.trim() === '' ? line : indentation.inFile(indent) + line.slice(indent.length);
}

/** What the file's last line holds beyond an edit that ends within it. */
function restOf(line: string, before: readonly string[]): string {
  const wanted = (before.at(-1) ?? '').trim();
  const place = line.indexOf(wanted);
  const rest = line.slice(place + wanted.length);
  return before.length > 1 && place >= 0 && rest.trim() !== '' ? rest : '';
}

/** New lines with the quotes and spaces of the file, where the old ones had others. */
function typist(oldText: string, there: string): (line: string) => string {
  const quotes = straightened(oldText) !== oldText && straightened(there) === there;
  const spaces = plainSpaces(oldText) !== oldText && plainSpaces(there) === there;
  return (line) => {
    const straight = quotes ? straightened(line) : line;
    return spaces ? plainSpaces(straight) : straight;
  };
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
  const numbered = linesOf(oldText).every((line) => /^\s*\d+\s*[|:\t]/.test(line));
  const hint = numbered ? ' It seems to begin with line numbers; leave them out.' : '';
  const places = nearestPlaces(source, linesOf(oldText));
  if (places.length === 0) {
    const message = `oldText was not found, nor anything like it.${hint} Read the file again and copy the lines to be replaced exactly.`;
    return { refused: 'not-found', message, lines: [] };
  }
  const shown = places.map(({ first, last }) => numberedLines(source, first, last));
  const message = `oldText was not found.${hint} The nearest is at ${places.map(({ first, last }) => `lines ${first}-${last}`).join(' and ')}; copy the lines exactly as they stand there, without the numbers:\n${shown.join('\n…\n')}`;
  return { refused: 'not-found', message, lines: places.map(({ first }) => first) };
}
