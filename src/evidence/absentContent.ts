import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contract } from '../domain/contract.ts';
import type { Repository } from '../git/repository.ts';
import { inputPaths, isWithin } from './contractPaths.ts';

type Files = Pick<Repository, 'listFiles' | 'folder'>;

const SUBMODULE = '160000';
/** What a pointer begins with. Source: the Git LFS specification, version 1. */
const POINTER = 'version https://git-lfs.github.com/spec/v1\n';
/** Pointers are about 130 bytes; the specification bounds them by this. */
const POINTER_BYTES = 1024;
/** As many are named; of more, their number is told. */
const NAMED = 3;

/** Paths of a tree, relative to the repository's top, that hold a Git LFS pointer in the place of a file.
 *  @param folder an export of the tree: where LFS is installed it holds the files themselves */
export async function pointersIn(
  repository: Pick<Repository, 'listFiles'>,
  tree: string,
  folder: string,
): Promise<string[]> {
  const files = await repository.listFiles(tree);
  const attributes = files.filter(({ path }) => path === '.gitattributes' || path.endsWith('/.gitattributes'));
  const texts = await Promise.all(attributes.map(({ path }) => textIfThere(join(folder, path))));
  if (!texts.some((text) => text.includes('filter=lfs'))) return [];
  const small = files.filter(({ mode, size }) => mode.startsWith('100') && size <= POINTER_BYTES);
  const found: string[] = [];
  for (const { path } of small) if ((await textIfThere(join(folder, path))).startsWith(POINTER)) found.push(path);
  return found;
}

/** What a tree names and does not hold, in sentences for whoever measures it: a run that reads it fails or learns from
 *  nothing. What the contract lists under `inputs` comes from the workspace and is not told of. */
export async function absentContent(
  repository: Files,
  tree: string,
  pointers: readonly string[],
  contract: Pick<Contract, 'inputs'>,
): Promise<string[]> {
  const given = inputPaths(contract).map((path) => [repository.folder, path].filter(Boolean).join('/'));
  const isGiven = (path: string): boolean => given.some((own) => isWithin(path, own));
  const submodules = (await repository.listFiles(tree)).filter(({ mode }) => mode === SUBMODULE);
  const empty = submodules.map(({ path }) => path).filter((path) => !isGiven(path));
  const unfetched = pointers.filter((path) => !isGiven(path));
  const wayOut = 'A run that needs it gets it from the workspace when it is named under `inputs` in mlr.yaml.';
  return [
    ...(empty.length === 0
      ? []
      : [
          `Runs see an empty folder in the place of ${listed(empty, 'submodule')}, which no commit here holds. ${wayOut}`,
        ]),
    ...(unfetched.length === 0
      ? []
      : [`Runs see a Git LFS pointer in the place of ${listed(unfetched, 'file')}. ${wayOut}`]),
  ];
}

function listed(paths: readonly string[], kind: string): string {
  const names = paths.slice(0, NAMED).map((path) => JSON.stringify(path));
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
  return `the ${kind}${paths.length > 1 ? 's' : ''} ${names.join(', ')}${more}`;
}

/** Text of a file, '' where there is none. */
async function textIfThere(path: string): Promise<string> {
  return await readFile(path, 'latin1').catch(() => '');
}
