import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { systemCode } from './runError.ts';

/** One process of this machine. Bytes. */
export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** Tells a process from a later one with the same pid. */
  started: string;
  residentBytes: number;
  name: string;
}

export const HAS_PROC = process.platform === 'linux';

const pageBytes = HAS_PROC ? readPageBytes() : 4096;

/** Room for a line of /proc/PID/stat, whose numbers and name are bounded. */
const statLine = Buffer.alloc(4_096);

/** Every process (of `pids`, as `listPids` gives them) but those in `skip` and zombies. */
export function listProcesses(skip: ReadonlySet<number> = new Set(), pids = listPids()): ProcessRow[] {
  if (!HAS_PROC) return listByPs().filter((row) => !skip.has(row.pid));
  return pids
    .filter((pid) => !skip.has(pid))
    .map(readRow)
    .filter((row) => row !== null);
}

/** Numbers of all processes; empty where there is no /proc. */
export function listPids(): number[] {
  if (!HAS_PROC) return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid));
}

/** One process, or null when it is gone (or only a zombie). */
export function readProcess(pid: number): ProcessRow | null {
  if (HAS_PROC) return readRow(pid);
  return listByPs().find((row) => row.pid === pid) ?? null;
}

/** Whether the process was started with this variable; false where that cannot be seen. */
export function startedWith(pid: number, name: string, value: string): boolean {
  if (!HAS_PROC) return false;
  const environ = readProc(`/proc/${pid}/environ`);
  return environ !== null && `\0${environ}`.includes(`\0${name}=${value}\0`);
}

/** Whether a process has a handler of its own for a signal; false where that cannot be seen.
 *  @param signal its number, 1 to 31 */
export function catches(pid: number, signal: number): boolean {
  const status = readProc(`/proc/${pid}/status`);
  const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(status ?? '')?.[1] ?? '0';
  return (Number.parseInt(caught.slice(-8), 16) & (1 << (signal - 1))) !== 0;
}

/** How many threads a process has; 0 when it is gone. */
export function threadsOf(pid: number): number {
  const status = readProc(`/proc/${pid}/status`);
  return Number(/^Threads:\s*(\d+)/m.exec(status ?? '')?.[1] ?? 0);
}

/** Where a process stands; null where that cannot be seen. */
export function workingFolder(pid: number): string | null {
  return HAS_PROC ? whileThere(() => readlinkSync(`/proc/${pid}/cwd`)) : null;
}

/** Sends a signal to a process, or with a negative number to a group; false when there is none. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (systemCode(error) === 'ESRCH' || systemCode(error) === 'EPERM') return false;
    throw error;
  }
}

function readRow(pid: number): ProcessRow | null {
  const stat = whileThere(() => readStat(pid));
  if (stat === null) return null;
  // The name stands in brackets and may itself hold spaces and brackets.
  const close = stat.lastIndexOf(')');
  const [state = '', parent, group, session, ...rest] = stat.slice(close + 2).split(' ');
  if (state === 'Z' || state === 'X') return null;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    started: rest[15] ?? '',
    residentBytes: Number(rest[17] ?? 0) * pageBytes,
    name: stat.slice(stat.indexOf('(') + 1, close),
  };
}

/** Read for every process of the machine several times a second, so with half of the calls that readFileSync makes. */
function readStat(pid: number): string {
  const file = openSync(`/proc/${pid}/stat`, 'r');
  try {
    return statLine.toString('latin1', 0, readSync(file, statLine, 0, statLine.length, 0));
  } finally {
    closeSync(file);
  }
}

function readProc(path: string): string | null {
  return whileThere(() => readFileSync(path, 'latin1'));
}

/** A process may end while it is being read. */
function whileThere(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

const PS_ROW = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

function listByPs(): ProcessRow[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid=,rss=,lstart=,comm='], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, group, kilobytes, started = '', name = ''] = PS_ROW.exec(line) ?? [];
    if (pid === undefined) return [];
    const row = { pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, started, name };
    return [{ ...row, residentBytes: Number(kilobytes) * 1024 }];
  });
}

/** From the kernel's own account of this process: a program to ask (getconf) is not on every machine. */
function readPageBytes(): number {
  const [, kilobytes] = /^KernelPageSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/smaps', 'utf8')) ?? [];
  return kilobytes === undefined ? 4096 : Number(kilobytes) * 1024;
}
