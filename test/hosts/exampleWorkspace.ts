import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder } from './scratchFolder.ts';

/** A folder like a researcher's: one script, opened as the workspace. The caller removes it with `removeScratch`. */
export async function exampleWorkspace(): Promise<string> {
  const folder = await scratchFolder('mlr-workspace-');
  await writeFile(join(folder, 'train.py'), 'print("epoch 1 loss 0.5")\n');
  return folder;
}
