import type { Paper } from '../domain/paper.ts';
import { bareHeading } from './heading.ts';

/** A section shorter than this says nothing; then its heading alone stands. */
const LEAST_EXCERPT = 160;

/** A paper as compact text for a language model, at most `maxChars` characters: title, authors, abstract, and every
 *  heading with as much of its section as the budget allows. What was cut is named, so that it can be asked for by
 *  `read_section`. The paper's words are data: who sends them to a model marks them so. */
export function paperDigest(paper: Paper, maxChars: number): string {
  const top = [`# ${paper.title}`, paper.authors.join(', '), `Abstract: ${paper.abstract}`]
    .filter((line) => line !== '')
    .join('\n');
  const headings = paper.sections.map(({ heading }) => `## ${heading}`);
  const note = 'Sections marked [cut] can be read in full with the tool read_section.';
  const fixed = top.length + note.length + headings.reduce((sum, heading) => sum + heading.length + 10, 0) + 4;
  const shares = sharesOf(
    paper.sections.map(({ text }) => text.length),
    maxChars - fixed,
  );
  const parts = paper.sections.map(({ text }, index) => {
    const share = shares[index] ?? 0;
    const whole = text.length <= share;
    const shown = whole ? text : excerpt(text, share);
    return { whole, text: `${headings[index]}${whole ? '' : ' [cut]'}${shown === '' ? '' : `\n${shown}`}` };
  });
  const anyCut = parts.some((part) => !part.whole);
  const digest = [top, ...(anyCut ? [note] : []), ...parts.map((part) => part.text)].join('\n\n');
  return digest.length <= maxChars ? digest : excerpt(digest, maxChars);
}

/** The whole text of a section. The heading may lack its number, its case and its punctuation, or be a part of it;
 *  with subsections their text follows, each under its heading. Null where no heading or more than one fits. */
export function sectionText(paper: Paper, heading: string): string | null {
  const index = sectionIndex(paper, heading);
  const found = paper.sections[index];
  if (!found) return null;
  const number = numberOf(found.heading);
  const below = paper.sections
    .slice(index + 1)
    .filter((section) => number !== null && numberOf(section.heading)?.startsWith(`${number}.`));
  return [found.text, ...below.map((section) => `## ${section.heading}\n${section.text}`)]
    .filter((text) => text !== '')
    .join('\n\n');
}

function sectionIndex({ sections }: Paper, heading: string): number {
  const wanted = heading.trim().toLowerCase();
  const exact = sections.findIndex((section) => section.heading.toLowerCase() === wanted);
  if (exact >= 0) return exact;
  const number = /^(?:section\s+)?([\dA-Za-z](?:\.\d+)*|\d+(?:\.\d+)*)\.?$/i.exec(wanted)?.[1];
  if (number !== undefined) return sections.findIndex((section) => numberOf(section.heading)?.toLowerCase() === number);
  const bare = bareHeading(heading);
  if (bare === '') return -1;
  const same = sections.findIndex((section) => bareHeading(section.heading) === bare);
  if (same >= 0) return same;
  const partly = sections.filter((section) => bareHeading(section.heading).includes(bare));
  return partly.length === 1 && partly[0] ? sections.indexOf(partly[0]) : -1;
}

function numberOf(heading: string): string | null {
  return /^((?:\d{1,2}|[A-Z])(?:\.\d{1,2})*)\.?\s/.exec(heading)?.[1] ?? null;
}

/** Parts a budget so that short texts get all they need and long ones the same share each. */
function sharesOf(lengths: readonly number[], budget: number): number[] {
  const shares = lengths.map(() => 0);
  let left = Math.max(0, budget);
  const rising = lengths.map((length, index) => ({ length, index })).sort((a, b) => a.length - b.length);
  for (const [position, { length, index }] of rising.entries()) {
    const share = Math.min(length, Math.floor(left / (rising.length - position)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}

/** The beginning of a text, cut after a word; nothing where too little would be left. */
function excerpt(text: string, maxChars: number): string {
  if (maxChars < LEAST_EXCERPT) return '';
  const cut = text.slice(0, maxChars - 2);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), maxChars - 40))} …`;
}
