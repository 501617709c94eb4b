import * as z from 'zod';
import { type AskedService, type FoundPaper, type FoundPapers, hasAnswered } from '../../domain/literature.ts';
import type { Paper } from '../../domain/paper.ts';
import { titleKey } from '../../papers/finding/paperIds.ts';
import { clipped } from '../prompt.ts';
import type { Room } from '../room.ts';
import { type Tool, tool } from '../tool.ts';

/** The literature as a session searches it. What a search found stays known to the session's end, in its order. */
export interface Literature {
  /** Never fails: of a service that does not answer it says why. */
  search(words: string, signal: AbortSignal): Promise<FoundPapers>;
  searches(): readonly FoundPapers[];
}

/** A work that may be cited, by the key under which an agent knows it. */
export interface CitableWork {
  readonly key: string;
  readonly id: string;
  readonly title: string;
  /** What is known of its text; '' for nothing. */
  readonly text: string;
}

const AT_ONCE = 4;
const SHOWN = { ample: 8, small: 3 };
/** Characters of an abstract. */
const ABSTRACT = { ample: 900, small: 200 };

/** What was found, once each, in the order found. */
export function worksFound(literature: Literature | null): FoundPaper[] {
  const found = new Map<string, FoundPaper>();
  for (const paper of (literature?.searches() ?? []).flatMap(({ papers }) => papers)) {
    if (!found.has(idOf(paper))) found.set(idOf(paper), paper);
  }
  return [...found.values()];
}

/** Every work that may be cited: `R1`, … as the paper's own list numbers them, and `W1`, … in the order found. */
export function citableWorks(paper: Paper | null, literature: Literature | null): CitableWork[] {
  const named = (paper?.references ?? []).map((reference, i) => ({
    key: `R${i + 1}`,
    id: idOf({ ...reference, source: 'reference', id: String(i + 1) }),
    title: reference.title ?? reference.text,
    text: '',
  }));
  const found = worksFound(literature).map((work, i) => ({
    key: `W${i + 1}`,
    id: idOf(work),
    title: work.title,
    text: work.abstract ?? '',
  }));
  return [...named, ...found];
}

/** The firmest name that a work has: one record of it may be found by several services. */
function idOf({ doi, arxivId, source, id }: Pick<FoundPaper, 'doi' | 'arxivId' | 'source' | 'id'>): string {
  if (doi !== undefined) return `doi:${doi.toLowerCase()}`;
  return arxivId === undefined ? `${source}:${id}` : `arxiv:${arxivId}`;
}

/** Looks for published works, several questions at once.
 *  @param paper whose references are told where one of them is found */
export function searchPapers(literature: Literature, paper: Paper | null, room: Room): Tool<never> {
  return tool({
    name: 'search_papers',
    looks: true,
    description:
      'Search the literature, one to four searches at once; a few rare words find more than many. Works are numbered [W1], [W2], … for citing.',
    parameters: z.object({ queries: z.array(z.string().trim().min(3)).min(1).max(AT_ONCE) }),
    run: async ({ queries }, { signal }) => {
      const parts: string[] = [];
      const silent = new Set<string>();
      const shown = new Set<string>();
      // One after the other: services ask for pauses between requests, and numbers stay in order.
      for (const words of queries) {
        const { papers, asked } = await literature.search(words, signal);
        const keys = new Map(worksFound(literature).map((work, i) => [idOf(work), `W${i + 1}`]));
        const lines = papers.slice(0, SHOWN[room]).map((work) => {
          const line = `[${keys.get(idOf(work))}] ${workInWords(work)}${referenceKey(paper, work)}`;
          if (shown.has(idOf(work))) return `${line} (shown above)`;
          shown.add(idOf(work));
          return work.abstract === undefined ? line : `${line}\n    ${clipped(work.abstract, ABSTRACT[room])}`;
        });
        for (const one of silence(asked.filter((each) => !hasAnswered(each)))) silent.add(one);
        parts.push([`“${words}”: ${answersInWords(asked)}`, ...lines].join('\n'));
      }
      return [...parts, [...silent].join('\n')].filter((part) => part !== '').join('\n\n');
    },
  });
}

/** How the literature was searched in all: how many works came of it, who answered, who did not and why; '' where it was
 *  not. */
export function searchesInWords(literature: Literature | null): string {
  const asked = (literature?.searches() ?? []).flatMap((search) => search.asked);
  const answering = new Set(asked.filter(hasAnswered).map(called));
  const silent = silence(asked.filter((one) => !answering.has(called(one))));
  return [heldAgainst(literature), ...silent].filter((part) => part !== '').join('; ');
}

/** What novelty is held against; '' where nothing was searched. */
export function heldAgainst(literature: Literature | null): string {
  const searches = literature?.searches() ?? [];
  if (searches.length === 0) return '';
  const answering = new Set(searches.flatMap(({ asked }) => asked.filter(hasAnswered).map(called)));
  const found = counted(worksFound(literature).length, 'work');
  return `${found} found by ${counted(searches.length, 'search', 'searches')} of ${[...answering].join(', ') || 'nobody that answered'}`;
}

function answersInWords(asked: readonly AskedService[]): string {
  const answers = asked.filter(hasAnswered).map((one) => `${called(one)} ${one.found}`);
  return answers.join('; ') || 'nobody answered';
}

/** Where a work that was found is one that the paper names, by which key it may also be cited. */
function referenceKey(paper: Paper | null, work: FoundPaper): string {
  const title = titleKey(work.title);
  const at = (paper?.references ?? []).findIndex(
    (reference) =>
      idOf({ ...reference, source: '', id: '' }) === idOf(work) || titleKey(reference.text).includes(title),
  );
  return at < 0 || title === '' ? '' : `, the paper’s own R${at + 1}`;
}

/** Those that did not answer, by why not: often one reason keeps all of them. */
function silence(asked: readonly AskedService[]): string[] {
  const reasons = new Map<string, Set<string>>();
  for (const one of asked) {
    const why = whyNot(one);
    reasons.set(why, (reasons.get(why) ?? new Set()).add(called(one)));
  }
  return [...reasons].map(([why, those]) => `${[...those].join(', ')}: ${why}`);
}

/** Without the service's name, and the settings by which a person would change it. */
function whyNot({ service, outcome, detail = outcome }: AskedService): string {
  const said = detail.startsWith(`${service} `) ? detail.slice(service.length + 1) : detail;
  return said
    .replace(/^was /, '')
    .replace(/ *\([^)]*\)/g, '')
    .replace(/\.$/, '');
}

function called({ service }: AskedService): string {
  return service === 'local' ? 'the workspace’s library' : service;
}

function workInWords(work: FoundPaper): string {
  const { title, authors, year, venue, citations } = work;
  const who = authors.length > 2 ? `${authors[0]} et al.` : authors.join(' and ');
  const cited = citations === undefined ? '' : `cited ${counted(citations, 'time')}`;
  const facts = [who, year === null ? '' : String(year), venue ?? '', idOf(work), cited];
  return `${title} (${facts.filter((fact) => fact !== '').join(', ')})`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
