import type { Contract } from '../domain/contract.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { Idea } from '../domain/idea.ts';
import { offerAdoption } from './adoptPhase.ts';
import { type Desk, openDesk } from './desk.ts';
import { writeVariant } from './experimentPhase.ts';
import { settleIdea } from './ideaPhase.ts';
import { compareArms } from './measurePhase.ts';
import { opinionOf } from './opinion.ts';
import { offerPackages } from './packagePhase.ts';
import { approvePlan, settleContract } from './planPhase.ts';
import type { Ports } from './ports.ts';
import { mendFailure } from './repairPhase.ts';
import { writeReport } from './reportPhase.ts';
import { reviewEvidence } from './reviewPhase.ts';
import type { Session } from './session.ts';
import { sayWhatStillFails } from './stillFailing.ts';

/** After so many repairs a comparison is judged with its failures. */
const MOST_REPAIRS = 4;

/** All phases, from a paper or an idea to a verdict and what becomes of the change.
 *  @returns the summary the session ends with */
export async function research(
  session: Session,
  ports: Ports,
  assignment: { paper: string | null; ideaFile: string | null },
): Promise<string> {
  const desk = await openDesk(session, ports);
  const idea = await settleIdea(session, ports, assignment);
  const contract = await settleContract(desk, idea);
  await approvePlan(desk, idea, contract);
  await writeVariant(desk, idea, contract);
  const measurement = await measureMending(desk, idea, contract);
  await reviewEvidence(desk, idea, measurement);
  await writeReport(desk, contract, measurement, opinionOf(session.state) ?? null);
  await offerAdoption(desk, measurement);
  return `${measurement.verdict}: ${measurement.reason}`;
}

/** Measures; where runs fail by themselves, lets the Debug agent mend them and registers the comparison anew. */
async function measureMending(desk: Desk, idea: Idea, contract: Contract): Promise<Measurement> {
  const { state } = desk.session;
  if (state.measurement) return state.measurement;
  for (;;) {
    const { baseline, variant, repairs } = state;
    if (!baseline || !variant) throw new TypeError('A comparison needs a baseline and a variant.');
    const outcome = await compareArms(desk, {
      contract,
      baseline: {
        name: 'baseline',
        revision: baseline.call === null ? 'baseline' : 'repaired baseline',
        ...commitOf(baseline),
      },
      variants: [{ name: 'variant', revision: variant.branch, ...commitOf(variant) }],
      hypothesis: idea.hypothesis,
      plan: idea.plan,
      agentWritten: true,
      stopAtFailure: repairs.length < MOST_REPAIRS,
    });
    if (outcome.kind === 'measured') {
      if (repairs.length >= MOST_REPAIRS) {
        await sayWhatStillFails(desk.session, desk.ports.workspace, outcome.registration.id);
      }
      return outcome.measurement;
    }
    const lacking = outcome.failures.map(({ run, arm }) => ({ id: run.id, tree: arm.tree }));
    if (await offerPackages(desk, contract, lacking)) continue;
    await mendFailure(desk, outcome, contract, idea, `debug-${repairs.length + 1}`);
  }
}

function commitOf({ commit, tree }: { commit: string; tree: string }): { commit: string; tree: string } {
  return { commit, tree };
}
