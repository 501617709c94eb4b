import type { Readable } from 'node:stream';

/** How a run ended by itself. */
export interface RunExit {
  exit: number | null;
  signal: NodeJS.Signals | null;
  /** Why its command never ran; null when it did. */
  notStarted: string | null;
  /** How long it ran, where somebody else says: an engine's own start is none of a run's time. */
  wallSeconds?: number;
  /** Whether the kernel or an engine ended it at its limit of memory. */
  overMemory?: boolean;
}

export interface StartedRun {
  pid: number;
  /** As the run sees it. */
  cwd: string;
  stdout: Readable;
  stderr: Readable;
  processes: WatchedProcesses;
  exited: Promise<RunExit>;
}

/** What a run used at one moment. */
export interface Usage {
  /** Sum of the resident sets; shared pages count in each process. */
  residentBytes: number;
  processes: number;
}

/** The processes of a run, wherever they are. */
export interface WatchedProcesses {
  usage(): Usage;
  /** Asks every process to end. */
  terminate(): void;
  /** Makes processes print the calls that are open in them. @returns how many there were */
  printCalls(asked: { patient: boolean }): number;
  /** Kills until none is left. @returns false if some would not die within the time given (milliseconds) */
  kill(within?: number): Promise<boolean>;
}

/** Signals by number, for what a shell or bubblewrap reports as 128 + number. */
const SIGNALS: Readonly<Record<number, NodeJS.Signals>> = {
  ...{ 1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 9: 'SIGKILL' },
  ...{ 11: 'SIGSEGV', 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM' },
};

/** The signal that an exit code of a shell, of bubblewrap or of a container stands for. */
export function signalOf(code: number | null): NodeJS.Signals | undefined {
  return code !== null && code > 128 ? SIGNALS[code - 128] : undefined;
}
