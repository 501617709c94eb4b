import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ChangeSet, FileChange } from '../domain/change.ts';
import type { Prototype, Reuse } from '../domain/prototype.ts';
import { prototypesIn } from './prototypes.ts';

/** So many telling lines in a row, word for word, are no coincidence: fewer are found in unrelated code too. */
const IN_A_ROW = 5;

/** A line with fewer letters and digits, such as a bracket or `else:`, tells nothing. */
const TELLING = 8;

/** Larger files are data. Bytes. */
const MOST_BYTES = 512 * 1024;

/** Which added lines of a change stand in code that was fetched, whoever put them there: compared line by line, spaces aside.
 *  Nothing fetched costs nothing. */
export async function reusedIn(changes: ChangeSet, workspace: string): Promise<Reuse[]> {
  const prototypes = await prototypesIn(workspace);
  const added = changes.files.map((file) => ({ path: file.path, runs: addedRuns(file) }));
  const found: Reuse[] = [];
  for (const prototype of prototypes) {
    const shingles = await shinglesOf(path.join(workspace, prototype.folder));
    for (const { path: changed, runs } of added) found.push(...reuses(changed, runs, shingles, prototype));
  }
  return found;
}

/** What is told of it where a change is put before a person, as Markdown; '' where nothing is reused. */
export function reuseInWords(reused: readonly Reuse[]): string {
  const lines = reused.map(({ path: changed, lines, url, commit, file, licence }) => {
    const under = licence === null ? 'no licence that is known' : `licence ${licence}`;
    return `- \`${changed}\`: ${lines} added lines stand in \`${file}\` of ${url} at ${commit.slice(0, 12)}, ${under}`;
  });
  return lines.length === 0 ? '' : `Taken over from others:\n${lines.join('\n')}`;
}

function reuses(
  changed: string,
  runs: readonly (readonly string[])[],
  shingles: ReadonlyMap<string, string>,
  { url, commit, licence }: Prototype,
): Reuse[] {
  const lines = new Map<string, number>();
  for (const run of runs) {
    const from = new Map<number, string>();
    for (const [at, shingle] of shinglesIn(run)) {
      const file = shingles.get(shingle);
      if (file !== undefined) for (let i = 0; i < IN_A_ROW; i++) from.set(at + i, from.get(at + i) ?? file);
    }
    for (const file of from.values()) lines.set(file, (lines.get(file) ?? 0) + 1);
  }
  return [...lines].map(([file, count]) => ({ path: changed, lines: count, url, commit, file, licence: licence.spdx }));
}

/** The telling lines of each hunk that are added, in a row. */
function addedRuns({ binary, hunks }: FileChange): string[][] {
  if (binary) return [];
  return hunks.map(({ lines }) => telling(lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1))));
}

/** Every run of lines in a folder of code, with the first file that has it. */
async function shinglesOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = new Map<string, string>();
  for (const entry of entries) {
    const whole = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || (await stat(whole)).size > MOST_BYTES) continue;
    const file = path.relative(folder, whole).replaceAll('\\', '/');
    const text = await readFile(whole, 'utf8');
    if (text.includes('\0')) continue;
    for (const [, shingle] of shinglesIn(telling(text.split('\n')))) if (!found.has(shingle)) found.set(shingle, file);
  }
  return found;
}

function telling(lines: readonly string[]): string[] {
  const bare = lines.map((line) => line.replace(/\s+/g, ''));
  return bare.filter((line) => (line.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= TELLING);
}

function* shinglesIn(lines: readonly string[]): Generator<[at: number, shingle: string]> {
  for (let at = 0; at + IN_A_ROW <= lines.length; at++) yield [at, lines.slice(at, at + IN_A_ROW).join('\n')];
}
