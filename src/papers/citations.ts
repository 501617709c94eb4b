import type { Paper } from '../domain/paper.ts';

type Citation = NonNullable<Paper['citations']>[number];
type Cited = Pick<Paper, 'sections' | 'references'>;

/** More places than this are not told. */
const MAX_CITATIONS = 5000;

/** The places at which a paper cites its references: [3, 5–7], (Ash and Birch, 2020; Oak et al., 2021b), Ash (2020),
 *  or [key] as LaTeX sources are read. What names no entry of the bibliography is no citation. */
export function citationsIn({ sections, references }: Cited): Citation[] {
  const byLabel = new Map(
    references.flatMap(({ label }, index) => (label === undefined ? [] : [[label, index] as const])),
  );
  const byYear = new Map<string, { index: number; families: string[] }[]>();
  for (const [index, reference] of references.entries()) {
    for (const year of yearsOf(reference)) {
      byYear.set(year, [...(byYear.get(year) ?? []), { index, families: familiesOf(reference) }]);
    }
  }
  return sections
    .flatMap(({ text }, section) => [
      ...bracketed(text, byLabel).map((found) => ({ section, ...found })),
      ...dated(text, byYear).map((found) => ({ section, ...found })),
    ])
    .sort((a, b) => a.section - b.section || a.offset - b.offset)
    .slice(0, MAX_CITATIONS);
}

type Found = Omit<Citation, 'section'>;

function bracketed(text: string, byLabel: ReadonlyMap<string, number>): Found[] {
  return [...text.matchAll(/\[([^[\]]{1,200})\]/g)].flatMap(({ index, 0: whole, 1: inner = '' }) => {
    const labels = inner.split(/\s*[,;]\s*/).flatMap(expanded);
    const numbers = labels.map((label) => byLabel.get(label.replace(/,.*$/, '').trim()));
    const references = numbers.filter((number) => number !== undefined);
    return references.length === 0 ? [] : [{ offset: index, text: whole, references }];
  });
}

/** 5–7 as 5, 6, 7. */
function expanded(label: string): string[] {
  const [, from, to] = /^(\d{1,4})\s*[–-]\s*(\d{1,4})$/.exec(label) ?? [];
  const count = Number(to) - Number(from);
  if (from === undefined || !(count > 0 && count < 100)) return [label];
  return Array.from({ length: count + 1 }, (_, i) => String(Number(from) + i));
}

/** A year, with the names before it: in brackets with them, or alone in brackets behind them. */
function dated(text: string, byYear: ReadonlyMap<string, { index: number; families: string[] }[]>): Found[] {
  return [...text.matchAll(/\(?\b((?:19|20)\d{2}[a-z]?)\b/g)].flatMap((match) => {
    const year = match[1] ?? '';
    const before = text.slice(Math.max(0, match.index - 90), match.index);
    const [names = ''] = /[^(;)[\].]*(?:et al\.[^(;)[\].]*)?$/.exec(before.replace(/[,\s(]+$/, '')) ?? [];
    const fits = (byYear.get(year) ?? []).filter(({ families }) => named(families, names));
    if (fits.length === 0) return [];
    const offset = match.index - (before.length - before.lastIndexOf(names.trim()));
    return [
      { offset, text: text.slice(offset, match.index + match[0].length), references: fits.map(({ index }) => index) },
    ];
  });
}

/** Whether the last words before a year name a work: its first author, and the second where there are two. */
function named(families: readonly string[], names: string): boolean {
  const [first, second] = families;
  if (first === undefined) return false;
  const words = names.split(/[\s,]+/);
  const at = words.lastIndexOf(first);
  if (at < 0 || words.length - at > 5) return false;
  if (families.length === 1) return at === words.length - 1 && !/^(and|&)$/.test(words[at - 1] ?? '');
  return families.length === 2
    ? words.slice(at).includes(second ?? '')
    : /\bet al/.test(names) || words.includes(second ?? '');
}

function familiesOf({ authors = [] }: Cited['references'][number]): string[] {
  return authors.map((author) => author.split(' ').at(-1) ?? author);
}

/** The year, and with its letter where one tells works of a year apart. */
function yearsOf({ text, year }: Cited['references'][number]): string[] {
  if (year === undefined) return [];
  const lettered = new RegExp(`\\b${year}[a-z]\\b`).exec(text)?.[0];
  return [lettered ?? String(year)];
}
