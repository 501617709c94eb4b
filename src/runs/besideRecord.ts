import { basename } from 'node:path';
import { FileHashes } from './fileHashes.ts';
import { inRun } from './runFolder.ts';

/** SHA-256, by name, of the files that stand beside a run's record: what was to be run, what it printed and when. */
export async function hashBeside(folder: string): Promise<Record<string, string>> {
  const hashes = new FileHashes();
  const found: Record<string, string> = {};
  for (const file of [inRun.spec(folder), inRun.log(folder), inRun.times(folder)]) {
    const sha256 = await hashes.of(file);
    if (sha256 !== null) found[basename(file)] = sha256;
  }
  return found;
}
