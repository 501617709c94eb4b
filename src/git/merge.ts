import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError } from './gitError.ts';
import { git } from './gitProcess.ts';
import { withOwnFolder } from './trees.ts';

export interface Merged {
  readonly content: Buffer;
  /** Places where both sides changed the same lines; there `content` has ours. */
  readonly conflicts: number;
}

/** Merges line by line what two sides made of one base.
 *  @returns null for binary content, which cannot be merged */
export async function mergeContents(base: Buffer, ours: Buffer, theirs: Buffer): Promise<Merged | null> {
  if ([base, ours, theirs].some((content) => content.subarray(0, 8000).includes(0))) return null;
  return withOwnFolder(async (folder) => {
    const names = ['ours', 'base', 'theirs'].map((name) => join(folder, name));
    const contents = [ours, base, theirs];
    await Promise.all(names.map((name, at) => writeFile(name, contents[at] ?? Buffer.alloc(0))));
    // The exit code counts the conflicts, up to 127; above that it is an error.
    const counts = Array.from({ length: 128 }, (_, count) => count);
    const merge = (...options: string[]) =>
      git({ at: folder, args: ['merge-file', '-p', '-q', ...options, ...names], exits: counts });
    const plain = await merge();
    if (plain.exit === 0) return { content: plain.stdout, conflicts: 0 };
    const kept = await merge('--ours');
    if (kept.exit !== 0)
      throw new GitError('failed', `git merge-file could not settle ${plain.exit} conflicts`, kept.stderr);
    return { content: kept.stdout, conflicts: plain.exit };
  });
}
