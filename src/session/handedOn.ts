import * as z from 'zod';
import type { Repair } from '../agents/repairsInWords.ts';
import type { Repository } from '../git/repository.ts';
import type { SessionState } from './state.ts';

const Reported = z.object({ defects: z.array(z.string()) });

/** Defects of the code as it is that this session's agents have reported so far, each once. */
export function knownDefects({ ideas, conversations }: Pick<SessionState, 'ideas' | 'conversations'>): string[] {
  const reported = [...conversations.values()].flatMap(({ output }) => Reported.safeParse(output).data?.defects ?? []);
  return [...new Set([...(ideas?.ideas.defects ?? []), ...reported])];
}

/** What was mended so far, as diffs of the arm that was mended.
 *  @throws GitError */
export async function repairsSoFar(
  repository: Repository,
  { repairs }: Pick<SessionState, 'repairs'>,
): Promise<Repair[]> {
  return Promise.all(repairs.map(async ({ of, from, to }) => ({ of, diff: await repository.diff(from, to) })));
}
