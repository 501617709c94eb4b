import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const inUse = new Set<string>();
let listening = false;

/** Makes a folder under the system's temporary one; Ctrl-C or an error that ends the tests removes it too. */
export async function scratchFolder(prefix: string): Promise<string> {
  if (!listening) process.once('exit', removeAll);
  listening = true;
  const folder = await mkdtemp(join(tmpdir(), prefix));
  inUse.add(folder);
  return folder;
}

/** Processes that were just killed may hold files for a moment longer. */
export async function removeScratch(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  inUse.delete(folder);
}

function removeAll(): void {
  for (const folder of inUse) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
