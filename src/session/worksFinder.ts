import type { FoundPapers } from '../domain/literature.ts';
import { titleKey } from '../papers/finding/paperIds.ts';
import { searchPapers } from './finding.ts';
import { findingPorts } from './literature.ts';
import type { Ports } from './ports.ts';
import type { FindWorks } from './searchedLiterature.ts';
import type { Session } from './session.ts';

/** Most that one search of an agent brings. */
const MOST = 10;

/** Who is asked for published works in a session. One that replays a recording, and one that keeps to this machine, asks
 *  the workspace's own library alone. */
export function worksFinder(session: Session, ports: Ports): FindWorks {
  return async (words, signal) => {
    const finding = await findingPorts(session, ports);
    const isReplay = session.begun.model.replay !== null;
    const found = await searchPapers(words, { ...finding, localOnly: finding.localOnly || isReplay, signal }, MOST);
    return without(session.state.paper?.paper.title, found);
  };
}

/** The paper that ideas are drawn from is no work beside it. */
function without(title: string | undefined, { papers, asked }: FoundPapers): FoundPapers {
  const own = papers.filter((paper) => title !== undefined && titleKey(paper.title) === titleKey(title));
  const lists = own.flatMap(({ source, alsoIn = [] }) => [source, ...alsoIn]);
  return {
    papers: papers.filter((paper) => !own.includes(paper)),
    asked: asked.map((one) => ({ ...one, found: one.found - lists.filter((name) => name === one.service).length })),
  };
}
