import { GitError } from './gitError.ts';
import { git } from './gitProcess.ts';
import { objectId } from './names.ts';
import type { Place } from './place.ts';
import { pathText, zeroSeparated } from './trees.ts';

/** One side of a change: how a tree holds a file. */
export interface Side {
  readonly mode: string;
  readonly blob: string;
}

/** A file that two trees hold differently; null where it does not exist. The path is bytes (see `pathBytes`). */
export interface RawChange {
  readonly path: string;
  readonly before: Side | null;
  readonly after: Side | null;
}

/** A hunk as git prints it: 1-based line numbers, lines as bytes with their prefix and without their line end. */
export interface RawHunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: string[];
}

/** What git prints of one file: null hunks where it takes the file for binary. */
export interface RawPatch extends RawChange {
  readonly hunks: RawHunk[] | null;
}

/** Unified diff of two trees or commits for people to read: no renames, three lines of context, binary files only named. */
export async function diffText(place: Place, from: string, to: string): Promise<string> {
  return (await printedDiff(place, from, to)).toString('utf8');
}

export async function changedPaths(place: Place, from: string, to: string): Promise<string[]> {
  return (await rawChanges(place, from, to)).map((change) => pathText(change.path));
}

/** The files that two trees or commits hold differently, in git's order. */
export async function rawChanges(place: Place, from: string, to: string): Promise<RawChange[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--full-index', objectId(from), objectId(to)];
  const fields = zeroSeparated((await git({ at: place, args })).stdout);
  const changes: RawChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) changes.push(parseRaw(fields[at] ?? '', fields[at + 1] ?? ''));
  return changes;
}

/** The same files with their hunks. Names come from git's zero-separated list, so any name is right;
 *  the sections of the printed diff follow in the same order. */
export async function rawPatches(place: Place, from: string, to: string): Promise<RawPatch[]> {
  const changes = await rawChanges(place, from, to);
  const sections = splitSections((await printedDiff(place, from, to)).toString('latin1'));
  let at = 0;
  const patches = changes.map((change): RawPatch => {
    // A file that turns into a link, or back, is printed as one section that deletes it and one that adds it.
    const wide = change.before !== null && change.after !== null && kindOf(change.before) !== kindOf(change.after);
    const section = sections[at] ?? '';
    at += wide ? 2 : 1;
    return { ...change, hunks: wide ? null : parseHunks(section) };
  });
  if (at !== sections.length) {
    throw new GitError(
      'failed',
      `git printed ${sections.length} diffs for ${changes.length} changed files of ${place.top}`,
    );
  }
  return patches;
}

async function printedDiff(place: Place, from: string, to: string): Promise<Buffer> {
  const form = [
    '-p',
    '-U3',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--full-index',
    '--histogram',
  ];
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/', '--submodule=short'];
  return (await git({ at: place, args: ['diff-tree', '-r', ...form, ...prefixes, objectId(from), objectId(to)] }))
    .stdout;
}

function kindOf(side: Side): string {
  return side.mode.slice(0, 3);
}

function parseRaw(facts: string, path: string): RawChange {
  const match = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]/.exec(facts);
  if (!match) throw new GitError('failed', `git listed a change in an unknown form: ${facts.slice(0, 120)}`);
  const [, oldMode = '', newMode = '', oldBlob = '', newBlob = ''] = match;
  const side = (mode: string, blob: string): Side | null => (mode === '000000' ? null : { mode, blob });
  return { path, before: side(oldMode, oldBlob), after: side(newMode, newBlob) };
}

/** Every line of a file's content begins with a blank, '+', '-' or '\', so this header cannot be content. */
function splitSections(printed: string): string[] {
  // No `m` flag: it would take a carriage return inside a line for a line's end.
  return printed.split(/(?<=\n)(?=diff --git )/).filter((section) => section.startsWith('diff --git '));
}

function parseHunks(section: string): RawHunk[] | null {
  const hunks: RawHunk[] = [];
  let current: RawHunk | null = null;
  for (const line of section.split('\n')) {
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (header) {
      const [, oldStart, oldLines = '1', newStart, newLines = '1'] = header;
      current = {
        oldStart: Number(oldStart),
        oldLines: Number(oldLines),
        newStart: Number(newStart),
        newLines: Number(newLines),
        lines: [],
      };
      hunks.push(current);
    } else if (current !== null) {
      if (line !== '') current.lines.push(line);
    } else if (line.startsWith('Binary files ')) {
      return null;
    }
  }
  return hunks;
}
