import { argumentAt, plainLatex } from './latexText.ts';
import { type Reference, referenceOf } from './references.ts';

export interface BibtexEntry {
  readonly key: string;
  /** In small letters, such as `title`; without LaTeX's commands. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The entries of a BibTeX file as references, only those cited (all of them where nothing is cited by key). */
export function referencesFromBibtex(source: string, cited: ReadonlySet<string>): Reference[] {
  const all = cited.size === 0 || cited.has('*');
  return [...bibtexEntries(source, (key) => all || cited.has(key))].map(({ fields }) => fromFields(fields));
}

/** The entries of a BibTeX file; one that cannot be read is left out.
 *  @param wanted by its key: the others are not looked into */
export function* bibtexEntries(source: string, wanted: (key: string) => boolean = () => true): Generator<BibtexEntry> {
  for (const match of source.matchAll(/@(\w+)\s*(?=\{)/g)) {
    if (/^(comment|string|preamble)$/i.test(match[1] ?? '')) continue;
    const entry = argumentAt(source, match.index + match[0].length);
    const comma = entry?.text.indexOf(',') ?? -1;
    if (!entry || comma < 0) continue;
    const key = entry.text.slice(0, comma).trim();
    if (wanted(key)) yield { key, fields: fieldsOf(entry.text.slice(comma + 1)) };
  }
}

function fieldsOf(body: string): Map<string, string> {
  const fields = new Map<string, string>();
  let from = 0;
  for (;;) {
    const name = /([A-Za-z]+)\s*=\s*/y;
    const start = body.slice(from).search(/[A-Za-z]+\s*=/);
    if (start < 0) return fields;
    name.lastIndex = from + start;
    const found = name.exec(body);
    if (!found?.[1]) return fields;
    const value = valueAt(body, name.lastIndex);
    fields.set(found[1].toLowerCase(), plainLatex(value.text));
    from = value.end;
  }
}

function valueAt(body: string, from: number): { text: string; end: number } {
  const braced = argumentAt(body, from);
  if (braced) return braced;
  const quoted = /"((?:[^"\\]|\\.)*)"|([^,\n]*)/y;
  quoted.lastIndex = from;
  const found = quoted.exec(body);
  return { text: (found?.[1] ?? found?.[2] ?? '').trim(), end: Math.max(quoted.lastIndex, from + 1) };
}

function fromFields(fields: ReadonlyMap<string, string>): Reference {
  const field = (name: string) => fields.get(name) ?? '';
  const authors = bibtexAuthors(field('author')).join(', ');
  const venue = field('journal') || field('booktitle') || field('publisher') || field('howpublished');
  const text = `${[authors, field('title'), [venue, field('year')].filter(Boolean).join(', ')].filter(Boolean).join('. ')}.`;
  const eprint = /^\d{4}\.\d{4,5}/.exec(field('eprint'))?.[0];
  return {
    ...referenceOf(`${text}${field('url') ? ` ${field('url')}` : ''}`),
    text,
    ...(fields.has('author') && { authors: authors.split(', ').filter(Boolean) }),
    ...(venue !== '' && !/^arxiv/i.test(venue) && { venue }),
    ...(/^\d{4}$/.test(field('year')) && { year: Number(field('year')) }),
    ...(fields.has('title') ? { title: field('title') } : {}),
    ...(fields.has('doi') ? { doi: field('doi').replace(/^https?:\/\/(dx\.)?doi\.org\//, '') } : {}),
    ...(eprint === undefined ? {} : { arxivId: eprint }),
  };
}

/** The names of an `author` field, given names first. */
export function bibtexAuthors(field: string): string[] {
  return field
    .split(/\s+and\s+/)
    .map(givenFirst)
    .filter((name) => name !== '');
}

/** "Family, Given" as "Given Family". */
function givenFirst(name: string): string {
  const [family, given] = name.split(/,\s*/);
  return given === undefined ? name.trim() : `${given} ${family}`.trim();
}
