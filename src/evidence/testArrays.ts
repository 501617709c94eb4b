import { basename, extname } from 'node:path';
import type { Arm } from '../domain/evidence.ts';
import type { TreeFile } from '../git/trees.ts';
import { type ArrayRows, arraysIn, LARGEST_STORED } from './arrayRows.ts';
import type { CheckRequest } from './checkRequest.ts';
import { inputPaths, isWithin } from './contractPaths.ts';
import { isTestInput, isTestName } from './dataRoles.ts';

/** What archives that may vary hold to be predicted, in one arm and the baseline. */
export interface TestArrays {
  /** The baseline's that were looked at. */
  readonly compared: number;
  /** Says which of them is another one in the arm; null where none is. */
  readonly altered: string | null;
}

/** Compares the test arrays of an arm with the baseline's: an archive may vary for its training arrays, and what it holds
 *  to be predicted never does. By the arrays' names; where the contract names its test inputs, they stand for themselves. */
export async function compareTestArrays(
  { repository, contract, registration }: Pick<CheckRequest, 'repository' | 'contract' | 'registration'>,
  arm: Arm,
): Promise<TestArrays> {
  if (contract.test !== undefined || contract.varies.length === 0) return { compared: 0, altered: null };
  const inFolder = (path: string): string => [repository.folder, path].filter(Boolean).join('/');
  const isVarying = (path: string): boolean =>
    extname(path).toLowerCase() === '.npz' &&
    !isTestInput(contract, path) &&
    contract.varies.some((free) => isWithin(path, inFolder(free))) &&
    inputPaths(contract).some((input) => isWithin(path, inFolder(input)));
  const archives = async (tree: string): Promise<Map<string, TreeFile>> =>
    new Map((await repository.listFiles(tree)).filter(({ path }) => isVarying(path)).map((file) => [file.path, file]));
  const [before, after] = [await archives(registration.baseline.tree), await archives(arm.tree)];
  let compared = 0;
  for (const [path, file] of before) {
    const now = after.get(path);
    const [old, own] = [await testArraysOf(repository, file), now ? await testArraysOf(repository, now) : []];
    // What is too large to be read tells nothing.
    if (old === null || own === null) continue;
    compared += old.length;
    // Either way: an archive can hold a name twice, and Python reads the last.
    const changed = onlyIn(old, own) ?? onlyIn(own, old);
    if (changed !== undefined) {
      const altered = `the commit changes the test array ${basename(changed.name)} of ${path}, which may vary for its training arrays alone: put the change on the baseline and measure again`;
      return { compared, altered };
    }
  }
  return { compared, altered: null };
}

function onlyIn(these: readonly ArrayRows[], others: readonly ArrayRows[]): ArrayRows | undefined {
  return these.find((one) => !others.some((other) => isAlike(one, other)));
}

function isAlike(one: ArrayRows, other: ArrayRows): boolean {
  if (one.name !== other.name || one.shape !== other.shape || one.keys.length !== other.keys.length) return false;
  return one.keys.every((key, row) => key === other.keys[row]);
}

/** The arrays of a stored archive that are to be predicted, labels among them; null where it is too large. */
async function testArraysOf(
  repository: CheckRequest['repository'],
  { path, blob, size, mode }: TreeFile,
): Promise<ArrayRows[] | null> {
  if (!mode.startsWith('100') || size > LARGEST_STORED) return null;
  const arrays = await arraysIn({ name: path, path }, await repository.blob(blob));
  return arrays.filter(({ name }) => isTestName(basename(name)));
}
