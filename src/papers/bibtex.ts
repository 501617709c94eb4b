import { type BibtexProblem, readBibtex } from './bibtexFile.ts';
import { type Reference, referenceOf } from './references.ts';

/** The entries of a BibTeX file as references, each labelled by its key, only those cited (all of them where nothing is
 *  cited by key). */
export function referencesFromBibtex(
  source: string,
  cited: ReadonlySet<string>,
): { references: Reference[]; problems: readonly BibtexProblem[] } {
  const all = cited.size === 0 || cited.has('*');
  const { entries, problems } = readBibtex(source, (key) => all || cited.has(key));
  return { references: entries.map(({ key, fields }) => ({ label: key, ...fromFields(fields) })), problems };
}

/** What was left out of a file, as a sentence each. */
export function bibtexNotices(file: string, problems: readonly BibtexProblem[]): string[] {
  return problems.map(({ line, key, why }) => `${file}:${line}: the entry “${key}” ${why}, and was left out.`);
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
