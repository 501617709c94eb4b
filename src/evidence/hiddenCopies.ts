import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { FileHashes } from '../runs/fileHashes.ts';
import { hiddenFrom } from './changedText.ts';
import { allArms, type CheckRequest } from './checkRequest.ts';
import { filesOf, inputsOf, type NamedFile } from './inputFiles.ts';

/** A file of fewer bytes may well equal another by accident. */
const LEAST_BYTES = 48;
/** Hidden files up to here are compared with files of a tree. Bytes. */
const LARGEST = 512 * 2 ** 20;

/** A file that every run could read and that is, byte for byte, a hidden one: in an arm's tree or among its inputs.
 *  Copies that lie elsewhere in the workspace folder are not there for a confined run; those elsewhere on the machine
 *  nobody can know of.
 *  @returns in words where it is, or null */
export async function findHiddenCopy(request: CheckRequest): Promise<string | null> {
  const { arms, repository, contract } = request;
  const hidden: (NamedFile & { bytes: number })[] = [];
  for (const file of await filesOf(arms.concealed)) {
    const { size } = await stat(file.path);
    if (size >= LEAST_BYTES && size <= LARGEST) hidden.push({ ...file, bytes: size });
  }
  if (hidden.length === 0) return null;
  const isHidden = hiddenFrom(contract, repository);
  const blobs = new Map<string, string>();
  for (const { name, path } of hidden) for (const blob of blobsOf(await readFile(path))) blobs.set(blob, name);
  for (const arm of allArms(request)) {
    for (const { path, blob } of await repository.listFiles(arm.tree)) {
      if (!isHidden(path) && blobs.has(blob)) return `${path} of ${arm.revision} is a copy of ${blobs.get(blob)}`;
    }
  }
  return await amongInputs(request, hidden);
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
