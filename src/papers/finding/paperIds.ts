import type { PaperKey } from '../../domain/literature.ts';
import { fold } from './queryWords.ts';

/** An arXiv id without its version. */
export function bareArxivId(id: string): string {
  return id.replace(/v\d+$/, '');
}

/** A DOI in small letters without an address before it: DOIs are the same in any letters.
 *  Source: https://www.doi.org/doi-handbook/HTML/case-sensitivity.html */
export function bareDoi(doi: string): string {
  return doi
    .trim()
    .replace(/^(https?:\/\/(dx\.)?doi\.org\/|doi:\s*)/i, '')
    .toLowerCase();
}

/** arXiv gives each of its papers a DOI. Source: https://info.arxiv.org/help/doi.html */
const ARXIV_DOI = /^10\.48550\/arxiv\.(.+)$/;

export function arxivIdOfDoi(doi: string): string | undefined {
  const id = ARXIV_DOI.exec(bareDoi(doi))?.[1];
  return id === undefined ? undefined : bareArxivId(id);
}

export function arxivDoi(arxivId: string): string {
  return `10.48550/arxiv.${arxivId.toLowerCase()}`;
}

/** What a person wrote to name a paper: a DOI, an arXiv id, an address of either, or else its title. */
export function paperKey(text: string): PaperKey {
  const words = text.trim();
  const arxivId =
    /^(?:arxiv:|https?:\/\/(?:www\.)?arxiv\.org\/(?:abs|pdf)\/)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?(?:\.pdf)?$/i.exec(
      words,
    )?.[1];
  if (arxivId !== undefined) return { arxivId };
  const doi = bareDoi(words);
  if (!/^10\.\d{4,9}\/\S+$/.test(doi)) return { title: words };
  const own = arxivIdOfDoi(doi);
  return own === undefined ? { doi } : { arxivId: own };
}

/** A title as something to compare: letters and digits alone. */
export function titleKey(title: string): string {
  return fold(title).replace(/[^\p{L}\p{N}]+/gu, '');
}
