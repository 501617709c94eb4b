import type { Line } from './pdfLines.ts';

/** How a paper's lines become running text. */
export interface Setting {
  /** Joins two lines; knows which words the paper itself writes with and without a hyphen. */
  join: (before: string, after: string) => string;
  /** The usual distance of baselines, in points. */
  spacing: number;
}

const BULLET = /^([•◦▪–∗]|\(?\d{1,2}[.):]|\([a-z]\))\s/;
const FLOAT = /^((figure|fig\.|table)\s*[A-Z]?\d+\s*[.:|]|(algorithm|listing)\s*\d+\b)/i;

/** Learns from a paper's lines how they are set. */
export function settingOf(lines: readonly Line[]): Setting {
  return { join: joinerFor(lines), spacing: usualGap(lines) };
}

/** Learns from the words inside lines how a word broken at a line's end is to be joined. */
function joinerFor(lines: readonly Line[]): Setting['join'] {
  const words = new Set<string>();
  for (const { text } of lines) {
    // The first and the last word of a line may be halves.
    for (const word of (text.toLowerCase().match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu) ?? []).slice(1, -1)) {
      words.add(word);
    }
  }
  return (before, after) => {
    if (/\d–$/.test(before) && /^\d/.test(after)) return before + after;
    const broken = /([\p{L}\p{N}-]+)-$/u.exec(before);
    const next = /^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/u.exec(after);
    if (!broken?.[1] || !next) return `${before} ${after}`;
    return keepsHyphen(broken[1], next[0], words) ? before + after : before.slice(0, -1) + after;
  };
}

function keepsHyphen(first: string, second: string, words: ReadonlySet<string>): boolean {
  const [head, tail] = [first.toLowerCase(), second.toLowerCase()];
  if (words.has(`${head}-${tail}`)) return true;
  if (words.has(head + tail)) return false;
  if (/^\p{Lu}|^\p{N}/u.test(second) || first.includes('-')) return true;
  return head.length > 2 && tail.length > 3 && words.has(head) && words.has(tail);
}

/** Lines as running text, paragraphs parted by an empty line and a table's cells by bars. A paragraph that a float
 *  or a page's end interrupts is made whole. */
export function proseOf(lines: readonly Line[], { join, spacing }: Setting): string {
  const paragraphs: string[] = [];
  let open = -1;
  let above: Line | undefined;
  for (const line of lines) {
    const previous = paragraphs[open];
    if (previous !== undefined && above && !startsParagraph(line, above, previous, spacing)) {
      paragraphs[open] = appended(previous, above, line, join);
    } else {
      const resumed = isSentencePart(line.text) ? paragraphs.findLastIndex((text) => isUnfinished(text)) : -1;
      open = resumed >= 0 && resumed >= paragraphs.length - 4 ? resumed : paragraphs.push('') - 1;
      paragraphs[open] = join(paragraphs[open] ?? '', cells(line)).trimStart();
    }
    above = line;
  }
  return paragraphs
    .map((text) =>
      text
        .replace(/[^\S\n]+/g, ' ')
        .replace(/\b(https?:) (?=\/\/)/g, '$1')
        .trim(),
    )
    .join('\n\n');
}

/** So many lines of one number each, one after the other, are the labels of a figure's axis. */
const FEWEST_TICKS = 3;

/** Lines without the numbers along a figure's axis. */
export function withoutTicks(lines: readonly Line[]): Line[] {
  const ticks = new Set<Line>();
  let open: Line[] = [];
  for (const line of lines) {
    open = /^[-−–]?\d+(?:[.,]\d+)?\s*%?$/.test(line.text.trim()) ? [...open, line] : [];
    if (open.length >= FEWEST_TICKS) for (const tick of open) ticks.add(tick);
  }
  return lines.filter((line) => !ticks.has(line));
}

function cells(line: Line): string {
  return isRow(line) ? line.text.replace(/^(\S{1,4})\t/, '$1 ').replace(/\s*\t\s*/g, ' | ') : line.text;
}

/** A table's row has wide gaps, or is mostly figures; an equation's number at the right edge does not make one. */
function isRow(line: Line): boolean {
  return line.text.replace(/\s*\t\s*\(\d{1,3}\)$/, '').includes('\t') || isFigures(line.text);
}

/** At least three numbers, and more of them than of anything else. */
function isFigures(text: string): boolean {
  const words = text.trim().split(/\s+/);
  const numbers = words.filter((word) => /^[-−+±]?\d+(?:[.,]\d+)*%?$/.test(word)).length;
  return numbers >= 3 && numbers > words.length / 2;
}

function appended(text: string, above: Line, line: Line, join: Setting['join']): string {
  if (isRow(line)) return `${text}\n${cells(line)}`;
  // The last word alone: the whole text would be looked through again for each of its lines.
  const last = text.slice(text.lastIndexOf(' ') + 1);
  const address = /https?:\/\/\S*$/.test(last) && above.mono.last && line.mono.first;
  return address || /https?:\/\/\S*[/_.=?&%-]$/.test(last) ? text + line.text : join(text, line.text);
}

/** No paragraph is longer, in characters: text without an end would be looked at again for each of its lines. */
const MAX_PARAGRAPH = 20_000;

function startsParagraph(line: Line, above: Line, previous: string, spacing: number): boolean {
  if (previous.length > MAX_PARAGRAPH) return true;
  if (BULLET.test(line.text) || FLOAT.test(line.text)) return line.gap > 0.5 * line.size;
  const sameColumn = line.page === above.page && line.place === above.place && line.gap > 0;
  if (!sameColumn) return !(isUnfinished(previous) && isSentencePart(line.text));
  if (line.gap > 1.35 * Math.max(spacing, line.size)) return true;
  const indented = line.x > above.x + 0.7 * line.size && line.x < above.x + 4 * line.size;
  return indented && isFinished(previous) && !BULLET.test(previous);
}

function isFinished(text: string): boolean {
  return /[.!?:]["”’')\]]?$/.test(text);
}

function isUnfinished(text: string): boolean {
  return (
    text.length < MAX_PARAGRAPH &&
    !isFinished(text) &&
    !FLOAT.test(text) &&
    !endsInRow(text) &&
    /[\p{L}\p{N},;)-]$/u.test(text) &&
    text.length > 40
  );
}

/** What follows a table is another table, or text that has nothing to do with it. */
function endsInRow(text: string): boolean {
  const last = text.slice(text.lastIndexOf('\n') + 1);
  return last.includes(' | ') || isFigures(last);
}

function isSentencePart(text: string): boolean {
  return /^(\p{Ll}|\((?![a-z]\)))/u.test(text);
}

/** The distance of baselines that is met most often, to half a point. */
function usualGap(lines: readonly Line[]): number {
  const counts = new Map<number, number>();
  for (const { gap } of lines) {
    const rounded = Math.round(gap * 2) / 2;
    if (gap > 0 && Number.isFinite(gap)) counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
  }
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [12, 0])[0];
}
