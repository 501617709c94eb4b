import type { Block } from './htmlBlocks.ts';
import { inlineText, type Reading, unmarked } from './htmlText.ts';
import { allIn, type Element, firstIn, hasClass, rawText } from './htmlTree.ts';
import { type Reference, referenceOf } from './references.ts';

/** Links of journals' pages beside an entry, which are no part of it. */
const ASIDE =
  /^\W*(crossref|google scholar|scholar|pubmed|pmc(?: free article)?|doi|article|view article|ads|mathscinet|medline|web of science|full text|pdf|link|bibtex|↑)\W*$/i;

/** One entry of a bibliography, with what its links tell; null for what is none, such as words about the list. */
export function entryOf({ element, text: whole }: Block, reading: Reading): Reference | null {
  const tag = firstIn(element, (one) => hasClass(one, 'ltx_tag_bibitem'));
  const asides = allIn(element, (one) => one === tag || (one.name === 'a' && ASIDE.test(rawText(one))));
  const silent = new Map([...reading.hidden, ...asides.map((one) => [one, 'aside'] as const)]);
  const isItem = element.name === 'li' || asides.length > 0;
  const words = isItem ? unmarked(inlineText(element, { ...reading, hidden: silent })) : unmarked(whole);
  const text = words
    .replace(/\s+/g, ' ')
    .replace(/\s+([.,;:])/g, '$1')
    .replace(/\[\s*\]/g, '')
    .trim();
  const [opening, numbered] = /^\[?(\d{1,4})[\].]\s+/.exec(text) ?? [];
  const own = opening === undefined ? text : text.slice(opening.length);
  if (own.replace(/\P{L}/gu, '').length < 10) return null;
  const label = tag
    ? rawText(tag)
        .replace(/\s+/g, ' ')
        .trim()
        .replace(/^[[(](.*)[\])]$/, '$1')
    : numbered;
  return { ...(label && { label }), ...linked(referenceOf(own), element) };
}

/** What the addresses of its links add to an entry. */
function linked(entry: Reference, element: Element): Reference {
  const links = allIn(element, ({ name }) => name === 'a').map(({ attributes }) => decoded(attributes.href ?? ''));
  const doi = links.map((link) => /doi\.org\/(10\.\d{4,9}\/[^\s?#]+)/i.exec(link)?.[1]).find(Boolean);
  const arxivId = links
    .map((link) => /arxiv\.org\/(?:abs|pdf)\/(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})/i.exec(link)?.[1])
    .find(Boolean);
  return { ...(doi && { doi }), ...(arxivId && { arxivId }), ...entry };
}

function decoded(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch (error) {
    if (error instanceof URIError) return link;
    throw error;
  }
}

/** The ids by which an entry is linked to: its own, and those within it; of an item without one also that of its mark. */
export function idsOf(element: Element): string[] {
  const own = [element, ...allIn(element, () => true)];
  return own
    .flatMap(({ name, attributes }) => [attributes.id, name === 'a' ? attributes.name : undefined])
    .filter((id) => id !== undefined && id !== '') as string[];
}
