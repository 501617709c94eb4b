import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import type { Arm } from '../domain/evidence.ts';
import { FileHashes } from '../runs/fileHashes.ts';
import { hiddenFrom } from './changedText.ts';
import type { CheckRequest } from './checkRequest.ts';
import { filesOf, inputsOf, type NamedFile } from './inputFiles.ts';

/** A file of fewer bytes may well equal another by accident. */
const LEAST_BYTES = 48;
/** Hidden files up to here are compared with files of a tree. Bytes. */
const LARGEST = 512 * 2 ** 20;

/** A copy of a hidden file, in words. */
export interface HiddenCopy {
  readonly found: string;
  /** The variant that alone has it; absent where the baseline or an input holds it, and so every run. */
  readonly revision?: string;
}

/** Files that runs could read and that are, byte for byte, a hidden one: in an arm's tree or among the inputs.
 *  Copies that lie elsewhere in the workspace folder are not there for a confined run; those elsewhere on the machine
 *  nobody can know of.
 *  @returns one that every run could read alone, else one for each variant that brought its own */
export async function findHiddenCopies(request: CheckRequest): Promise<HiddenCopy[]> {
  const { arms, repository, contract, registration } = request;
  const hidden: (NamedFile & { bytes: number })[] = [];
  for (const file of await filesOf(arms.concealed)) {
    const { size } = await stat(file.path);
    if (size >= LEAST_BYTES && size <= LARGEST) hidden.push({ ...file, bytes: size });
  }
  if (hidden.length === 0) return [];
  const isHidden = hiddenFrom(contract, repository);
  const blobs = new Map<string, string>();
  for (const { name, path } of hidden) for (const blob of blobsOf(await readFile(path))) blobs.set(blob, name);
  const inTree = async ({ tree, revision }: Arm): Promise<string | null> => {
    const files = await repository.listFiles(tree);
    const copy = files.find(({ path, blob }) => !isHidden(path) && blobs.has(blob));
    return copy ? `${copy.path} of ${revision} is a copy of ${blobs.get(copy.blob)}` : null;
  };
  const shared = (await inTree(registration.baseline)) ?? (await amongInputs(request, hidden));
  if (shared !== null) return [{ found: shared }];
  const own: HiddenCopy[] = [];
  for (const arm of registration.variants) {
    const found = await inTree(arm);
    if (found !== null) own.push({ found, revision: arm.revision });
  }
  return own;
}

async function amongInputs(
  request: CheckRequest,
  hidden: readonly (NamedFile & { bytes: number })[],
): Promise<string | null> {
  const hashes = new FileHashes();
  for (const { name, path } of await filesOf(inputsOf(request, request.arms.evaluator))) {
    const { size } = await stat(path);
    for (const secret of hidden) {
      // The hidden file itself, under whatever name, is masked in every binding.
      if (secret.bytes !== size || (await realpath(secret.path)) === (await realpath(path))) continue;
      if ((await hashes.of(path)) === (await hashes.of(secret.path)))
        return `the input ${name} is a copy of ${secret.name}`;
    }
  }
  return null;
}

/** A blob's name in a repository of either kind: git hashes a header with the content. */
function blobsOf(content: Buffer): string[] {
  return ['sha1', 'sha256'].map((kind) =>
    createHash(kind).update(`blob ${content.length}\0`).update(content).digest('hex'),
  );
}
