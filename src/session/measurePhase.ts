import { type Contract, concealed, lockedContract } from '../domain/contract.ts';
import type { Assignment, NewEvent } from '../domain/event.ts';
import type { Arm, Measurement, Registration } from '../domain/evidence.ts';
import { splitWords } from '../evidence/command.ts';
import { type MeasureOutcome, measure } from '../evidence/measure.ts';
import { contractAt, type Desk, openDesk, placeFor, snapshotOnce } from './desk.ts';
import { withEnvironments } from './environments.ts';
import { SessionError } from './errors.ts';
import { hiddenReadsBehind } from './hiddenReads.ts';
import type { Ports } from './ports.ts';
import { record } from './recordEvent.ts';
import { writeReport } from './reportPhase.ts';
import type { Session } from './session.ts';
import { allRegistrations, registeringAlone } from './store.ts';

/** Compares revisions by the baseline's contract; no language model takes part.
 *  @throws GitError, ContractError, EvidenceError */
export async function measureRevisions(
  session: Session,
  ports: Ports,
  assignment: Extract<Assignment, { kind: 'measure' }>,
): Promise<Measurement> {
  const desk = await openDesk(session, ports);
  const { baseline, variants } = await settleArms(desk, assignment);
  const contract = measuredContract(await contractOf(desk, baseline), assignment);
  const outcome = await compareArms(desk, {
    contract,
    baseline,
    variants,
    hypothesis: assignment.hypothesis || `${variants.map(named).join(', ')} is better than ${named(baseline)}`,
    agentWritten: false,
    stopAtFailure: false,
    allSeeds: assignment.allSeeds ?? false,
    final: assignment.final ?? false,
    controls: assignment.controls ?? false,
  });
  if (outcome.kind === 'failed')
    throw new SessionError('bad-input', 'Runs failed, and measuring was to end at a failure.');
  await writeReport(desk, contract, outcome.measurement, null);
  return outcome.measurement;
}

function named({ name, revision, args }: Arm): string {
  return args === undefined ? revision : name;
}

/** The contract as this measurement uses it: the locked test set's where that is asked for.
 *  @throws SessionError `bad-input` where the contract lacks what is asked for */
export function measuredContract(
  contract: Contract,
  { final, arms }: Extract<Assignment, { kind: 'measure' }>,
): Contract {
  if (arms !== undefined && !contract.run.includes('{args}')) {
    throw new SessionError(
      'bad-input',
      `mlr.yaml \`run\`: arms by arguments need {args} in it, where they are put in (now: ${contract.run}).`,
    );
  }
  if (!final) return contract;
  if (contract.final === undefined) {
    throw new SessionError(
      'bad-input',
      'mlr.yaml has no `final`: name the locked test set there (evaluate, hidden), commit it on the baseline, and measure again.',
    );
  }
  return lockedContract(contract);
}

/** The contract of a baseline.
 *  @throws ContractError; SessionError `bad-input` where there is none */
export async function contractOf(desk: Desk, { commit, revision }: Arm): Promise<Contract> {
  const { session, ports } = desk;
  const found = await contractAt(desk, commit);
  if (!found) throw noContract(ports.workspace, revision);
  if (!session.state.contract) await session.append({ type: 'contract.fixed', yaml: found.yaml, from: 'workspace' });
  return found.contract;
}

export function noContract(workspace: string, revision: string): SessionError {
  return new SessionError(
    'bad-input',
    `${workspace}/mlr.yaml: ${revision} holds no contract; write one, commit it on the baseline, and measure again.`,
  );
}

/** The arms as they were when the session registered them: a branch may have moved since. */
async function settleArms(
  desk: Desk,
  assignment: Extract<Assignment, { kind: 'measure' }>,
): Promise<{ baseline: Arm; variants: Arm[] }> {
  const registered = desk.session.state.registrations.at(-1);
  if (registered) return registered;
  if (assignment.arms !== undefined) return await armsByArguments(desk, assignment.baseline, assignment.arms);
  const baseline = await resolveArm(desk, 'baseline', assignment.baseline);
  const variants: Arm[] = [];
  for (const [i, revision] of assignment.variants.entries()) {
    variants.push(await resolveArm(desk, assignment.variants.length === 1 ? 'variant' : `variant-${i + 1}`, revision));
  }
  return { baseline, variants };
}

/** Configurations of one commit: each arm is the same tree with other words in the place of {args}. */
async function armsByArguments(
  desk: Desk,
  revision: string,
  arms: readonly { name: string; args: string }[],
): Promise<{ baseline: Arm; variants: Arm[] }> {
  const base = await resolveArm(desk, 'baseline', revision);
  const [baseline, ...variants] = arms.map(({ name, args }): Arm => {
    return { ...base, name, revision: `${name} (${args || 'no arguments'})`, args: splitWords(args) };
  });
  if (baseline === undefined || variants.length === 0) {
    throw new SessionError('bad-input', 'One arm is no comparison: name a baseline and a variant with --arm.');
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
  /** Score on the locked test set; `contract` is then the locked one. */
  final?: boolean;
  /** The steps of the session's plan. */
  plan?: string[];
  /** Train with shuffled labels too, and measure the baseline against itself. */
  controls?: boolean;
}

/** Runs what is not run yet of a comparison, and says what it showed. */
export async function compareArms(desk: Desk, asked: Comparison): Promise<MeasureOutcome> {
  const { session, ports, repository, queue } = desk;
  const comparison = await withTheirEnvironments(desk, asked);
  const registration = session.state.registrations.findLast((r) => sameArms(r, comparison));
  const own = session.state.registrations.filter((r) => r !== registration);
  const seenByAgents = comparison.agentWritten
    ? await hiddenReadsBehind(
        { id: session.id, events: session.log.events },
        ports.workspace,
        concealed(comparison.contract),
      )
    : [];
  queue.prepare();
  return await measure({
    ...comparison,
    seenByAgents,
    session: session.id,
    workspace: ports.workspace,
    repository,
    queue,
    ...(await placeFor(desk, comparison.contract)),
    earlier: async () => {
      const { registrations, live, noise } = await allRegistrations(ports.workspace, session.id);
      return { registrations: [...registrations, ...own], live, noise };
    },
    alone: (work) => registeringAlone(ports.workspace, work),
    ...(registration && { registration }),
    on: (event: NewEvent) => record(session, event),
    signal: session.signal,
  });
}

/** @param revision `worktree` names the uncommitted changes */
export async function resolveArm(desk: Desk, name: string, revision: string): Promise<Arm> {
  const { repository } = desk;
  const dirty = revision === 'worktree' ? await snapshotOnce(desk) : null;
  if (dirty) return { name, revision, ...dirty };
  const { commit, tree } = await repository.resolve(revision === 'worktree' ? 'HEAD' : revision);
  return { name, revision, commit, tree };
}

/** What an agent made a variant install is a person's to approve. */
async function withTheirEnvironments(desk: Desk, comparison: Comparison): Promise<Comparison> {
  const { contract, agentWritten } = comparison;
  const arms = [comparison.baseline, ...comparison.variants];
  const [baseline, ...variants] = await withEnvironments(desk, contract, arms, agentWritten ? 'changed' : 'never');
  return { ...comparison, baseline: baseline ?? comparison.baseline, variants };
}

function sameArms(registration: Registration, { baseline, variants }: Comparison): boolean {
  const sides = (arms: readonly Arm[]) => JSON.stringify(arms.map(({ commit, args, lock }) => [commit, args, lock]));
  return sides([registration.baseline, ...registration.variants]) === sides([baseline, ...variants]);
}
