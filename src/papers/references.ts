import type { Paper } from '../domain/paper.ts';
import { namesIn } from './referenceNames.ts';

export type Reference = Paper['references'][number];

/** Reads a bibliography entry's authors, title, venue, year, DOI and arXiv id, where they can be told. */
export function referenceOf(entry: string): Reference {
  const text = entry.replace(/\s+/g, ' ').trim();
  const doi = /\b10\.\d{4,9}\/[^\s"<>{}]+/.exec(text)?.[0].replace(/[.,;)\]]+$/, '');
  const arxivId = /(?:arxiv[:.\s/]*(?:org\/(?:abs|pdf)\/)?|\babs\/)\s*(\d{4}\.\d{4,5}|[a-z-]+\/\d{7})/i.exec(text)?.[1];
  const { authors, title, venue, year } = partsOf(text.replace(/^(\[[^\]]{1,30}\]|\d{1,3}\.)\s+/, ''));
  return {
    text,
    ...(authors.length > 0 && { authors }),
    ...(title !== undefined && { title }),
    ...(venue !== undefined && { venue }),
    ...(year !== undefined && { year }),
    ...(doi !== undefined && { doi }),
    ...(arxivId !== undefined && { arxivId }),
  };
}

/** Addresses in running text, without the punctuation that follows them. */
export function linksIn(text: string): string[] {
  return (text.match(/https?:\/\/[^\s"<>{}]+/g) ?? []).map((url) => url.replace(/[.,;:)\]]+$/, ''));
}

interface Parts {
  authors: string[];
  title: string | undefined;
  venue: string | undefined;
  year: number | undefined;
}

/** In quotation marks stands the title, before it the authors; else the first sentence names them, and the title is
 *  the next one, or the one after the year. */
function partsOf(text: string): Parts {
  const quoted = /[“"]([^”"]{8,300}?)[,.]?[”"]/.exec(text);
  if (quoted?.[1] !== undefined) {
    const rest = text.slice(quoted.index + quoted[0].length);
    return { ...named(text.slice(0, quoted.index)), title: quoted[1], venue: venueOf(rest), year: yearOf(rest, text) };
  }
  const [first = '', second, third, ...others] = sentencesOf(text);
  const dated = second !== undefined && /^\(?\d{4}[a-z]?\)?$/.test(second);
  const title = (dated ? third : second)?.replace(/(,\s*(\d{4}[a-z]?|volume \d+))+$/, '').trim();
  const isTitle = title !== undefined && title.length >= 5 && /\p{L}{3}/u.test(title);
  const rest = [...(dated ? [] : [third ?? '']), ...others].join('. ');
  return {
    ...named(first),
    title: isTitle ? title : undefined,
    venue: venueOf(rest),
    year: dated ? Number(second.replace(/\D/g, '')) : yearOf(rest, text),
  };
}

function named(text: string): Pick<Parts, 'authors'> {
  return { authors: namesIn(text) };
}

/** The last year in the part that names the venue, or else in the whole; years within addresses and ids do not count. */
function yearOf(rest: string, text: string): number | undefined {
  const yearIn = (some: string) =>
    some
      .replace(/https?:\S+|doi:?\s?10\.\S+|\b10\.\d{4,9}\/\S+|arxiv:\S+|\d+[–-]\d+/gi, ' ')
      .match(/\b(?:19|20)\d{2}(?=[a-z]?\b)/g)
      ?.at(-1);
  const year = yearIn(rest) ?? yearIn(text);
  return year === undefined ? undefined : Number(year);
}

const VENUE_END =
  /,?\s+(?:vol\.?|volume|number|no\.|pages?|pp\.?|edited by)\s|,\s*(?:\d|[a-z]+\s\d{4})|\s\(pp?\.|\s\d+\s*(?:[,(:]|$)|\s\(\d|[.;](?:\s|$)|\s*https?:/i;

function venueOf(rest: string): string | undefined {
  const text = rest.replace(/^[\s.,]+/, '').replace(/^in:?\s+/i, '');
  const end = VENUE_END.exec(text);
  const venue = (end ? text.slice(0, end.index) : text).replace(/[.,\s]+$/, '').trim();
  const isVenue = /^\p{L}/u.test(venue) && venue.length >= 3 && venue.length < 200;
  return isVenue && !/^(arxiv|corr\b|url\b|https?:|doi\b|available\b|technical report$)/i.test(venue)
    ? venue
    : undefined;
}

/** What begins the part after a title that ends with a question. */
const VENUE_BEGIN =
  /^(in:?\s|arxiv|proceedings|journal|transactions|advances|international|ieee|acm|annals|nature|science|technical|url|https?:)/i;

/** Splits at full stops that do not end an initial or `et al`. A question mark ends a title only before its venue. */
function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let begin = 0;
  for (const stop of text.matchAll(/[.?!]\s+|\)[.,]?\s+(?=\p{Lu})/gu)) {
    const before = text.slice(begin, stop.index);
    const after = text.slice(stop.index + stop[0].length);
    const initial = /(^|[\s.-])\p{Lu}$/u.test(before) || /\b(al|eds?|vol|no|pp|jr)$/i.test(before);
    const bracket = stop[0].startsWith(')') && !/\(\d{4}[a-z]?$/.test(before);
    const asks = /^[?!]/.test(stop[0]);
    if (initial || bracket || (asks && !VENUE_BEGIN.test(after))) continue;
    const year = stop[0].startsWith(')') ? /\s*\((\d{4}[a-z]?)$/.exec(before) : null;
    if (year) sentences.push(before.slice(0, year.index), year[1] ?? '');
    else sentences.push(`${before.trim()}${asks ? stop[0].trim() : ''}`);
    begin = stop.index + stop[0].length;
  }
  const rest = text.slice(begin).replace(/\.$/, '').trim();
  return rest === '' ? sentences : [...sentences, rest];
}
