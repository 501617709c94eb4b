import type { FoundPaper } from '../../domain/literature.ts';
import type { ServiceDoor } from '../services/serviceDoor.ts';
import { ServiceError } from '../services/serviceError.ts';
import { bareArxivId } from './paperIds.ts';
import { type PaperService, SEARCH_FRESH } from './paperService.ts';
import { queryWords } from './queryWords.ts';

export const ARXIV = {
  name: 'arXiv',
  baseUrl: 'https://export.arxiv.org/api',
  setting: 'MLR_ARXIV_URL',
  /** Its terms of use allow one request in three seconds; a process that wakes up late must not come too near to the next.
   *  Source: https://info.arxiv.org/help/api/tou.html */
  every: 3_250,
} as const;

/** Most words that must all stand in a paper; of more, the papers with the most of them come first. */
const MOST_ALL = 5;

/** Searches arXiv. It answers in Atom, and with an entry called Error where it does not take the question.
 *  Source: https://info.arxiv.org/help/api/user-manual.html (3.1, 3.3, 3.4) */
export function arxiv(door: ServiceDoor): PaperService {
  return {
    name: door.service.name,
    async search(words, most, signal) {
      const terms = queryWords(words).slice(0, 12);
      const query = terms.map((term) => `all:${/\W/.test(term) ? `"${term}"` : term}`);
      const search = query.join(terms.length > MOST_ALL ? ' OR ' : ' AND ');
      const asked = new URLSearchParams({
        search_query: search,
        start: '0',
        max_results: `${most}`,
        sortBy: 'relevance',
      });
      const parse = await atomReader();
      return door.ask({ path: `/query?${asked}`, parse, freshFor: SEARCH_FRESH, signal });
    },
  };
}

/** The parser is loaded where there is something to parse. */
async function atomReader(): Promise<(text: string) => FoundPaper[]> {
  const { DOMParser } = await import('linkedom');
  return (text) => {
    const whole = text.trim();
    // Sent as plain text, and not always with the status of a refusal.
    if (/^rate exceeded/i.test(whole))
      throw new ServiceError('throttled', 'arXiv asks to be asked less often; wait a minute.', { passing: false });
    if (!/<feed[\s>]/.test(whole) || !whole.endsWith('</feed>')) throw new SyntaxError('no whole Atom feed');
    const entries = [...new DOMParser().parseFromString(whole, 'text/xml').getElementsByTagName('entry')];
    const papers = entries.map(paperOf);
    if (entries.length === 1 && papers[0]?.title === 'Error')
      throw new ServiceError('failed', `arXiv does not take the question: ${papers[0].abstract ?? 'it says no more'}.`);
    return papers.filter(({ id, title }) => id !== '' && title !== '');
  };
}

function paperOf(entry: Element): FoundPaper {
  const text = (tag: string) => textIn(entry, tag);
  const link = text('id');
  const id = /\/abs\/(.+)$/.exec(link)?.[1] ?? '';
  const year = Number(text('published').slice(0, 4));
  const doi = text('arxiv:doi').toLowerCase();
  const venue = text('arxiv:journal_ref');
  return {
    title: text('title'),
    year: year > 1900 ? year : null,
    source: ARXIV.name,
    id,
    ...(doi !== '' && { doi }),
    ...(id !== '' && { arxivId: bareArxivId(id), url: link }),
    authors: [...entry.getElementsByTagName('author')].map((author) => textIn(author, 'name')),
    abstract: text('summary'),
    ...(venue !== '' && { venue }),
  };
}

function textIn(element: Element, tag: string): string {
  const found = element.getElementsByTagName(tag)[0];
  return (found?.textContent ?? '').replace(/\s+/g, ' ').trim();
}
