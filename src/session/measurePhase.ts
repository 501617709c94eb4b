import type { Contract } from '../domain/contract.ts';
import type { NewEvent } from '../domain/event.ts';
import type { Arm, Measurement, Registration } from '../domain/evidence.ts';
import { type MeasureOutcome, measure } from '../evidence/measure.ts';
import { contractAt, type Desk, openDesk, snapshotOnce } from './desk.ts';
import { SessionError } from './errors.ts';
import type { Ports } from './ports.ts';
import { writeReport } from './reportPhase.ts';
import type { Session } from './session.ts';
import { allRegistrations } from './store.ts';

/** Compares revisions by the baseline's contract; no language model takes part.
 *  @throws GitError, ContractError, EvidenceError */
export async function measureRevisions(
  session: Session,
  ports: Ports,
  assignment: { baseline: string; variants: string[]; hypothesis: string; allSeeds?: boolean | undefined },
): Promise<Measurement> {
  const desk = await openDesk(session, ports);
  const { baseline, variants } = await settleArms(desk, assignment);
  const contract = await contractOf(desk, baseline);
  const outcome = await compareArms(desk, {
    contract,
    baseline,
    variants,
    hypothesis: assignment.hypothesis || `${assignment.variants.join(', ')} is better than ${assignment.baseline}`,
    agentWritten: false,
    stopAtFailure: false,
    allSeeds: assignment.allSeeds ?? false,
  });
  if (outcome.kind === 'failed')
    throw new SessionError('bad-input', 'Runs failed, and measuring was to end at a failure.');
  await writeReport(desk, contract, outcome.measurement, null);
  return outcome.measurement;
}

/** The contract of a baseline.
 *  @throws ContractError; SessionError `bad-input` where there is none */
export async function contractOf(desk: Desk, { commit, revision }: Arm): Promise<Contract> {
  const { session, ports } = desk;
  const found = await contractAt(desk, commit);
  if (!found) {
    throw new SessionError(
      'bad-input',
      `${ports.workspace}/mlr.yaml: ${revision} holds no contract; write one, commit it on the baseline, and measure again.`,
    );
  }
  if (!session.state.contract) await session.append({ type: 'contract.fixed', yaml: found.yaml, from: 'workspace' });
  return found.contract;
}

/** The arms as they were when the session registered them: a branch may have moved since. */
async function settleArms(
  desk: Desk,
  assignment: { baseline: string; variants: string[] },
): Promise<{ baseline: Arm; variants: Arm[] }> {
  const registered = desk.session.state.registrations.at(-1);
  if (registered) return registered;
  const baseline = await resolveArm(desk, 'baseline', assignment.baseline);
  const variants: Arm[] = [];
  for (const [i, revision] of assignment.variants.entries()) {
    variants.push(await resolveArm(desk, assignment.variants.length === 1 ? 'variant' : `variant-${i + 1}`, revision));
  }
  return { baseline, variants };
}

export interface Comparison {
  contract: Contract;
  baseline: Arm;
  variants: Arm[];
  hypothesis: string;
  agentWritten: boolean;
  /** End after the first block with a failed run, so that it can be mended, instead of judging it invalid. */
  stopAtFailure: boolean;
  /** Run every seed, also where no completion could support. */
  allSeeds?: boolean;
}

/** Runs what is not run yet of a comparison, and says what it showed. */
export async function compareArms(desk: Desk, comparison: Comparison): Promise<MeasureOutcome> {
  const { session, ports, repository, queue, confinement } = desk;
  const registration = session.state.registrations.findLast((r) => sameArms(r, comparison));
  const own = session.state.registrations.filter((r) => r !== registration);
  return await measure({
    ...comparison,
    session: session.id,
    workspace: ports.workspace,
    repository,
    queue,
    confinement,
    earlier: [...(await allRegistrations(ports.workspace, session.id)), ...own],
    ...(registration && { registration }),
    on: (event: NewEvent) => record(session, event),
    signal: session.signal,
  });
}

/** What the log holds already is not written again: a resumed session walks the same runs once more. */
export async function record(session: Session, event: NewEvent): Promise<void> {
  const { registrations, runs, measurement } = session.state;
  if (event.type === 'registered' && registrations.some((r) => r.id === event.registration.id)) return;
  if (event.type === 'run.ended' && runs.has(event.run.id)) return;
  if (event.type === 'run.queued' && runs.has(event.run)) return;
  if (event.type === 'measured' && measurement?.registration.id === event.measurement.registration.id) return;
  await session.append(event);
}

/** @param revision `worktree` names the uncommitted changes */
export async function resolveArm(desk: Desk, name: string, revision: string): Promise<Arm> {
  const { repository } = desk;
  const dirty = revision === 'worktree' ? await snapshotOnce(desk) : null;
  if (dirty) return { name, revision, ...dirty };
  const { commit, tree } = await repository.resolve(revision === 'worktree' ? 'HEAD' : revision);
  return { name, revision, commit, tree };
}

function sameArms(registration: Registration, { baseline, variants }: Comparison): boolean {
  const commits = (arms: readonly Arm[]) => arms.map((arm) => arm.commit).join(' ');
  return registration.baseline.commit === baseline.commit && commits(registration.variants) === commits(variants);
}
