import * as z from 'zod';
import type { Repair } from '../agents/repairsInWords.ts';
import type { Repository } from '../git/repository.ts';
import type { SessionState } from './state.ts';

const Reported = z.object({ defects: z.array(z.string()) });

const PLACE = /[\w./-]+\.\w+:\d+/g;

/** Defects of the code as it is that this session's agents have reported so far, each once: one that names but places
 *  (`file:line`) that another agent named before is told already, in whichever words. Two that one agent tells apart are
 *  two, wherever they are. */
export function knownDefects({ ideas, conversations }: Pick<SessionState, 'ideas' | 'conversations'>): string[] {
  const reported = [...conversations.values()].map(({ output }) => Reported.safeParse(output).data?.defects ?? []);
  const known: string[] = [];
  const named = new Set<string>();
  for (const report of [...ideas.map((one) => one.ideas.defects ?? []), ...reported]) {
    const isNew = (defect: string): boolean => {
      const places = placesIn(defect);
      return places.length === 0 ? !known.includes(defect) : places.some((place) => !named.has(place));
    };
    known.push(...report.filter(isNew));
    for (const place of report.flatMap(placesIn)) named.add(place);
  }
  return known;
}

function placesIn(defect: string): string[] {
  return defect.match(PLACE) ?? [];
}

/** What was mended so far, as diffs of the arm that was mended.
 *  @throws GitError */
export async function repairsSoFar(
  repository: Repository,
  { repairs }: Pick<SessionState, 'repairs'>,
): Promise<Repair[]> {
  return Promise.all(
    repairs.map(async ({ of, from, to, met }) => ({ of, diff: await repository.diff(from, to), met })),
  );
}
