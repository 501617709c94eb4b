import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type ContainerEnvironment, Contract, concealed, containerOf, slurmOf } from '../domain/contract.ts';
import type { EventBody } from '../domain/event.ts';
import type { ConfinementLevel, ContainerPlace, SlurmRequest } from '../domain/run.ts';
import type { Repository } from '../git/repository.ts';
import { probeConfinement } from '../runs/confinement.ts';
import { devContainerImage } from '../runs/container/devContainer.ts';
import { findImage } from '../runs/container/engine.ts';
import { RunError } from '../runs/runError.ts';
import { probeCluster } from '../runs/slurm/probe.ts';
import { SessionError } from './errors.ts';
import type { Session } from './session.ts';

/** Where the runs of a contract run, and how far they are kept from the machine there. */
export interface RunPlace {
  environment: Contract['environment'];
  confinement: ConfinementLevel;
  container?: ContainerPlace;
  /** Where runs run in jobs of a cluster. */
  slurm?: SlurmRequest;
  /** How many runs may be submitted before the first of them is looked at. */
  ahead: number;
}

/** What decides where runs run. */
export interface PlaceSetting {
  contract: Contract | null;
  workspace: string;
  repository: Repository;
  supervisorArgv: readonly string[];
}

/** @throws SessionError `bad-input` where a container or a cluster cannot be had, `needs-confinement` */
export async function settlePlace(session: Session, around: PlaceSetting): Promise<RunPlace> {
  const environment = around.contract?.environment ?? 'local';
  const ahead = session.begun.jobs ?? 1;
  const wanted = containerOf({ environment });
  if (wanted !== null) {
    const container = await settleContainer(session, wanted, around);
    return { environment, confinement: 'container', container, ahead };
  }
  const slurm = around.contract && slurmOf(around.contract);
  if (slurm) {
    const confinement = await settleConfinement(session, await probeNode(session, slurm, around));
    return { environment, confinement, slurm, ahead: session.begun.jobs ?? Number.POSITIVE_INFINITY };
  }
  return { environment, confinement: await settleConfinement(session, await probeConfinement()), ahead };
}

/** What confines runs on the nodes of a cluster, asked by a short job of its own: the machine on which this runs tells
 *  nothing of that. A session asks once. */
async function probeNode(
  session: Session,
  slurm: SlurmRequest,
  { contract, supervisorArgv }: PlaceSetting,
): Promise<EventBody<'confinement.probed'>> {
  const before = session.state.confinement;
  if (before?.slurm && isDeepStrictEqual(before.slurm, slurm)) return before;
  const { cpus, memory: memoryBytes, wall: wallSeconds } = contract?.budget ?? Contract.shape.budget.parse(undefined);
  try {
    const { node, level, detail } = await probeCluster({
      session: session.folder,
      request: slurm,
      size: { cpus, limits: { wallSeconds, memoryBytes, processes: 1, outputBytes: 1 } },
      // The session's folder is the last of the words that start a supervisor.
      words: [...supervisorArgv.slice(0, -1), '--probe'],
      waiting: (text) => session.append({ type: 'notice', text }),
      signal: session.signal,
    });
    return { level, detail: `On ${node} of the cluster: ${detail}`, slurm };
  } catch (error) {
    if (RunError.is(error, 'confinement')) throw new SessionError('bad-input', error.message, { cause: error });
    throw error;
  }
}

/** A session goes on with the image that it began with, wherever its name has moved since. */
async function settleContainer(
  session: Session,
  wanted: ContainerEnvironment,
  around: PlaceSetting,
): Promise<ContainerPlace> {
  const before = session.state.confinement?.container;
  const { image: named, engine: asked } = wanted;
  if (before && before.image === named && (asked ?? before.engine) === before.engine) return before;
  try {
    const container =
      named === undefined
        ? await fromDevContainer(session, wanted, around)
        : await findImage({ image: named, ...(asked && { engine: asked }) });
    if (before?.id === container.id) return before;
    const { engine, image, id } = container;
    const detail = `${engine} confines runs: a container of ${image} (${id.replace('sha256:', '').slice(0, 12)}) each, own copy of the code, nothing else of the machine, no network.`;
    await session.append({ type: 'confinement.probed', level: 'container', detail, container });
    return container;
  } catch (error) {
    if (RunError.is(error, 'confinement')) throw new SessionError('bad-input', error.message, { cause: error });
    throw error;
  }
}

/** Its commands see the workspace's last commit without hidden files: what they put into the image, every run has. */
async function fromDevContainer(
  session: Session,
  { devcontainer, engine }: ContainerEnvironment,
  { workspace, repository, contract }: PlaceSetting,
): Promise<ContainerPlace> {
  const leaveOut = contract ? concealed(contract).map((name) => join(repository.folder, name)) : [];
  return await devContainerImage({
    workspace,
    below: repository.folder,
    ...(devcontainer && { config: devcontainer }),
    ...(engine && { engine }),
    fill: async (folder) => repository.exportTree((await repository.resolve('HEAD')).tree, folder, { leaveOut }),
    making: async (image) => {
      const text = `Making ${image} from the dev container, once for each state of it; its commands may take minutes.`;
      await session.append({ type: 'notice', text });
    },
    signal: session.signal,
  });
}

/** Where nothing can confine a run, a person must have agreed to go on. */
async function settleConfinement(session: Session, probed: EventBody<'confinement.probed'>): Promise<ConfinementLevel> {
  const before = session.state.confinement;
  if (before?.level !== probed.level || !isDeepStrictEqual(before.slurm, probed.slurm)) {
    await session.append({ type: 'confinement.probed', ...probed });
  }
  if (probed.level !== 'none' || session.begun.unconfined) return probed.level;
  if (session.policy === 'autopilot') {
    throw new SessionError(
      'needs-confinement',
      `Nothing on this machine can confine runs (${probed.detail.replace(/\.$/, '')}) and nobody is asked on autopilot; install bubblewrap, or add --unconfined.`,
    );
  }
  const answer = await session.ask(
    {
      id: session.freshGate('unconfined'),
      kind: 'approveCommand',
      question: 'Nothing on this machine can confine runs. Run without confinement?',
      detail: `${probed.detail}\n\nRuns could then read and change what you can. Checks that only confinement can enforce are reported as not run.`,
      options: [
        { choice: 'approve', label: 'Run without confinement' },
        { choice: 'stop', label: 'Do not run' },
      ],
    },
    { choice: 'stop' },
  );
  if (answer.choice !== 'approve') {
    throw new SessionError(
      'needs-confinement',
      'Runs without confinement were declined; install bubblewrap and resume, or resume with --unconfined.',
    );
  }
  return 'none';
}
