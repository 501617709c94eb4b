import { readFileSync, statSync } from 'node:fs';

/** Seven columns (slot, references, protocol, flags, type, state, inode), then the path, where the socket has one. */
const ROW = /^\S+: (?:\S+ +){6}(\/.*)$/;

/** Answers who has which user number, and nothing else: without it, users of a directory service have no name. */
const HARMLESS = new Set(['/var/lib/sss/pipes/nss']);

/**
 * Unix sockets of this machine that stand for somebody else's power (key agents, container engines, databases): neither
 * a read-only mount nor a network of one's own keeps a process from using one that it sees.
 * @param table what the kernel lists, as /proc/net/unix has it: the sockets of this network namespace
 */
export function machineSockets(table = kernelTable()): string[] {
  const paths = table.split('\n').flatMap((line) => ROW.exec(line)?.[1] ?? []);
  // A container's socket is listed by the path that the container sees, which here may be anything.
  return [...new Set(paths)].filter((path) => !HARMLESS.has(path) && isSocket(path));
}

function kernelTable(): string {
  return process.platform === 'linux' ? readFileSync('/proc/net/unix', 'utf8') : '';
}

function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    // Gone by now, or in a folder that this user, and so a run, may not enter.
    return false;
  }
}
