import { mkdir, readdir, realpath } from 'node:fs/promises';
import { treeOf } from './commits.ts';
import { GitError } from './gitError.ts';
import { git } from './gitProcess.ts';
import { repositoryPath } from './names.ts';
import type { Place } from './place.ts';
import { fillIndex, listTree, pathBytes, withOwnIndex } from './trees.ts';

export interface ExportOptions {
  /** Files or folders, relative to the repository's top, that the export must not hold. */
  readonly leaveOut: readonly string[];
}

/** Writes the files of a tree or commit into a folder that is new or empty: no .git, no history. Line ends and filters are
 *  those of a checkout. A submodule becomes an empty folder.
 *  @throws GitError `not-empty`, `bad-path`, `no-such-revision` */
export async function exportTree(
  place: Place,
  tree: string,
  folder: string,
  { leaveOut }: ExportOptions,
): Promise<void> {
  const absent = leaveOut.map((path) => pathBytes(repositoryPath(path.replace(/\/+$/, ''))));
  const files = await listTree(place, await treeOf(place, tree));
  const kept = files.filter((file) => !absent.some((path) => file.path === path || file.path.startsWith(`${path}/`)));
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new GitError('not-empty', `${folder} is not empty; an export needs a folder of its own`);
  }
  const target = await realpath(folder);
  await withOwnIndex(async (index) => {
    await fillIndex(place, index, kept);
    // With the new folder as working tree, attributes are read from the exported tree and not from the user's files.
    await git({
      at: { ...place, top: target },
      args: ['checkout-index', '--all', '--force', '--quiet'],
      env: { GIT_INDEX_FILE: index },
    });
  });
}
