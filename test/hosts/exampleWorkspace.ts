import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder like a researcher's: one script, opened as the workspace. The caller removes it. */
export async function exampleWorkspace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mlr-workspace-'));
  await writeFile(join(folder, 'train.py'), 'print("epoch 1 loss 0.5")\n');
  return folder;
}
