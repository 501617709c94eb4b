import * as z from 'zod';
import type { FoundPaper, PaperKey } from '../../domain/literature.ts';
import type { ServiceDoor } from '../services/serviceDoor.ts';
import { ServiceError } from '../services/serviceError.ts';
import { arxivIdOfDoi, bareDoi } from './paperIds.ts';
import { type PaperService, RECORD_FRESH, type Records, SEARCH_FRESH } from './paperService.ts';

export const SEMANTIC_SCHOLAR = {
  name: 'Semantic Scholar',
  baseUrl: 'https://api.semanticscholar.org/graph/v1',
  setting: 'MLR_SEMANTIC_SCHOLAR_URL',
  keyName: 'SEMANTIC_SCHOLAR_API_KEY',
  /** With a key it allows one request a second; without one, all such callers share a limit.
   *  Source: https://www.semanticscholar.org/product/api */
  every: 1_000,
} as const;

const FIELDS = 'title,year,externalIds,authors,abstract,citationCount,venue,url';

const Work = z.object({
  paperId: z.string().nullable(),
  title: z.string().nullish(),
  year: z.number().int().nullish(),
  externalIds: z.object({ DOI: z.string().optional(), ArXiv: z.string().optional() }).loose().nullish(),
  authors: z.array(z.object({ name: z.string().nullish() }).loose()).nullish(),
  abstract: z.string().nullish(),
  citationCount: z.number().int().nullish(),
  venue: z.string().nullish(),
  url: z.string().nullish(),
});
type Work = z.infer<typeof Work>;

/** A search that finds nothing has no `data`; a publisher may have references withheld, and they are null. */
const Found = z
  .object({ total: z.number().optional(), data: z.array(Work).nullish() })
  .refine(({ total, data }) => total !== undefined || data !== undefined);
const Cited = z.object({ data: z.array(z.object({ citedPaper: Work })).nullable() });
const Citing = z.object({ data: z.array(z.object({ citingPaper: Work })).nullable() });

/** Asks the Academic Graph.
 *  Source: https://api.semanticscholar.org/api-docs/graph (`/paper/search`, `/paper/search/match`,
 *  `/paper/{paper_id}/references`, `/paper/{paper_id}/citations`) */
export function semanticScholar(door: ServiceDoor): PaperService {
  const around = async (paper: PaperKey, edge: 'references' | 'citations', most: number, signal: AbortSignal) => {
    const id = await idOf(door, paper, signal);
    const path = `/paper/${encodeURIComponent(id)}/${edge}?${new URLSearchParams({ limit: `${most}`, fields: FIELDS })}`;
    const parse = edge === 'references' ? cited : citing;
    return door.ask({ path, parse, freshFor: RECORD_FRESH, signal });
  };
  return {
    name: door.service.name,
    search: (words, most, signal): Promise<Records> => {
      // Hyphens are taken as exclusions. Source: the documentation of `query`.
      const query = words.replace(/-/g, ' ').trim();
      const asked = new URLSearchParams({ query, limit: `${Math.min(most, 100)}`, fields: FIELDS });
      return door.ask({ path: `/paper/search?${asked}`, parse: searched, freshFor: SEARCH_FRESH, signal });
    },
    references: (paper, most, signal) => around(paper, 'references', most, signal),
    citations: (paper, most, signal) => around(paper, 'citations', most, signal),
  };
}

async function idOf(door: ServiceDoor, { doi, arxivId, title }: PaperKey, signal: AbortSignal): Promise<string> {
  if (arxivId !== undefined) return `ARXIV:${arxivId}`;
  if (doi !== undefined) return `DOI:${doi}`;
  const path = `/paper/search/match?${new URLSearchParams({ query: title ?? '', fields: 'title' })}`;
  const { value } = await door.ask({ path, parse: searched, freshFor: RECORD_FRESH, signal });
  const id = value[0]?.id;
  if (id !== undefined) return id;
  throw new ServiceError('absent', `${door.service.name} does not know “${title}”.`);
}

function searched(text: string): FoundPaper[] {
  return papersOf(Found.parse(JSON.parse(text)).data ?? []);
}

function cited(text: string): FoundPaper[] {
  return papersOf((Cited.parse(JSON.parse(text)).data ?? []).map(({ citedPaper }) => citedPaper));
}

function citing(text: string): FoundPaper[] {
  return papersOf((Citing.parse(JSON.parse(text)).data ?? []).map(({ citingPaper }) => citingPaper));
}

/** A reference that was not recognised has neither id nor title. */
function papersOf(works: readonly Work[]): FoundPaper[] {
  return works.flatMap((work) => {
    const { paperId, title, year, externalIds, authors, abstract, citationCount, venue, url } = work;
    if (paperId === null || !title) return [];
    const doi = externalIds?.DOI === undefined ? undefined : bareDoi(externalIds.DOI);
    const arxivId = externalIds?.ArXiv ?? (doi === undefined ? undefined : arxivIdOfDoi(doi));
    return [
      {
        title,
        year: year ?? null,
        source: SEMANTIC_SCHOLAR.name,
        id: paperId,
        ...(doi !== undefined && { doi }),
        ...(arxivId !== undefined && { arxivId }),
        authors: (authors ?? []).flatMap(({ name }) => (name ? [name] : [])),
        ...(abstract && { abstract }),
        ...(venue && { venue }),
        ...(citationCount != null && { citations: citationCount }),
        ...(url && { url }),
      },
    ];
  });
}
