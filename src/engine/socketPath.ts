import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { EngineError } from './errors.ts';

/** Where a workspace's engine listens: a socket in a folder that only this user may enter.
 *  @param suffix tells the engines of command lines, one a process, from the workspace's own
 *  @throws EngineError `unsafe-folder` when somebody else owns the folder */
export async function socketPath(workspace: string, suffix = ''): Promise<string> {
  const name = createHash('sha256').update(workspace).digest('hex').slice(0, 16) + suffix;
  if (process.platform === 'win32') return `\\\\.\\pipe\\mlr-${userInfo().username}-${name}`;
  const folder = path.join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `mlr-${process.getuid?.() ?? 0}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new EngineError(
      'unsafe-folder',
      `${folder} belongs to somebody else; remove it, or set XDG_RUNTIME_DIR to a folder of your own.`,
    );
  }
  await chmod(folder, 0o700);
  return path.join(folder, `${name}.sock`);
}
