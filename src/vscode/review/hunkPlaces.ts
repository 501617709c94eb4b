import type { ChangeSet, FileChange, Hunk } from '../../domain/change.ts';
import { chosenLines, startsOf } from '../../domain/chosenLines.ts';
import type { Decision, Decisions } from './decisions.ts';

/** Where a hunk stands in the proposal as it is shown: with what was rejected taken back. Lines are 0-based. */
export interface HunkPlace {
  readonly id: string;
  readonly path: string;
  /** Its number among all hunks of the change set, from 1. */
  readonly nth: number;
  readonly decision: Decision;
  /** The lines it changes, without the unchanged ones around them; none where it only removes. */
  readonly line: number;
  readonly lines: number;
  /** The whole of it, with what is around. */
  readonly from: number;
  readonly to: number;
  /** How many lines it takes away. */
  readonly removes: number;
  readonly hunk: Hunk;
}

/** The hunks of a change set in the order of its files. */
export function placesOf(changes: ChangeSet, decisions: Decisions): HunkPlace[] {
  const places: HunkPlace[] = [];
  for (const file of changes.files) {
    let moved = 0;
    for (const hunk of file.hunks) {
      const decision = decisions.of(hunk);
      const isBack = decision === 'rejected';
      const { lead, gone, put } = spanOf(hunk);
      const from = startsOf(hunk).put + moved;
      const to = from + (isBack ? hunk.oldLines : hunk.newLines);
      if (isBack) moved += hunk.oldLines - hunk.newLines;
      const span = { line: from + lead, lines: isBack ? gone : put, from, to, removes: gone };
      places.push({ id: hunk.id, path: file.path, nth: places.length + 1, decision, ...span, hunk });
    }
  }
  return places;
}

/** How many unchanged lines lead a hunk, and how many lines then go and come, up to the last change. */
function spanOf({ lines, oldLines, newLines }: Hunk): { lead: number; gone: number; put: number } {
  const isChange = (line: string): boolean => line.startsWith('+') || line.startsWith('-');
  const real = lines.filter((line) => !line.startsWith('\\'));
  const lead = Math.max(0, real.findIndex(isChange));
  const trail = real.length === 0 ? 0 : real.length - 1 - real.findLastIndex(isChange);
  return { lead, gone: Math.max(0, oldLines - lead - trail), put: Math.max(0, newLines - lead - trail) };
}

/** A file as it would be with some of its hunks.
 *  @param isTaken whether a hunk is put in */
export function textWith(
  file: FileChange,
  { before, after }: { before: string | null; after: string | null },
  isTaken: (hunk: Hunk) => boolean,
): string {
  // What has no lines, a binary file or a change of its mode, is there as a whole or not at all.
  const whole = file.hunks.length === 1 && file.hunks[0]?.lines.length === 0 ? file.hunks[0] : undefined;
  if (whole) return (isTaken(whole) ? after : before) ?? '';
  return chosenLines(linesOf(before), linesOf(after), file.hunks, isTaken).join('');
}

/** Where the lines that a hunk changes stand in a text that may have been edited since: the place nearest to where they
 *  were.
 *  @returns the 0-based line, or null where they do not stand there any more */
export function lineInEdited(base: string, edited: string, hunk: Hunk): number | null {
  const [old, now] = [linesOf(base).map(bare), linesOf(edited).map(bare)];
  const { lead, gone } = spanOf(hunk);
  const from = startsOf(hunk).old;
  const whole = nearest(now, old.slice(from, from + hunk.oldLines), from);
  if (whole !== null) return whole + lead;
  // What is around it was edited; what it takes away may be as it was.
  return gone === 0 ? null : nearest(now, old.slice(from + lead, from + lead + gone), from + lead);
}

/** The place of a block of lines that is nearest to a line. */
function nearest(lines: readonly string[], block: readonly string[], line: number): number | null {
  const stands = (at: number): boolean => at >= 0 && block.every((text, i) => lines[at + i] === text);
  for (let away = 0; away <= Math.max(lines.length, line); away++) {
    if (stands(line + away)) return line + away;
    if (stands(line - away)) return line - away;
  }
  return null;
}

/** Lines with their line feeds; the last one may lack it. */
function linesOf(text: string | null): string[] {
  return text === null || text === '' ? [] : text.split(/(?<=\n)/);
}

function bare(line: string): string {
  return line.replace(/\r?\n$/, '');
}
