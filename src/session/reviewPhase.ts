import { existsSync } from 'node:fs';
import { AgentError } from '../agents/agentError.ts';
import type { LookingPlace } from '../agents/lookingPlace.ts';
import { type Review, type ValidateContext, validateAgent } from '../agents/validate/validateAgent.ts';
import { changeReviewInWords } from '../domain/changeReviewInWords.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { Idea } from '../domain/idea.ts';
import { parseContract } from '../evidence/contractFile.ts';
import { ModelError } from '../models/modelError.ts';
import { readOutput } from '../runs/outputLog.ts';
import { armPlace } from './agentPlace.ts';
import { consult } from './consult.ts';
import type { Desk } from './desk.ts';
import { repairsSoFar } from './handedOn.ts';
import { chatModel } from './model.ts';
import { ownPrompt } from './ownPrompt.ts';

/** How much of the end of a run's output there is to look at. Bytes. */
const OUTPUT_BYTES = 64 * 1024;

const OF_ANOTHER =
  'These words come from a recording: they were said of another measurement of the same experiment, and only the numbers in them are of this one.';

/** The Validate agent's words about a computed verdict: an opinion beside it, which changes nothing. A report does not
 *  wait for it: where the model fails, the result stands without. */
export async function reviewEvidence(desk: Desk, idea: Idea, measurement: Measurement): Promise<void> {
  const { session, ports, repository } = desk;
  const { baseline, variant, review, reviewBefore } = session.state;
  if (review !== undefined) return;
  const diff = baseline && variant ? await repository.diff(baseline.commit, variant.commit) : '';
  const known = {
    idea,
    diff,
    measurement,
    summary: session.state.proposals.findLast((p) => p.by === 'experiment' && p.decided)?.summary ?? '',
    repairs: await repairsSoFar(repository, session.state),
    before: reviewBefore ? changeReviewInWords(reviewBefore.review) : '',
    output: (run: string) => readOutput(ports.workspace, run, { from: -OUTPUT_BYTES }),
    ...placeOf(desk),
    ...(await ownPrompt(ports.workspace, 'validate')),
  };
  const said = await askForOpinion(desk, known);
  if (said === null) return;
  const { recorded } = await chatModel(session, desk.ports);
  const text = recorded ? `${OF_ANOTHER}\n\n${asText(said)}` : asText(said);
  await session.append({ type: 'reviewed', text });
}

async function askForOpinion({ session, ports }: Desk, known: ValidateContext): Promise<Review | null> {
  try {
    return await consult(session, ports, 'validate', {
      agent: 'validate',
      define: (room) => validateAgent({ ...known, room }),
    });
  } catch (error) {
    const ofModel = (ModelError.is(error) || AgentError.is(error)) && !session.signal.aborted;
    if (!ofModel) throw error;
    await session.append({ type: 'notice', text: `The result stands without an explanation: ${error.message}` });
    return null;
  }
}

/** The worktree that holds the measured variant, unless somebody removed it. */
function placeOf(desk: Desk): { place?: LookingPlace } {
  const { worktrees, contract } = desk.session.state;
  const worktree = worktrees.findLast((one) => one.of === 'variant');
  if (!(worktree && contract && existsSync(worktree.path))) return {};
  return {
    place: armPlace(desk, parseContract(contract.yaml, 'mlr.yaml'), worktree.path),
  };
}

function asText({ meaning, confounds, wouldDecide, nextSteps, goBackTo, whyBack }: Review): string {
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  const parts = [meaning];
  if (confounds.length > 0) parts.push(`What else could explain it:\n${list(confounds)}`);
  if (wouldDecide.length > 0) parts.push(`What would decide it:\n${list(wouldDecide)}`);
  parts.push(`What to try next:\n${list(nextSteps)}`);
  if (goBackTo !== 'none') parts.push(`Back to: ${goBackTo}. ${whyBack}`.trimEnd());
  return parts.join('\n\n');
}
