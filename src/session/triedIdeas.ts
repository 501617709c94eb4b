import type { TriedIdea } from '../agents/idea/triedInWords.ts';
import type { SessionEvent } from '../domain/event.ts';
import { readableLogs } from './store.ts';

/** What was measured in this workspace before, oldest first: the next ideas begin where these ended. A locked test set's
 *  results are nobody's guide, so they are left out.
 *  @param except a session that does not count: the one that asks */
export async function triedIdeas(workspace: string, except = ''): Promise<TriedIdea[]> {
  const tried: TriedIdea[] = [];
  for await (const { id, events } of readableLogs(workspace)) {
    if (id !== except) tried.push(...triedIn(events));
  }
  return tried;
}

function triedIn(events: readonly SessionEvent[]): TriedIdea[] {
  const measurement = events.findLast((event) => event.type === 'measured')?.measurement;
  if (!measurement || measurement.registration.final) return [];
  const idea = events.findLast((event) => event.type === 'idea.chosen')?.idea;
  return measurement.variants.map(({ revision, verdict, reason, difference }) => {
    const { mean, low, high } = difference;
    const gain = mean === null || low === null || high === null ? null : { mean, low, high };
    const title =
      idea && measurement.variants.length === 1 ? idea.title : `${revision} against ${measurement.baseline.revision}`;
    return { title, hypothesis: idea?.hypothesis ?? '', verdict, metric: measurement.metric, gain, reason };
  });
}
