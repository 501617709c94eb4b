import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { hashTree, removeTree } from '../runs/treeFiles.ts';

/** Folders that this process filled, or found to hold what it would fill them with, by their SHA-256. */
const made = new Map<string, Promise<string>>();

/** Fills a folder, or uses what it holds; one that another process left is used only where it holds the very same.
 *  @param fill writes into an empty folder
 *  @param altered is told where a folder held something else, and was filled anew */
export async function fillOnce(
  folder: string,
  fill: (draft: string) => Promise<void>,
  altered: () => Promise<void>,
): Promise<void> {
  const known = made.get(folder);
  if (known !== undefined) await known;
  if (known !== undefined && existsSync(folder)) return;
  const making = make(folder, fill, altered);
  made.set(folder, making);
  // Whoever comes next tries it himself.
  making.catch(() => made.delete(folder));
  await making;
}

/** SHA-256 of a folder when it was filled; undefined for one that this process did not fill. */
export async function filledSha256(folder: string): Promise<string | undefined> {
  return await made.get(folder);
}

/** Under another name first, so that a crash leaves no half-filled folder. */
async function make(
  folder: string,
  fill: (draft: string) => Promise<void>,
  altered: () => Promise<void>,
): Promise<string> {
  const draft = `${folder}.${randomBytes(4).toString('hex')}.draft`;
  await mkdir(draft, { recursive: true });
  try {
    await fill(draft);
    const sha256 = await hashTree(draft);
    if (existsSync(folder)) {
      if ((await hashTree(folder)) === sha256) return sha256;
      await altered();
      await removeTree(folder);
    }
    await rename(draft, folder);
    return sha256;
  } finally {
    await removeTree(draft);
  }
}
