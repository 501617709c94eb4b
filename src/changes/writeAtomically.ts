import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Puts a whole content in a file's place at once, so that no reader and no crash ever sees half of it. A file that exists keeps
 *  its mode and owner unless a mode is given; folders that are missing are made. */
export async function writeAtomically(file: string, content: Buffer, mode?: number): Promise<void> {
  const facts = await stat(file).catch(() => null);
  await mkdir(dirname(file), { recursive: true });
  const temporary = join(dirname(file), `.${basename(file).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const kept = mode ?? facts?.mode;
    if (facts !== null && process.getuid?.() === 0) await chown(temporary, facts.uid, facts.gid);
    if (kept !== undefined) await chmod(temporary, kept & 0o7777);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
