import type { ChangeSet, FileChange, Hunk } from '../domain/change.ts';
import { chosenLines } from '../domain/chosenLines.ts';
import type { Repository } from '../git/repository.ts';
import type { TreeChange } from '../git/trees.ts';
import { ChangeError } from './changeError.ts';

/** The tree of the base with the accepted hunks and nothing else, byte for byte: contents are put together from the lines of the
 *  two stored files, never from the text of the hunks, so any encoding survives.
 *  @throws ChangeError `inconsistent` where the decisions ask for a file and a folder of one name
 *  @throws GitError `no-such-revision`, `no-such-object` where the base or the tree is gone */
export async function acceptedTree(repository: Repository, changeSet: ChangeSet): Promise<string> {
  const hunks = changeSet.files.flatMap((file) => file.hunks);
  if (hunks.every(isAccepted)) return changeSet.tree;
  const base = await repository.resolve(changeSet.base);
  if (!hunks.some(isAccepted)) return base.tree;
  refuseClash(changeSet.files);
  const before = new Map((await repository.listFiles(base.tree)).map((file) => [file.path, file]));
  const changes: TreeChange[] = [];
  for (const file of changeSet.files.filter((one) => !one.hunks.every(isAccepted))) {
    const original = before.get(file.path);
    const partly = file.hunks.some(isAccepted);
    if (original === undefined) changes.push({ path: file.path, content: null });
    else if (partly) changes.push({ path: file.path, content: await partOf(repository, file) });
    else changes.push({ path: file.path, blob: original.blob, mode: original.mode });
  }
  return repository.writeTreeWith(changeSet.tree, changes);
}

/** The bytes of `before` with the lines of `after` where a hunk is accepted. */
export function withAccepted(before: Buffer, after: Buffer, hunks: readonly Hunk[]): Buffer {
  return Buffer.concat(chosenLines(linesOf(before), linesOf(after), hunks, isAccepted));
}

function isAccepted(hunk: Hunk): boolean {
  return hunk.decision === 'accepted';
}

async function partOf(repository: Repository, file: FileChange): Promise<Buffer> {
  const [before, after] = await Promise.all(
    [file.before, file.after].map((id) => (id === null ? Buffer.alloc(0) : repository.blob(id))),
  );
  return withAccepted(before ?? Buffer.alloc(0), after ?? Buffer.alloc(0), file.hunks);
}

/** Lines with their line feeds; the last one may lack it. */
function linesOf(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  while (start < content.length) {
    const end = content.indexOf(0x0a, start);
    const next = end < 0 ? content.length : end + 1;
    lines.push(content.subarray(start, next));
    start = next;
  }
  return lines;
}

/** A file can only become a folder, or the reverse, when both halves of that change are accepted. */
function refuseClash(files: readonly FileChange[]): void {
  const present = (file: FileChange) => (file.hunks.some(isAccepted) ? file.kind !== 'deleted' : file.kind !== 'added');
  const paths = new Set(files.filter(present).map((file) => file.path));
  for (const path of paths) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (paths.has(folder)) {
        throw new ChangeError(
          'inconsistent',
          `${folder} cannot be a file and the folder of ${path}: accept or reject both changes`,
        );
      }
    }
  }
}
