import type { Literature } from '../agents/idea/literature.ts';
import { type FoundPapers, hasAnswered } from '../domain/literature.ts';
import type { Session } from './session.ts';

/** Asks the services, and the workspace's own library; says of each what came of it, and never fails. */
export type FindWorks = (words: string, signal: AbortSignal) => Promise<FoundPapers>;

/** The literature as a session knows it: what a search found is in the log before an agent sees it, so that keys and
 *  citations hold after a resume, and nobody is asked the same twice unless nobody answered. */
export function sessionLiterature(session: Session, call: string, find: FindWorks): Literature {
  return {
    async search(words, signal) {
      const known = session.state.literature.find((search) => search.words === words && search.asked.some(hasAnswered));
      if (known) return known;
      const { papers, asked } = await find(words, signal);
      await session.append({ type: 'literature.searched', call, words, papers: [...papers], asked: [...asked] });
      return { papers, asked };
    },
    searches: () => session.state.literature,
  };
}
