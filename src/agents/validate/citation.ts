import type { FileChange } from '../../domain/change.ts';

/** A line of a changed file, of the baseline's file where it was removed, or of a file that did not change. */
export interface CitedLine {
  readonly number: number;
  readonly mark: '+' | '-' | ' ';
  readonly text: string;
}

export interface Citation {
  readonly path: string;
  readonly line: CitedLine;
}

/** A file's text in the tree under review; null where there is none, or it may not be seen. */
export type ReadFile = (path: string) => Promise<string | null>;

/** Shorter quotes are found everywhere. Letters and digits. */
const SHORTEST = 3;

/** Looks up what a finding says it saw: the line that reads as quoted, nearest to the line it names. Spaces, and the
 *  marks and line numbers that a change is shown with, do not count.
 *  @param where `file:line`, or a file
 *  @returns null where the file has no such line */
export async function lookUp(
  { where, quote }: { where: string; quote: string },
  files: readonly FileChange[],
  read: ReadFile,
): Promise<Citation | null> {
  const [wanted, ...more] = quote.split('\n').map(squeezed).filter(isTelling);
  const place = /^\s*(?:\.\/)?(.+?)(?::(\d+)(?:\s*[-–,:]\s*\d+)?)?\s*$/.exec(where);
  const path = place?.[1];
  if (wanted === undefined || path === undefined) return null;
  const changed = files.find((file) => file.path === path);
  const lines = [...(changed ? changedLines(changed) : []), ...plainLines((await read(path)) ?? '')];
  if (more.some((other) => !lines.some((line) => says(line, other)))) return null;
  const near = place?.[2] === undefined ? 1 : Number(place[2]);
  const distance = (line: CitedLine) => Math.abs(line.number - near) + (line.mark === ' ' ? 0.5 : 0);
  const [line] = lines.filter((one) => says(one, wanted)).sort((a, b) => distance(a) - distance(b));
  return line === undefined ? null : { path, line };
}

/** The lines of a file's hunks with their numbers. */
export function changedLines({ hunks }: FileChange): CitedLine[] {
  return hunks.flatMap(({ oldStart, newStart, lines }) => {
    let [before, after] = [oldStart, newStart];
    return lines.flatMap((line): CitedLine[] => {
      const text = line.slice(1);
      if (line.startsWith('-')) return [{ number: before++, mark: '-', text }];
      if (line.startsWith('+')) return [{ number: after++, mark: '+', text }];
      if (!line.startsWith(' ')) return [];
      before++;
      return [{ number: after++, mark: ' ', text }];
    });
  });
}

export function plainLines(text: string): CitedLine[] {
  return text.split('\n').map((line, i) => ({ number: i + 1, mark: ' ', text: line }));
}

function says(line: CitedLine, wanted: string): boolean {
  const text = squeezed(line.text);
  // As it stands, or as the change is shown: behind a mark, and a line number before that.
  const shown = wanted.replace(/^\d+ /, '');
  return [wanted, shown, shown.replace(/^[-+] ?/, '')].some((one) => isTelling(one) && text.includes(one));
}

function squeezed(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

function isTelling(text: string): boolean {
  return (text.match(/[\p{L}\p{N}]/gu) ?? []).length >= SHORTEST;
}
