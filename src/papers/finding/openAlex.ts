import * as z from 'zod';
import type { FoundPaper, PaperKey } from '../../domain/literature.ts';
import type { ServiceDoor } from '../services/serviceDoor.ts';
import { ServiceError } from '../services/serviceError.ts';
import { arxivDoi, arxivIdOfDoi, bareDoi } from './paperIds.ts';
import { type PaperService, RECORD_FRESH, SEARCH_FRESH } from './paperService.ts';

export const OPEN_ALEX = {
  name: 'OpenAlex',
  baseUrl: 'https://api.openalex.org',
  setting: 'MLR_OPENALEX_URL',
  keyName: 'OPENALEX_API_KEY',
  /** It allows far more; without a key a day holds few requests anyway.
   *  Source: https://developers.openalex.org/api-reference/authentication */
  every: 200,
} as const;

const SELECT = [
  'id',
  'doi',
  'display_name',
  'publication_year',
  'authorships',
  'abstract_inverted_index',
  'cited_by_count',
  'primary_location',
];

const Work = z.object({
  id: z.string(),
  doi: z.string().nullish(),
  display_name: z.string().nullish(),
  publication_year: z.number().int().nullish(),
  authorships: z
    .array(z.object({ author: z.object({ display_name: z.string().nullish() }).loose() }).loose())
    .nullish(),
  abstract_inverted_index: z.record(z.string(), z.array(z.number().int())).nullish(),
  cited_by_count: z.number().int().nullish(),
  primary_location: z
    .object({
      landing_page_url: z.string().nullish(),
      source: z.object({ display_name: z.string().nullish() }).loose().nullish(),
    })
    .loose()
    .nullish(),
});
type Work = z.infer<typeof Work>;

const List = z.object({ results: z.array(Work) });
const Single = z.object({ id: z.string() });

/** Asks OpenAlex.
 *  Source: https://developers.openalex.org/api-reference/works (search, filters `cites` and `cited_by`, a work by its DOI) */
export function openAlex(door: ServiceDoor): PaperService {
  const list = (asked: Record<string, string>, most: number, freshFor: number, signal: AbortSignal) => {
    const all = new URLSearchParams({ ...asked, per_page: `${Math.min(most, 100)}`, select: SELECT.join(',') });
    return door.ask({ path: `/works?${all}`, parse: papersIn, freshFor, signal });
  };
  const around = async (paper: PaperKey, filter: 'cites' | 'cited_by', most: number, signal: AbortSignal) => {
    const id = await idOf(door, paper, signal);
    return list({ filter: `${filter}:${id}`, sort: 'cited_by_count:desc' }, most, RECORD_FRESH, signal);
  };
  return {
    name: door.service.name,
    search: (words, most, signal) => list({ search: words }, most, SEARCH_FRESH, signal),
    references: (paper, most, signal) => around(paper, 'cited_by', most, signal),
    citations: (paper, most, signal) => around(paper, 'cites', most, signal),
  };
}

async function idOf(door: ServiceDoor, { doi, arxivId, title }: PaperKey, signal: AbortSignal): Promise<string> {
  const known = doi ?? (arxivId === undefined ? undefined : arxivDoi(arxivId));
  if (known === undefined)
    throw new ServiceError(
      'not asked',
      `${door.service.name} was not asked: it knows papers by DOI or arXiv id, and none is known of “${title}”.`,
    );
  const path = `/works/doi:${known.split('/').map(encodeURIComponent).join('/')}?select=id`;
  const parse = (text: string) => Single.parse(JSON.parse(text)).id;
  const { value } = await door.ask({ path, parse, freshFor: RECORD_FRESH, signal });
  return shortId(value);
}

function papersIn(text: string): FoundPaper[] {
  return List.parse(JSON.parse(text)).results.flatMap((work) => {
    if (!work.display_name) return [];
    const doi = work.doi ? bareDoi(work.doi) : undefined;
    const arxivId = doi === undefined ? undefined : arxivIdOfDoi(doi);
    const abstract = abstractOf(work);
    const venue = work.primary_location?.source?.display_name;
    const url = work.primary_location?.landing_page_url;
    return [
      {
        title: work.display_name,
        year: work.publication_year ?? null,
        source: OPEN_ALEX.name,
        id: shortId(work.id),
        ...(doi !== undefined && { doi }),
        ...(arxivId !== undefined && { arxivId }),
        authors: (work.authorships ?? []).flatMap(({ author }) => (author.display_name ? [author.display_name] : [])),
        ...(abstract !== '' && { abstract }),
        ...(venue && { venue }),
        ...(work.cited_by_count != null && { citations: work.cited_by_count }),
        ...(url && { url }),
      },
    ];
  });
}

/** Most words of an abstract that are put together. */
const MOST_WORDS = 2_000;

/** Abstracts are given as each word with its places. */
function abstractOf({ abstract_inverted_index: index }: Work): string {
  const words: string[] = [];
  for (const [word, places] of Object.entries(index ?? {}))
    for (const place of places) if (place >= 0 && place < MOST_WORDS) words[place] = word;
  return words.filter((word) => word !== undefined).join(' ');
}

/** `W2741809807` of `https://openalex.org/W2741809807`. */
function shortId(id: string): string {
  return id.replace(/^.*\//, '');
}
