import { type Review, validateAgent } from '../agents/validate/validateAgent.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { Idea } from '../domain/idea.ts';
import { consult } from './consult.ts';
import type { Desk } from './desk.ts';
import type { Session } from './session.ts';

/** The Validate agent's words about a computed verdict: an opinion beside it, which changes nothing. */
export async function reviewEvidence(desk: Desk, idea: Idea, measurement: Measurement): Promise<string> {
  const { session, repository, ports } = desk;
  const { baseline, variant, review } = session.state;
  if (review !== undefined) return review;
  const diff = baseline && variant ? await repository.diff(baseline.commit, variant.commit) : '';
  const said = await consult(
    session,
    ports,
    'validate',
    await validateAgent({ idea, diff, measurement, repairs: repairsOf(session) }),
  );
  const text = asText(said);
  await session.append({ type: 'reviewed', text });
  return text;
}

/** What the Debug agent mended, as the person who accepted it read it. */
function repairsOf({ state }: Session): string[] {
  const mended = state.proposals.filter((p) => p.by === 'debug' && p.decided);
  const where = { baseline: 'in every arm', variant: 'in the variant' };
  return mended.map((p) => `- ${where[p.of]}: ${p.summary}`);
}

function asText({ meaning, confounds, nextSteps, goBackTo }: Review): string {
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  const parts = [meaning];
  if (confounds.length > 0) parts.push(`What else could explain it:\n${list(confounds)}`);
  parts.push(`What to try next:\n${list(nextSteps)}`);
  if (goBackTo !== 'none') parts.push(`Back to: ${goBackTo}.`);
  return parts.join('\n\n');
}
