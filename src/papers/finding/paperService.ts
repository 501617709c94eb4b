import type { FoundPaper, PaperKey } from '../../domain/literature.ts';
import type { ServiceAnswer } from '../services/serviceDoor.ts';

/** Records of one source, in its own order; and what else is to be told of how they were found, as a sentence. */
export type Records = ServiceAnswer<readonly FoundPaper[]> & { readonly note?: string };

/** One source of papers. Everything throws ServiceError where there is no answer. */
export interface PaperService {
  readonly name: string;
  /** It is on this machine. */
  readonly here?: true;
  search(words: string, most: number, signal: AbortSignal): Promise<Records>;
  /** What a paper cites; absent where the source does not know. */
  references?(paper: PaperKey, most: number, signal: AbortSignal): Promise<Records>;
  /** What cites it. */
  citations?(paper: PaperKey, most: number, signal: AbortSignal): Promise<Records>;
}

/** How old an answer to a search may be, in milliseconds: a day, for new papers are what is looked for. */
export const SEARCH_FRESH = 24 * 3600 * 1000;

/** What a paper cites does not change; who cites it does. Milliseconds. */
export const RECORD_FRESH = 7 * 24 * 3600 * 1000;
