import { spawnSync } from 'node:child_process';
import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Types of file systems that keep files in memory (tmpfs, ramfs), by the numbers of linux/magic.h. */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);

/** A folder that covers another needs room for mount points alone. Bytes. */
const COVER_BYTES = 2 ** 20;

/** bubblewrap's help, asked for once: `--size` came with 0.7. */
let help: string | null = null;

/**
 * A sandbox's empty folder in memory, in bubblewrap's words. What it holds shows in no process's resident set, so it has
 * a size.
 */
export function memoryFolder(place: string, bytes = COVER_BYTES): string[] {
  help ??= spawnSync('bwrap', ['--help'], { encoding: 'utf8' }).stdout ?? '';
  return [...(help.includes('--size') ? ['--size', String(Math.ceil(bytes))] : []), '--tmpfs', place];
}

/** Where runs' temporary files go: on a disk where the machine has one for them, for what is in memory is not counted. */
export function temporaryPlace(): string {
  return [tmpdir(), '/var/tmp'].find((place) => isOnDisk(place)) ?? tmpdir();
}

function isOnDisk(place: string): boolean {
  try {
    accessSync(place, constants.W_OK);
    return process.platform !== 'linux' || !IN_MEMORY.has(statfsSync(place).type);
  } catch {
    // A place that is missing or not ours is no place for a run.
    return false;
  }
}
