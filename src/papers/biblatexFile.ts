import { argumentAt, plainLatex } from './latexText.ts';
import { type Reference, referenceOf } from './references.ts';

/** More entries and more authors of one than this are not read. */
const MAX_ENTRIES = 5000;
const MAX_AUTHORS = 500;

/** The entries of the .bbl file that biber writes for biblatex, each labelled by its key. Those of other kinds are empty.
 *  Source: https://ctan.org/pkg/biblatex, "The bbl file" (format 2.x and 3.x) */
export function referencesFromBiblatex(source: string): Reference[] {
  const marks = [...source.matchAll(/\\entry\s*\{([^{}]{1,300})\}\s*\{[^{}]{0,60}\}/g)].slice(0, MAX_ENTRIES);
  const seen = new Set<string>();
  return marks.flatMap((mark, index) => {
    const begin = mark.index + mark[0].length;
    const end = source.indexOf('\\endentry', begin);
    const next = marks[index + 1]?.index ?? source.length;
    const key = (mark[1] ?? '').trim();
    // A paper with parts lists a work once for each.
    if (seen.has(key)) return [];
    seen.add(key);
    return referenceIn(source.slice(begin, end < 0 ? next : Math.min(end, next)), key);
  });
}

function referenceIn(entry: string, label: string): Reference[] {
  const fields = fieldsIn(entry);
  const field = (...names: string[]) => names.map((name) => fields.get(name) ?? '').find((text) => text !== '') ?? '';
  const authors = namesIn(entry, 'author');
  const who = authors.length > 0 ? authors : namesIn(entry, 'editor');
  const title = [field('title', 'maintitle'), field('subtitle')].filter((part) => part !== '').join(': ');
  const venue = field(
    'journaltitle',
    'booktitle',
    'publisher',
    'institution',
    'organization',
    'howpublished',
    'school',
  );
  const year = field('year', 'labelyear', 'date').slice(0, 4);
  if (title === '' && who.length === 0) return [];
  const isArxiv = /^arxiv$/i.test(field('eprinttype'));
  const eprint = /^(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})/.exec(field('eprint'))?.[0];
  const doi = field('doi').replace(/^https?:\/\/(dx\.)?doi\.org\//, '');
  const sentences = [who.join(', '), title, [venue, year].filter((part) => part !== '').join(', ')];
  const text = `${sentences.filter((part) => part !== '').join('. ')}.`.replace(/([?!])\./g, '$1');
  const links = [doi && `doi:${doi}.`, eprint && isArxiv && `arXiv:${eprint}.`, field('url')].filter(Boolean);
  const { arxivId } = referenceOf([text, ...links].join(' '));
  return [
    {
      label,
      text: [text, ...links].join(' '),
      ...(who.length > 0 && { authors: who }),
      ...(title !== '' && { title }),
      ...(venue !== '' && !/^arxiv/i.test(venue) && { venue }),
      ...(/^\d{4}$/.test(year) && { year: Number(year) }),
      ...(doi !== '' && { doi }),
      ...(arxivId !== undefined && { arxivId }),
    },
  ];
}

/** Fields, lists and what is typed as it is, by their names. */
function fieldsIn(entry: string): Map<string, string> {
  const fields = new Map<string, string>();
  const add = (name: string, text: string) => {
    if (!fields.has(name)) fields.set(name, text.replace(/\s+/g, ' ').trim());
  };
  for (const { 0: whole, 1: kind, 2: name = '', index } of entry.matchAll(
    /\\(field|list)\s*\{(\w{1,40})\}(?:\{\d{1,3}\})?/g,
  )) {
    const value = argumentAt(entry, index + whole.length);
    if (value === null) continue;
    const items = kind === 'list' ? itemsIn(value.text) : [value.text];
    add(name, items.map((item) => plainLatex(withoutLineEnds(item))).join(', '));
  }
  const typed = /\\verb\s*\{(\w{1,40})\}\s*\\verb[^\S\n]+([^\n]{1,2000})\n\s*\\endverb/g;
  for (const [, name = '', text = ''] of entry.matchAll(typed)) add(name, text);
  return fields;
}

function namesIn(entry: string, role: string): string[] {
  const mark = new RegExp(String.raw`\\name\s*\{${role}\}\s*\{\d{1,5}\}\s*\{[^{}]{0,300}\}`).exec(entry);
  const list = mark && argumentAt(entry, mark.index + mark[0].length);
  if (!list) return [];
  return itemsIn(list.text)
    .slice(0, MAX_AUTHORS)
    .map(nameIn)
    .filter((name) => name !== '');
}

/** Each of the groups that stand in braces, one behind the other. */
function itemsIn(list: string): string[] {
  const items: string[] = [];
  const open = /[\s%]*(?=\{)/y;
  for (let from = 0; items.length <= MAX_AUTHORS; ) {
    open.lastIndex = from;
    const found = open.exec(list);
    const item = found && argumentAt(list, from + found[0].length);
    if (!item) break;
    items.push(item.text);
    from = item.end;
  }
  return items;
}

/** A name by its parts, or by their places as older versions of biber write them: hash, family, initials, given, … */
function nameIn(item: string): string {
  const [hash, ...groups] = itemsIn(item);
  if (hash === undefined) return plainLatex(item).trim();
  const [parts = ''] = groups;
  const named = (part: string): string => {
    const found = new RegExp(String.raw`(?:^|[\s,])${part}\s*=\s*(?=\{)`).exec(parts);
    const value = found && argumentAt(parts, found.index + found[0].length);
    return value ? value.text : '';
  };
  const whole = /\bfamily\s*=/.test(parts)
    ? [named('given'), named('prefix'), named('family'), named('suffix')]
    : [groups[2], groups[4], groups[0], groups[6]];
  return plainLatex(
    whole
      .filter((part) => part)
      .join(' ')
      .replace(/\\bibnamedelim[a-z]\s*/g, ' '),
  )
    .replace(/\s+/g, ' ')
    .trim();
}

function withoutLineEnds(text: string): string {
  return text.replace(/(?<!\\)%\s*$/gm, '');
}
