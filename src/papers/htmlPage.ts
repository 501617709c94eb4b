import type { Downloaded } from './fetching/download.ts';
import { allIn, metaIn, pageTree, rawText } from './htmlTree.ts';

/** The address of the paper that a page about it names; null where it names none.
 *  Source: https://scholar.google.com/intl/en/scholar/inclusion.html (`citation_pdf_url` and its relatives) */
export function paperFileOn({ bytes, url, type }: Downloaded): string | null {
  const page = pageTree(bytes, { name: url, type });
  const named = metaIn(page, 'citation_pdf_url', 'bepress_citation_pdf_url', 'eprints.document_url');
  const linked = allIn(page, ({ name, attributes }) => {
    const isPdf = /^application\/pdf\b/i.test(attributes.type ?? '');
    return name === 'link' && attributes.rel === 'alternate' && isPdf;
  });
  const pointed = allIn(page, (element) => {
    const isPdf = /\.pdf($|[?#])/i.test(element.attributes.href ?? '');
    return (
      element.name === 'a' &&
      isPdf &&
      /^\s*(?:\[?\s*)?(?:(?:view|download|full|text)\s+)*(?:pdf|paper)\s*\]?\s*$/i.test(rawText(element))
    );
  });
  const links = [...named, ...[...linked, ...pointed].map(({ attributes }) => attributes.href ?? '')];
  return links.map((link) => addressFrom(url, link)).find((link) => link !== null) ?? null;
}

function addressFrom(page: string, link: string): string | null {
  if (!URL.canParse(link, page)) return null;
  const { protocol, href } = new URL(link, page);
  return /^https?:$/.test(protocol) ? href : null;
}
