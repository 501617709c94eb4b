import { type Contract, primaryMetric } from '../domain/contract.ts';
import type { EventBody } from '../domain/event.ts';
import type { Arm, NoiseCard } from '../domain/evidence.ts';
import { noiseCard } from '../evidence/noiseCard.ts';
import { drawSeeds } from '../evidence/register.ts';
import { type Desk, openDesk, placeFor } from './desk.ts';
import { withEnvironments } from './environments.ts';
import { contractOf, resolveArm } from './measurePhase.ts';
import type { Ports } from './ports.ts';
import { record } from './recordEvent.ts';
import type { Session } from './session.ts';
import { allRegistrations, noiseRunsOf } from './store.ts';

/** Runs a baseline alone: what its noise lets a comparison show, and at what price. No verdict, and no try.
 *  @throws GitError, ContractError, EvidenceError */
export async function measureNoise(session: Session, ports: Ports, revision: string): Promise<NoiseCard> {
  const desk = await openDesk(session, ports);
  const arm = session.state.noisePlan?.baseline ?? (await resolveArm(desk, 'baseline', revision));
  const contract = await contractOf(desk, arm);
  const { seeds } = await planned(desk, arm, contract);
  if (session.state.noise) return session.state.noise;
  const { repository, queue } = desk;
  const [prepared = arm] = await withEnvironments(desk, contract, [arm]);
  queue.prepare();
  const card = await noiseCard({
    id: noiseRunsOf(session.id),
    session: session.id,
    workspace: ports.workspace,
    ...{ repository, queue, contract, seeds },
    ...(await placeFor(desk, contract)),
    baseline: prepared,
    on: (event) => record(session, event),
    signal: session.signal,
  });
  await session.append({ type: 'noise.measured', card });
  return card;
}

/** Fixed before the first run, so that a resumed session goes on with the same seeds. */
async function planned(
  { session, ports }: Desk,
  baseline: Arm,
  contract: Contract,
): Promise<EventBody<'noise.planned'>> {
  if (session.state.noisePlan) return session.state.noisePlan;
  const { registrations, noise } = await allRegistrations(ports.workspace, session.id);
  const used = [...registrations, ...noise].flatMap((one) => one.seeds);
  const seeds = Array.isArray(contract.seeds) ? contract.seeds : drawSeeds(contract.seeds, new Set(used));
  const plan = { baseline, metric: primaryMetric(contract).name, seeds };
  await session.append({ type: 'noise.planned', ...plan });
  return plan;
}
