import { createHash } from 'node:crypto';
import type { ChangeSet, FileChange, Hunk } from '../domain/change.ts';
import { treeOf } from './commits.ts';
import { type RawHunk, type RawPatch, rawPatches } from './diff.ts';
import type { Place } from './place.ts';
import { pathText } from './trees.ts';

/** What a tree or commit proposes against a base commit: every hunk open. A hunk's id depends on its path and lines alone,
 *  so a hunk that a later proposal leaves as it was keeps its id.
 *  @throws GitError `no-such-revision` */
export async function changeSet(place: Place, base: string, proposal: string, title: string): Promise<ChangeSet> {
  const tree = await treeOf(place, proposal);
  const patches = await rawPatches(place, await treeOf(place, base), tree);
  return { id: digest([base, tree]), title, base, tree, files: patches.map(fileChange) };
}

function fileChange(patch: RawPatch): FileChange {
  const { before, after, hunks } = patch;
  const path = pathText(patch.path);
  const common = { path, kind: kindOf(patch), before: before?.blob ?? null, after: after?.blob ?? null };
  if (hunks === null || hunks.length === 0) {
    const id = digest([path, JSON.stringify([before, after])]);
    const whole: Hunk = { id, oldStart: 0, oldLines: 0, newStart: 0, newLines: 0, lines: [], decision: 'open' };
    return { ...common, binary: hunks === null, hunks: [whole] };
  }
  const seen = new Map<string, number>();
  return { ...common, binary: false, hunks: hunks.map((hunk) => toHunk(path, hunk, seen)) };
}

function toHunk(path: string, raw: RawHunk, seen: Map<string, number>): Hunk {
  const content = raw.lines.join('\n');
  const before = seen.get(content) ?? 0;
  seen.set(content, before + 1);
  return { ...raw, id: digest([path, content, String(before)]), lines: raw.lines.map(pathText), decision: 'open' };
}

function kindOf({ before, after }: RawPatch): FileChange['kind'] {
  if (before === null) return 'added';
  return after === null ? 'deleted' : 'modified';
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
