import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isInside } from './armPaths.ts';
import {
  catches,
  listPids,
  listProcesses,
  type ProcessRow,
  sendSignal,
  startedWith,
  workingFolder,
} from './processTable.ts';
import type { Usage, WatchedProcesses } from './startedRun.ts';

const { SIGABRT, SIGTERM } = constants.signals;

/** Environment variable by which every process of a run is found again. */
export const RUN_MARK = 'MLR_RUN';
/** Marks the guardian of an unconfined run, which is none of its processes. */
export const GUARD_MARK = 'MLR_GUARD';

interface RunProcessesOptions {
  id: string;
  root: number;
  tree: string | null;
  others?: Iterable<number>;
}

/**
 * The processes of one run, wherever they went: children, their children, whoever left the group or the session, and
 * orphans that carry the run's mark or stand in its folder. Looking is cheap: a process known to be foreign is not read
 * again. Without a sandbox, one that hides on purpose (no mark, another folder, orphaned between two looks) escapes.
 * `tree` is the run's copy of the arm, null for a confined run, whose processes cannot leave the sandbox; `others` are
 * the processes that were there before it started, which cannot be its own.
 */
export class RunProcesses implements WatchedProcesses {
  readonly #id: string;
  readonly #root: number;
  readonly #tree: string | null;
  readonly #confined: boolean;
  readonly #known = new Map<number, string>();
  #foreign: Set<number>;

  constructor({ id, root, tree, others = [] }: RunProcessesOptions) {
    this.#id = id;
    this.#root = root;
    this.#tree = tree;
    this.#confined = tree === null;
    this.#foreign = new Set(others);
    // Its number may have been another's a moment ago.
    this.#foreign.delete(root);
  }

  usage(): Usage {
    const members = this.#members().filter((row) => !this.#isShell(row));
    return {
      residentBytes: members.reduce((sum, row) => sum + row.residentBytes, 0),
      processes: members.length,
    };
  }

  /** Asks every process to end. */
  terminate(): void {
    for (const row of this.#members()) {
      // The sandbox's own processes end with the last of the run; ending them first would leave no grace.
      if (!this.#isShell(row)) sendSignal(row.pid, 'SIGTERM');
    }
  }

  /** Makes processes print the calls that are open in them, and end: Python's faulthandler does so at an abort.
   *  @param patient leaves alone what tidies up when it is asked to end
   *  @returns how many there were */
  printCalls({ patient }: { patient: boolean }): number {
    const able = this.#members().filter(({ pid }) => catches(pid, SIGABRT) && !(patient && catches(pid, SIGTERM)));
    for (const { pid } of able) sendSignal(pid, 'SIGABRT');
    return able.length;
  }

  /** Kills until none is left. @returns false if some would not die within the time given (milliseconds). */
  async kill(within = 10_000): Promise<boolean> {
    const deadline = performance.now() + within;
    for (;;) {
      // At once, before looking: a sandbox takes all of its processes with it, and a group cannot outrun its signal.
      sendSignal(this.#confined ? this.#root : -this.#root, 'SIGKILL');
      // The guardian goes too, and with it whoever poses as one.
      const members = this.#members(true);
      if (members.length === 0) return true;
      for (const row of members) sendSignal(row.pid, 'SIGKILL');
      if (performance.now() > deadline) return false;
      await sleep(2);
    }
  }

  #members(withGuardian = false): ProcessRow[] {
    const pids = listPids();
    const alive = new Set(pids);
    this.#foreign = new Set([...this.#foreign].filter((pid) => alive.has(pid)));
    const rows = listProcesses(this.#foreign, pids);
    const byPid = new Map(rows.map((row) => [row.pid, row]));
    const members = rows.filter((row) => this.#isMember(row, byPid));
    const ours = new Set(members.map((row) => row.pid));
    const guardians = members.filter((row) => this.#isGuardian(row));
    for (const row of members) if (!guardians.includes(row)) this.#known.set(row.pid, row.started);
    for (const row of rows) {
      // An unseen parent may be ours, so its child is looked at again.
      const parentIsKnown = row.parent <= 1 || this.#foreign.has(row.parent) || byPid.has(row.parent);
      if (!ours.has(row.pid) && parentIsKnown) this.#foreign.add(row.pid);
    }
    return withGuardian ? members : members.filter((row) => !guardians.includes(row));
  }

  #isMember(row: ProcessRow, byPid: ReadonlyMap<number, ProcessRow>): boolean {
    if (this.#known.get(row.pid) === row.started) return true;
    if (this.#isBelow(row, byPid)) return true;
    if (this.#confined) return false;
    if (row.group === this.#root || row.session === this.#root) return true;
    return startedWith(row.pid, RUN_MARK, this.#id) || this.#worksInTree(row.pid);
  }

  /** An orphan that dropped the mark from its environment mostly still stands in the run's folder. */
  #worksInTree(pid: number): boolean {
    const folder = workingFolder(pid);
    return this.#tree !== null && folder !== null && isInside(this.#tree, folder);
  }

  #isBelow(row: ProcessRow, byPid: ReadonlyMap<number, ProcessRow>): boolean {
    for (let at: ProcessRow | undefined = row; at; at = byPid.get(at.parent)) {
      if (at.pid === this.#root || this.#known.get(at.pid) === at.started) return true;
      if (at.parent === at.pid) return false;
    }
    return false;
  }

  #isGuardian(row: ProcessRow): boolean {
    return !this.#confined && row.pid !== this.#root && startedWith(row.pid, GUARD_MARK, this.#id);
  }

  /** Whether the process is the sandbox itself: bwrap outside, and its first process inside. */
  #isShell(row: ProcessRow): boolean {
    return this.#confined && row.name === 'bwrap' && (row.pid === this.#root || row.parent === this.#root);
  }
}

/** Kills what is left of a run whose supervisor is gone, found by its mark alone. @returns how many there were. */
export async function killMarked(id: string): Promise<number> {
  let killed = 0;
  for (let round = 0; round < 500; round++) {
    const left = listProcesses().filter((row) => startedWith(row.pid, RUN_MARK, id));
    if (left.length === 0) break;
    for (const row of left) if (sendSignal(row.pid, 'SIGKILL')) killed += 1;
    await sleep(5);
  }
  return killed;
}
