import { type ChildProcess, spawn } from 'node:child_process';
import * as vscode from 'vscode';
import { Owner } from './owner.ts';

interface RunTerminalOptions {
  run: string;
  workspace: string;
  /** The command line's bundle, which follows a run's record. */
  program: string;
  /** Asks for the run to be stopped. */
  stop(): Promise<void>;
}

/** A terminal keeps no more lines than these, unless it is told to. */
const LINES = '5000';
const CTRL_C = '\x03';
const ENTER = '\r';

/** A view on a run: it prints what the run's record holds and will hold. Ctrl-C asks for a stop of the run; closing
 *  the terminal stops nothing. */
export class RunTerminal extends Owner implements vscode.Pseudoterminal {
  readonly run: string;
  private readonly options: RunTerminalOptions;
  private readonly written = this.own(new vscode.EventEmitter<string>());
  private readonly ended = this.own(new vscode.EventEmitter<number | undefined>());
  private follower: ChildProcess | undefined;
  private isLost = false;

  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.ended.event;

  constructor(options: RunTerminalOptions) {
    super();
    this.options = options;
    this.run = options.run;
  }

  open(): void {
    this.say(`Run ${this.run}. Ctrl-C stops the run; closing this terminal does not.`);
    this.follow();
  }

  private follow(): void {
    const { program, run, workspace } = this.options;
    const follower = spawn(process.execPath, [program, 'follow', run, '--last', LINES, '--workspace', workspace], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    this.follower = follower;
    this.isLost = false;
    for (const stream of [follower.stdout, follower.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.write(text));
    }
    follower.once('error', (error) => this.say(`The run could not be followed: ${error.message}`));
    follower.once('close', (code) => {
      this.follower = undefined;
      if (code === 0) this.say('The run has ended.');
      // It was killed: the run knows nothing of who looks on.
      this.isLost = code === null;
      if (this.isLost) this.say('Nothing follows the run here any more; it goes on. Enter follows it again.');
    });
  }

  handleInput(input: string): void {
    if (input === ENTER && this.isLost) this.follow();
    if (input !== CTRL_C || !this.follower) return;
    this.say('Asking for a stop of the run…');
    this.options.stop().catch((error: unknown) => this.say(error instanceof Error ? error.message : String(error)));
  }

  close(): void {
    this.follower?.kill();
    this.dispose();
  }

  /** Terminals go back to the line's beginning only when told. */
  private write(text: string): void {
    if (!this.isDisposed) this.written.fire(text.replace(/\r?\n/g, '\r\n'));
  }

  /** In the terminal's own faint letters, so that it is not taken for the run's words. */
  private say(text: string): void {
    this.write(`\x1b[2m${text}\x1b[0m\n`);
  }
}
