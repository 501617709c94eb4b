import type { Claim } from '../domain/evidence.ts';
import { duration, figure, signed } from './figures.ts';
import { NUMBER } from './recordedClaims.ts';
import { ReportError } from './reportError.ts';

/** The value of a claim, or its place in the text: a number can reach a report in no other way. */
export interface Citations {
  /** @throws ReportError where there is no such claim */
  value(id: string): number | null;
  /** The number as people read it, with a reference to its claim. */
  show(id: string, form?: (value: number | null) => string): string;
  /** Definitions of all references that were made: what a reader sees when pointing at a number. */
  definitions(): string;
}

/** References to claims in Markdown: `[0.81][c3]`, defined at the end with the claim's id and how it comes about. */
export function citationsOf(claims: readonly Claim[]): Citations {
  const known = new Map(claims.map((claim) => [claim.id, claim]));
  const cited = new Map<string, number>();
  const find = (id: string): Claim => {
    const claim = known.get(id);
    if (claim === undefined) throw new ReportError(`The number ${id} has no claim, so it cannot be reported.`);
    return claim;
  };
  return {
    value: (id) => find(id).value,
    show: (id, form = figure) => {
      const { value } = find(id);
      if (value === null) return form(value);
      const place = cited.get(id) ?? cited.size + 1;
      cited.set(id, place);
      return `[${form(value)}][c${place}]`;
    },
    definitions: () => [...cited].map(([id, place]) => `[c${place}]: claims.json "${titleOf(find(id))}"`).join('\n'),
  };
}

function titleOf({ id, aggregation, runs }: Claim): string {
  const several = runs.length === 0 ? '' : `, ${runs.length} runs`;
  const from = runs.length === 1 ? `, run ${runs[0]}` : several;
  return `${id}: ${aggregation}${from}`.replace(/["\\\n]/g, "'");
}

/** The numbers of a report that no claim stands behind. What is code (names, versions, formulas) or quoted from a language
 *  model is no claim's; neither is `foreign` text: sentences and names that people or checks wrote.
 *  @returns each number with the words around it */
export function unclaimedNumbers(
  markdown: string,
  claims: readonly Claim[],
  foreign: readonly string[] = [],
): string[] {
  const byTitle = new Map(claims.map((claim) => [titleOf(claim), claim]));
  const byPlace = new Map(
    [...markdown.matchAll(/^\[(c\d+)\]: claims\.json "(.*)"$/gm)].map(([, place, title = '']) => [
      place,
      byTitle.get(title),
    ]),
  );
  const missing: string[] = [];
  const theirs = [...new Set(foreign)].filter((text) => /\d/.test(text)).sort((a, b) => b.length - a.length);
  const [sentences, names] = [theirs.filter((text) => text.length > 3), theirs.filter((text) => text.length <= 3)];
  const linked = withoutCode(without(markdown, sentences)).replace(
    /\[([^\][]+)\]\[(c\d+)\]/g,
    (_, shown: string, place: string) => {
      const claim = byPlace.get(place);
      if (claim === undefined || !renderings(claim.value).has(plain(shown))) missing.push(`${shown} (${place})`);
      return 'claimed';
    },
  );
  const shown = new Set(claims.flatMap(({ value }) => [...renderings(value)]));
  const left = without(linked, names);
  for (const match of left.matchAll(NUMBER)) {
    if (shown.has(plain(match[0]))) continue;
    missing.push(left.slice(Math.max(0, match.index - 30), match.index + match[0].length + 20).replace(/\s+/g, ' '));
  }
  return missing;
}

/** Leaves out texts where they stand alone: not a piece of a longer number or word. */
function without(markdown: string, texts: readonly string[]): string {
  return texts.reduce((text, one) => {
    const literal = one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return text.replace(new RegExp(`(?<![\\w.[])${literal}(?!\\w|\\.\\d|\\]\\[c)`, 'g'), 'foreign');
  }, markdown);
}

function withoutCode(markdown: string): string {
  return markdown
    .replace(/^\[c\d+\]: .*$/gm, '')
    .replace(/^>.*$/gm, '')
    .replace(/`[^`\n]*`/g, 'code')
    .replace(/\]\([^)\s]*\)/g, ']');
}

/** Every way in which a report writes a value. */
function renderings(value: number | null): Set<string> {
  if (value === null) return new Set([figure(value)]);
  const forms = [
    figure(value),
    signed(value),
    String(value),
    duration(value).replace(/ .*$/, ''),
    String(Math.round(value)),
    String(Math.ceil(value / 2 ** 20)),
    String(Math.round(value / 2 ** 20)),
  ];
  return new Set(forms.flatMap((form) => [plain(form), plain(form).replace(/^[-+]/, '')]));
}

function plain(text: string): string {
  return text.replace(/,/g, '').replace('−', '-').replace(/^\+/, '').replace(/ .*$/, '');
}
