import * as z from 'zod';
import { bareArxivId } from '../finding/paperIds.ts';
import { RECORD_FRESH } from '../finding/paperService.ts';
import type { ServiceDoor } from '../services/serviceDoor.ts';
import { ServiceError } from '../services/serviceError.ts';

/** Where a work can be read without paying, the best copy first, and what came of asking each service. */
export interface OpenCopies {
  readonly urls: readonly string[];
  /** The same work on arXiv. */
  readonly arxivId: string | null;
  /** For a message, such as `OpenAlex knows no open copy`. */
  readonly told: readonly string[];
}

const Place = z.object({ pdf_url: z.string().nullish(), is_oa: z.boolean().nullish() }).loose().nullish();
const AlexWork = z.object({
  id: z.string(),
  best_oa_location: Place,
  locations: z.array(Place).nullish(),
});
const ScholarWork = z.object({
  paperId: z.string(),
  externalIds: z.object({ ArXiv: z.string().optional() }).loose().nullish(),
  openAccessPdf: z.object({ url: z.string().nullish() }).loose().nullish(),
});

/** Asks the services at once where a DOI's work can be read. One that gives no answer is told of and holds nobody up.
 *  Source: https://developers.openalex.org/api-reference/works (a work by its DOI, `best_oa_location`, `locations`);
 *  https://api.semanticscholar.org/api-docs/graph (`/paper/{paper_id}`, `openAccessPdf`) */
export async function openCopies(
  doi: string,
  { openAlex, semanticScholar }: { openAlex: ServiceDoor; semanticScholar: ServiceDoor },
  signal: AbortSignal,
): Promise<OpenCopies> {
  const escaped = doi.split('/').map(encodeURIComponent).join('/');
  const [alex, scholar] = await Promise.all([
    asked(openAlex, `/works/doi:${escaped}?select=id,best_oa_location,locations`, AlexWork, signal),
    asked(semanticScholar, `/paper/DOI:${escaped}?fields=externalIds,openAccessPdf`, ScholarWork, signal),
  ]);
  const open = [alex.work?.best_oa_location, ...(alex.work?.locations ?? []).filter((place) => place?.is_oa)];
  const links = [...open.map((place) => place?.pdf_url), scholar.work?.openAccessPdf?.url];
  const urls = [...new Set(links.filter((link) => typeof link === 'string' && /^https?:\/\//.test(link)))];
  const arxivId = scholar.work?.externalIds?.ArXiv;
  return {
    urls: urls.filter((url) => url !== undefined && url !== null),
    arxivId: arxivId === undefined ? null : bareArxivId(arxivId),
    told: [alex.told, scholar.told].filter((words) => words !== null),
  };
}

interface Asked<T> {
  readonly work: T | null;
  /** Why there is none; null where there is one. */
  readonly told: string | null;
}

async function asked<T>(door: ServiceDoor, path: string, shape: z.ZodType<T>, signal: AbortSignal): Promise<Asked<T>> {
  try {
    const parse = (text: string) => shape.parse(JSON.parse(text));
    const { value } = await door.ask({ path, parse, freshFor: RECORD_FRESH, signal });
    return { work: value, told: null };
  } catch (error) {
    if (!ServiceError.is(error)) throw error;
    return { work: null, told: error.message.replace(/\.$/, '') };
  }
}
