import type { BaselineScore } from '../agents/idea/ideaAgent.ts';
import { type Contract, primaryMetric } from '../domain/contract.ts';
import type { SessionEvent } from '../domain/event.ts';
import { average, sampleVariance } from '../evidence/statistics.ts';
import { GitError } from '../git/gitError.ts';
import { Repository } from '../git/repository.ts';
import { readableLogs } from './store.ts';

/** The newest score of the committed code, by a noise card or as the baseline of a comparison; never of a locked test set.
 *  @returns null where there is none, or no repository */
export async function baselineScore(
  workspace: string,
  contract: Pick<Contract, 'metrics'>,
): Promise<BaselineScore | null> {
  const tree = await committedTree(workspace);
  if (tree === null) return null;
  const { name } = primaryMetric(contract);
  let newest: BaselineScore | null = null;
  for await (const { events } of readableLogs(workspace)) newest = scoreIn(events, name, tree) ?? newest;
  return newest;
}

async function committedTree(workspace: string): Promise<string | null> {
  try {
    return (await (await Repository.open(workspace)).resolve('HEAD')).tree;
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

function scoreIn(events: readonly SessionEvent[], metric: string, tree: string): BaselineScore | null {
  const planned = events.findLast((event) => event.type === 'noise.planned');
  const noise = events.findLast((event) => event.type === 'noise.measured');
  if (noise && planned?.baseline.tree === tree && noise.card.metric === metric)
    return scoreOf(metric, noise.card.values);
  const compared = events.findLast((event) => event.type === 'measured')?.measurement;
  if (!compared || compared.metric !== metric || compared.registration.final) return null;
  return compared.registration.baseline.tree === tree ? scoreOf(metric, compared.baseline.values) : null;
}

function scoreOf(metric: string, values: readonly (number | null)[]): BaselineScore | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  return { metric, mean: average(known), deviation: Math.sqrt(sampleVariance(known)), seeds: known.length };
}
