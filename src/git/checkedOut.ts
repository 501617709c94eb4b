import { git } from './gitProcess.ts';
import { objectId } from './names.ts';
import type { Place } from './place.ts';
import { readBlob, type TreeFile } from './trees.ts';

/** A stored file's bytes as a checkout would write them at this path: line ends and filters applied; a link's target as it is. */
export async function checkedOutContent(place: Place, file: TreeFile, path: string): Promise<Buffer> {
  if (!file.mode.startsWith('100')) return readBlob(place, file.blob);
  const args = ['cat-file', '--filters', `--path=${path}`, objectId(file.blob)];
  return (await git({ at: place, args })).stdout;
}
