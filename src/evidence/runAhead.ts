import { type Contract, MEASURED_METRICS, primaryMetric } from '../domain/contract.ts';
import type { Arm } from '../domain/evidence.ts';
import { hasEnded, type RunSpec } from '../domain/run.ts';
import { RunError } from '../runs/runError.ts';
import { readRecord, runFolder } from '../runs/runFolder.ts';
import { type ArmResult, openAttempt, type RunPorts, STOPPED_BY_SESSION } from './armRuns.ts';
import type { PlannedBlock } from './plannedBlocks.ts';
import { runIdOf } from './register.ts';
import { armSpec, evaluationSpec } from './runSpecs.ts';

/**
 * Submits blocks before they are looked at, so that several processors, or a cluster, work on them at the same time. In
 * a cluster a block is one job: its arms share a node. Results are looked at in the registered order all the same, so
 * what is decided does not depend on who came first; blocks that the decision does not need are stopped, and no score of
 * theirs is looked at.
 */
export class RunAhead {
  readonly #ports: RunPorts;
  readonly #id: string;
  readonly #blocks: readonly PlannedBlock[];
  /** Of submitted runs and evaluations, by id: whose they are, and whether a person was told of them. */
  readonly #submitted = new Map<string, { arm: string; told: boolean }>();
  readonly #dropped = new Set<string>();
  #next = 0;

  /** @param id begins the ids of the runs */
  constructor(ports: RunPorts, id: string, blocks: readonly PlannedBlock[]) {
    this.#ports = ports;
    this.#id = id;
    this.#blocks = blocks;
  }

  /** Submits the block at this place, and those after it that may run meanwhile. */
  async reach(at: number): Promise<void> {
    const to = Math.min(this.#blocks.length, at + blocksAtOnce(this.#ports, this.#blocks[at]?.arms.length ?? 1));
    for (this.#next = Math.max(this.#next, at); this.#next < to; this.#next++) {
      const block = this.#blocks[this.#next];
      if (block) await this.#submit(block);
    }
  }

  /** Stops what was submitted for an arm that is out. */
  async drop(arm: string): Promise<void> {
    if (this.#dropped.has(arm)) return;
    this.#dropped.add(arm);
    await this.#stop([...this.#submitted].filter(([, whose]) => whose.arm === arm).map(([id]) => id));
  }

  /** Stops what nobody will look at, and tells how it ended. */
  async end(looked: readonly ArmResult[]): Promise<void> {
    const known = new Set(looked.flatMap(({ runs, evaluations }) => [...runs, ...evaluations].map(({ id }) => id)));
    const left = [...this.#submitted.keys()].filter((id) => !known.has(id));
    await this.#stop(left);
    for (const id of left) {
      if (!this.#submitted.get(id)?.told) continue;
      const run = await this.#ports.queue.wait(id, { signal: this.#ports.signal });
      await this.#ports.on({ type: 'run.ended', run, metrics: {} });
    }
  }

  /** Stops all that was submitted, where something keeps the measurement from going on: a full disk, say. Whoever goes
   *  on repeats it. */
  async abandon(): Promise<void> {
    await this.#stop([...this.#submitted.keys()]);
  }

  async #submit({ seed, arms }: PlannedBlock): Promise<void> {
    const { slurm, queue, on, signal, ahead = 1 } = this.#ports;
    const specs: RunSpec[] = [];
    for (const arm of arms) if (!this.#dropped.has(arm.name)) specs.push(...(await this.#openSpecs(arm, seed)));
    const job = specs[0]?.id;
    if (job === undefined) return;
    signal.throwIfAborted();
    for (const { id, purpose, arm } of specs) {
      // Where they come one after the other, a run is told of when its turn has come.
      const told = purpose === 'run' && (slurm !== undefined || ahead > 1);
      this.#submitted.set(id, { arm: arm?.name ?? '', told });
      if (told) await on({ type: 'run.queued', run: id, purpose, arm: arm?.name ?? null, seed });
    }
    await queue.submitTogether(specs.map((spec) => (slurm ? { ...spec, slurm: { ...slurm, job } } : spec)));
  }

  /** What is still to be run of an arm with a seed: the run, its evaluation, or nothing. */
  async #openSpecs(arm: Arm, seed: number): Promise<RunSpec[]> {
    const ports = this.#ports;
    const { workspace, contract } = ports;
    const run = await openAttempt(workspace, (n) =>
      armSpec(ports, { id: runIdOf(this.#id, seed, arm.name, n), arm, seed, purpose: 'run', command: contract.run }),
    );
    const id = run.spec?.id ?? (run.last?.state === 'finished' ? run.last.id : undefined);
    if (id === undefined) return [];
    const evaluation = await openAttempt(workspace, (n) =>
      evaluationSpec(ports, `${id}-evaluate${n > 1 ? `-${n}` : ''}`, { id, arm, seed }),
    );
    return [run.spec, evaluation.spec].filter((spec) => spec !== null);
  }

  async #stop(ids: readonly string[]): Promise<void> {
    // The last first, so that none starts in between.
    for (const id of ids.toReversed()) {
      const run = await readRecord(runFolder(this.#ports.workspace, id));
      if (run !== null && !hasEnded(run)) await this.#ports.queue.stop(id, STOPPED_BY_SESSION).catch(isGone);
    }
  }
}

/** An evaluation goes with the run that failed, which may be at this moment. */
function isGone(error: unknown): void {
  if (!RunError.is(error, 'unknown')) throw error;
}

/** Where time or memory is what is measured nothing may run beside it, and on this machine a run is submitted when it is
 *  due: what is known to come next is laid out while another one runs. */
function blocksAtOnce({ ahead = 1, slurm, contract }: RunPorts, arms: number): number {
  if (slurm) return isMeasuredByRun(contract) ? 1 : ahead;
  return isMeasuredByRun(contract) ? 0 : Math.ceil(ahead / arms);
}

function isMeasuredByRun(contract: Contract): boolean {
  return MEASURED_METRICS.some((name) => name === primaryMetric(contract).name);
}
