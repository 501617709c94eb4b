import { resolveRevision } from './commits.ts';
import { type RawChange, rawChanges, type Side } from './diff.ts';
import { mergeContents } from './merge.ts';
import { objectId } from './names.ts';
import type { Place } from './place.ts';
import { listTree, pathText, readBlob, submoduleMode, type TreeEntry, writeBlobs, writeTree } from './trees.ts';

export interface Transplant {
  readonly tree: string;
  /** Paths where both sides changed the same lines, or what cannot be merged; there the tree has the text of `onto`. */
  readonly conflicts: string[];
}

/** Applies what changed between two commits to a third, file by file.
 *  @throws GitError `no-such-revision` */
export async function transplant(
  place: Place,
  repair: { from: string; to: string },
  onto: string,
): Promise<Transplant> {
  const target = await resolveRevision(place, onto);
  const entries = new Map<string, TreeEntry>((await listTree(place, target.tree)).map((file) => [file.path, file]));
  const conflicts: string[] = [];
  for (const change of await rawChanges(place, objectId(repair.from), objectId(repair.to))) {
    const current = entries.get(change.path) ?? null;
    const settled = await settle(place, change, current);
    if (settled.conflict) conflicts.push(pathText(change.path));
    if (settled.side === null) entries.delete(change.path);
    else entries.set(change.path, { path: change.path, ...settled.side });
  }
  return { tree: await writeTree(place, [...entries.values()]), conflicts };
}

interface Settled {
  readonly side: Side | null;
  readonly conflict: boolean;
}

async function settle(place: Place, { before, after }: RawChange, current: Side | null): Promise<Settled> {
  if (same(current, before)) return { side: after, conflict: false };
  if (same(current, after)) return { side: current, conflict: false };
  if (
    current === null ||
    after === null ||
    !isFile(current) ||
    !isFile(after) ||
    (before !== null && !isFile(before))
  ) {
    return { side: current, conflict: true };
  }
  const mode = before !== null && current.mode === before.mode ? after.mode : current.mode;
  const base = before === null ? Buffer.alloc(0) : await readBlob(place, before.blob);
  const merged = await mergeContents(base, await readBlob(place, current.blob), await readBlob(place, after.blob));
  if (merged === null) return { side: { ...current, mode }, conflict: true };
  const [blob = current.blob] = await writeBlobs(place, [merged.content]);
  return { side: { mode, blob }, conflict: merged.conflicts > 0 };
}

function same(one: Side | null, other: Side | null): boolean {
  return one === null || other === null ? one === other : one.mode === other.mode && one.blob === other.blob;
}

function isFile(side: Side): boolean {
  return side.mode !== submoduleMode && side.mode.startsWith('100');
}
