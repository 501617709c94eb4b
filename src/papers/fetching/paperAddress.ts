import { arxivIdOfDoi, bareDoi } from '../finding/paperIds.ts';

/** Where a paper is to be had that is no file. */
export type PaperAddress =
  /** `form` is `any` where nobody said which. */
  | { readonly kind: 'arxiv'; readonly id: string; readonly form: 'any' | 'html' | 'source' }
  | { readonly kind: 'doi'; readonly doi: string }
  | { readonly kind: 'url'; readonly url: string };

const ID = String.raw`(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(v\d+)?`;
const ARXIV_ID = new RegExp(`^(?:arxiv:\\s*)?${ID}$`, 'i');

/** Pages of arXiv, and of others that show its papers under its ids. */
const ARXIV_PAGE = new RegExp(
  String.raw`^https?:\/\/(?:(?:[\w-]+\.)?arxiv\.org\/(abs|pdf|html|e-print|src|ps|format)|huggingface\.co\/(papers)|(?:www\.)?alphaxiv\.org\/(?:abs|pdf|overview))\/${ID}(?:\.pdf)?\/?$`,
  'i',
);
const FORMS: Record<string, 'html' | 'source'> = { html: 'html', 'e-print': 'source', src: 'source' };

/** What a person wrote to name a paper: an arXiv id, a DOI, or an address; null for anything else, such as a path. */
export function paperAddress(text: string): PaperAddress | null {
  const words = text.trim();
  const [, id, version = ''] = ARXIV_ID.exec(words) ?? [];
  if (id !== undefined) return { kind: 'arxiv', id: id + version, form: 'any' };
  const doi = bareDoi(words);
  if (/^10\.\d{4,9}\/\S+$/.test(doi)) return ofDoi(doi);
  if (!/^https?:\/\/\S+$/i.test(words) || !URL.canParse(words)) return null;
  const url = new URL(words);
  url.hash = '';
  const page = ARXIV_PAGE.exec(`${url.origin}${url.pathname}`);
  if (page) {
    const [, kind = '', , onArxiv = '', of = ''] = page;
    return { kind: 'arxiv', id: onArxiv + of, form: FORMS[kind.toLowerCase()] ?? 'any' };
  }
  // A file's page on GitHub shows it in a page of its own.
  url.href = url.href.replace(/^(https:\/\/github\.com\/[^/]+\/[^/]+)\/blob\//, '$1/raw/');
  return { kind: 'url', url: url.href };
}

/** What a paper is called by whoever asks for it, the same for each way of writing it. */
export function addressName(address: PaperAddress): string {
  if (address.kind === 'url') return address.url;
  if (address.kind === 'doi') return `doi:${address.doi}`;
  return `arXiv:${address.id}${address.form === 'any' ? '' : ` (${address.form})`}`;
}

function ofDoi(doi: string): PaperAddress {
  const own = arxivIdOfDoi(doi);
  return own === undefined ? { kind: 'doi', doi } : { kind: 'arxiv', id: own, form: 'any' };
}
