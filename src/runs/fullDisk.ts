import { statfs } from 'node:fs/promises';
import { systemCode } from './runError.ts';

/** Less room than this is none: not even a run's record fits well. Bytes. */
const LEAST_ROOM = 256 * 1024;

/** Whether an error says that no room is left, on the disk or in somebody's share of it. */
export function isFullDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '');
}

/** Whether the disk that holds a folder has no room left, by what the system says of it. */
export async function hasNoRoom(folder: string): Promise<boolean> {
  // A file system that cannot say is none that is full.
  const room = await statfs(folder).catch(() => null);
  return room !== null && room.bavail * room.bsize < LEAST_ROOM;
}

/** What to say of it. */
export function fullDiskSentence(folder: string): string {
  return `The disk that holds ${folder} is full; make room there and go on.`;
}
