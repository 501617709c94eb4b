const ARXIV_ID = /^(?:arxiv:\s*)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?$/i;
const DOI = /^(?:doi:\s*)?10\.\d{4,9}\/\S+$/i;

/** Whether a person wrote what names a paper that is no file: an arXiv id, a DOI, or an address. The engine, which knows
 *  more, has the last word. */
export function isPaperName(text: string): boolean {
  const name = text.trim();
  return ARXIV_ID.test(name) || DOI.test(name) || isAddress(name);
}

/** Whether a paper was read from the web. */
export function isAddress(place: string): boolean {
  return /^https?:\/\/\S+$/i.test(place);
}
