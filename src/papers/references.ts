import type { Paper } from '../domain/paper.ts';

export type Reference = Paper['references'][number];

/** Reads a bibliography entry's title, DOI and arXiv id, where they can be told. */
export function referenceOf(entry: string): Reference {
  const text = entry.replace(/\s+/g, ' ').trim();
  const title = titleIn(text);
  const doi = /\b10\.\d{4,9}\/[^\s"<>{}]+/.exec(text)?.[0].replace(/[.,;)\]]+$/, '');
  const arxivId = /(?:arxiv[:.\s/]*(?:org\/(?:abs|pdf)\/)?|\babs\/)\s*(\d{4}\.\d{4,5}|[a-z-]+\/\d{7})/i.exec(text)?.[1];
  return {
    text,
    ...(title === undefined ? {} : { title }),
    ...(doi === undefined ? {} : { doi }),
    ...(arxivId === undefined ? {} : { arxivId }),
  };
}

/** Addresses in running text, without the punctuation that follows them. */
export function linksIn(text: string): string[] {
  return (text.match(/https?:\/\/[^\s"<>{}]+/g) ?? []).map((url) => url.replace(/[.,;:)\]]+$/, ''));
}

/** In quotation marks, or the sentence after the authors (and the year, where it comes first). */
function titleIn(text: string): string | undefined {
  const quoted = /[“"]([^”"]{8,300}?)[,.]?[”"]/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  const body = text.replace(/^(\[[^\]]{1,30}\]|\d{1,3}\.)\s+/, '');
  const [, second, third] = sentencesOf(body);
  const candidate = second !== undefined && /^\(?\d{4}[a-z]?\)?$/.test(second) ? third : second;
  const title = candidate?.replace(/(,\s*(\d{4}[a-z]?|volume \d+))+$/, '').trim();
  return title !== undefined && title.length >= 5 && /\p{L}{3}/u.test(title) ? title : undefined;
}

/** Splits at full stops that do not end an initial or `et al`. */
function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let begin = 0;
  for (const stop of text.matchAll(/[.?!]\s+|\)[.,]?\s+(?=\p{Lu})/gu)) {
    const before = text.slice(begin, stop.index);
    const initial = /(^|[\s.-])\p{Lu}$/u.test(before) || /\b(al|eds?|vol|no|pp|jr)$/i.test(before);
    const bracket = stop[0].startsWith(')') && !/\(\d{4}[a-z]?$/.test(before);
    if (initial || bracket) continue;
    const year = stop[0].startsWith(')') ? /\s*\((\d{4}[a-z]?)$/.exec(before) : null;
    if (year) sentences.push(before.slice(0, year.index), year[1] ?? '');
    else sentences.push(before.trim());
    begin = (stop.index ?? 0) + stop[0].length;
  }
  const rest = text.slice(begin).replace(/\.$/, '').trim();
  return rest === '' ? sentences : [...sentences, rest];
}
