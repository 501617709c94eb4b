import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerPlace } from '../../domain/run.ts';
import { HAS_PROC } from '../processTable.ts';
import { RunProcesses } from '../runProcesses.ts';
import type { Usage, WatchedProcesses } from '../startedRun.ts';
import { containerName } from './containerArgv.ts';
import { ask } from './engine.ts';

/** Between two looks for the container's first process. Milliseconds. */
const LOOK_EVERY = 100;

/**
 * The processes of a run in a container. They are children of the engine, not of the run's own command, so the engine
 * is asked for the first of them; where its machine is another one (a virtual machine on a Mac) nothing can be counted,
 * and the engine's own limits hold.
 */
export class ContainerProcesses implements WatchedProcesses {
  readonly #id: string;
  readonly #engine: ContainerPlace['engine'];
  #over = false;
  #inner: RunProcesses | null = null;

  /** @param exited settles when the container is gone */
  constructor(id: string, place: ContainerPlace, exited: Promise<unknown>) {
    this.#id = id;
    this.#engine = place.engine;
    void exited.then(() => {
      this.#over = true;
    });
    if (HAS_PROC) void this.#find();
  }

  usage(): Usage {
    return this.#inner?.usage() ?? { residentBytes: 0, processes: 0 };
  }

  terminate(): void {
    if (this.#inner !== null) this.#inner.terminate();
    else void this.#signal('TERM');
  }

  printCalls(asked: { patient: boolean }): number {
    return this.#inner?.printCalls(asked) ?? 0;
  }

  /** With its first process every process of a container ends. */
  async kill(within = 10_000): Promise<boolean> {
    for (const deadline = performance.now() + within; !this.#over; await sleep(20)) {
      if (performance.now() > deadline) return false;
      await this.#signal('KILL');
    }
    return true;
  }

  async #signal(name: 'TERM' | 'KILL'): Promise<void> {
    await ask(this.#engine, ['kill', '--signal', name, containerName(this.#id)]);
  }

  async #find(): Promise<void> {
    while (!this.#over) {
      const { said } = await ask(this.#engine, [
        'container',
        'inspect',
        '--format',
        '{{.State.Pid}}',
        containerName(this.#id),
      ]);
      const root = Number(said);
      if (root > 0) {
        this.#inner = new RunProcesses({ id: this.#id, root, tree: null });
        return;
      }
      await sleep(LOOK_EVERY);
    }
  }
}

/** Removes what is left of a run's container, whoever started it. */
export async function removeContainer(id: string, { engine }: Pick<ContainerPlace, 'engine'>): Promise<void> {
  await ask(engine, ['rm', '--force', containerName(id)]);
}
