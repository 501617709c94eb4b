import type { ContainerEnvironment, Contract } from '../domain/contract.ts';
import type { ConfinementLevel, ContainerPlace } from '../domain/run.ts';
import { probeConfinement } from '../runs/confinement.ts';
import { findImage } from '../runs/container/engine.ts';
import { RunError } from '../runs/runError.ts';
import { SessionError } from './errors.ts';
import type { Session } from './session.ts';

/** Where the runs of a contract run, and how far they are kept from the machine there. */
export interface RunPlace {
  environment: Contract['environment'];
  confinement: ConfinementLevel;
  container?: ContainerPlace;
}

/** @throws SessionError `bad-input` where a container cannot be had, `needs-confinement` */
export async function settlePlace(session: Session, environment: Contract['environment']): Promise<RunPlace> {
  if (environment !== 'local' && 'container' in environment) {
    const container = await settleContainer(session, environment.container);
    return { environment, confinement: 'container', container };
  }
  return { environment, confinement: await settleConfinement(session) };
}

/** A session goes on with the image that it began with, wherever its name has moved since. */
async function settleContainer(session: Session, wanted: ContainerEnvironment): Promise<ContainerPlace> {
  const before = session.state.confinement?.container;
  if (before?.image === wanted.image && (wanted.engine ?? before.engine) === before.engine) return before;
  try {
    const container = await findImage(wanted);
    const { engine, image, id } = container;
    const detail = `${engine} confines runs: a container of ${image} (${id.replace('sha256:', '').slice(0, 12)}) each, own copy of the code, nothing else of the machine, no network.`;
    await session.append({ type: 'confinement.probed', level: 'container', detail, container });
    return container;
  } catch (error) {
    if (RunError.is(error, 'confinement')) throw new SessionError('bad-input', error.message, { cause: error });
    throw error;
  }
}

/** Where nothing can confine a run, a person must have agreed to go on. */
async function settleConfinement(session: Session): Promise<ConfinementLevel> {
  const probed = await probeConfinement();
  if (session.state.confinement?.level !== probed.level) {
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
