import { type Contract, concealed } from '../domain/contract.ts';
import type { Repository } from '../git/repository.ts';
import type { TreeFile } from '../git/trees.ts';
import { isWithin } from './contractPaths.ts';

/** A text file that an arm has and the baseline has not, or has otherwise. */
export interface ChangedText {
  /** From the repository's top. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** Files that differ between two trees, by path from the repository's top. */
export interface TreeDifference {
  /** In the arm's tree alone, or with another content there. */
  readonly changed: readonly TreeFile[];
  /** The baseline's version of those, and what the arm has no longer: what a file may have been made from. */
  readonly before: readonly TreeFile[];
}

/** Bytes of one file that are read. */
export const LARGEST_TEXT = 64 * 2 ** 20;

/** What an arm's tree has that the baseline's has not. A file that only moved is not among it, unless it was hidden.
 *  @param isHidden whether a path, from the repository's top, is out of every run's sight */
export async function differenceOf(
  repository: Pick<Repository, 'listFiles'>,
  baseline: string,
  arm: string,
  isHidden: (path: string) => boolean,
): Promise<TreeDifference> {
  const visible = async (tree: string): Promise<TreeFile[]> =>
    (await repository.listFiles(tree)).filter(({ path }) => !isHidden(path));
  const [before, after] = [await visible(baseline), await visible(arm)];
  const known = new Set(before.map(({ blob }) => blob));
  const kept = new Map(after.map(({ path, blob }) => [path, blob]));
  return {
    changed: after.filter(({ blob }) => !known.has(blob)),
    before: before.filter(({ path, blob }) => kept.get(path) !== blob),
  };
}

/** Whether a path, from the repository's top, is one that the contract hides. */
export function hiddenFrom(
  contract: Pick<Contract, 'hidden' | 'final'>,
  { folder }: Pick<Repository, 'folder'>,
): (path: string) => boolean {
  const roots = concealed(contract).map((path) => [folder, path.replace(/^\.\//, '')].filter(Boolean).join('/'));
  return (path) => roots.some((root) => isWithin(path, root));
}

/** A stored file as lines; null where it is a link, a submodule, too large, or no text. */
export async function textOf(repository: Pick<Repository, 'blob'>, file: TreeFile): Promise<ChangedText | null> {
  if (!file.mode.startsWith('100') || file.size > LARGEST_TEXT) return null;
  const bytes = await repository.blob(file.blob);
  const text = decoded(bytes);
  return text === null ? null : { path: file.path, lines: text.split(/\r?\n/) };
}

/** UTF-8, or UTF-16 where the file says so; a zero byte means that it is neither. */
function decoded(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  return bytes.includes(0) ? null : bytes.toString('utf8');
}
