import { type ChildProcess, spawn } from 'node:child_process';
import { quoteWords } from '../domain/commandWords.ts';

/** What a shell becomes. */
export interface Becoming {
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Lines of POSIX sh that come first. */
  readonly prelude: string;
  readonly argv: readonly string[];
}

/**
 * A shell that waits to become a run. Whoever starts a process from Node waits until all of Node's map of memory is
 * copied, many times as long as the start itself takes; while another run goes on, nobody waits for it. A shell that is
 * never used ends with the process that holds its input.
 */
export class SpareShell {
  #waiting: ChildProcess | null = null;

  /** Starts one where none waits. */
  prepare(): void {
    if (!isUsable(this.#waiting)) this.#waiting = startShell();
  }

  /** The one that waits, or a new one; its standard input takes its script, and descriptor 3 is a pipe to here. */
  take(): ChildProcess {
    const shell = isUsable(this.#waiting) ? this.#waiting : startShell();
    this.#waiting = null;
    return shell;
  }

  end(): void {
    this.#waiting?.stdin?.end();
    this.#waiting = null;
  }
}

/** Makes a shell a command; of an environment only names that a shell can export. */
export function become(shell: ChildProcess, { cwd, env, prelude, argv }: Becoming): void {
  const named = Object.entries(env).filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
  const exports = named.map(([name, value]) => `export ${name}=${quoteWords([value])}`);
  const lines = [`cd ${quoteWords([cwd])} || exit`, 'unset OLDPWD', prelude, ...exports];
  shell.stdin?.end(`${lines.join('\n')}\nexec ${quoteWords(argv)} </dev/null\n`);
}

function startShell(): ChildProcess {
  const stdio = ['pipe', 'pipe', 'pipe', 'pipe'] as const;
  const shell = spawn('/bin/sh', [], { detached: true, env: {}, cwd: '/', stdio: [...stdio] });
  // Whoever takes it sees that it has no number, or that it has ended.
  shell.on('error', () => undefined);
  shell.stdin?.on('error', () => undefined);
  return shell;
}

function isUsable(shell: ChildProcess | null): shell is ChildProcess {
  return shell?.pid !== undefined && shell.exitCode === null && shell.signalCode === null;
}
