import * as z from 'zod';
import type { Paper } from '../../domain/paper.ts';
import { clipped } from '../prompt.ts';
import type { Room } from '../room.ts';
import { type Tool, tool } from '../tool.ts';

/** A paper up to this length is shown whole; characters. */
const SHORT_PAPER = { ample: 20_000, small: 3_000 };
/** Of the abstract, where there is little room. */
const ABSTRACT = 1_500;
const OPENING = 1_500;
const AT_ONCE = 12_000;
const REFERENCES = { most: 40, least: 90, characters: 240 };
const TELLING = /abstract|introduction|conclusion|limitation|discussion|future/i;

/** A paper for a prompt: whole if it is short, else its abstract, the openings of the telling sections, and what
 *  there is to read. Where there is little room, every section stands by its heading, and is read by itself. */
export function paperDigest(paper: Paper, room: Room = 'ample'): string {
  const length = paper.sections.reduce((sum, { text }) => sum + text.length, 0);
  const whole = length <= SHORT_PAPER[room];
  const sections = paper.sections.map(({ heading, text }, i) => {
    const title = `## [${i + 1}] ${heading} (${text.length} characters)`;
    if (whole) return `${title}\n${text.trim()}`;
    return room === 'ample' && TELLING.test(heading) && text.length > 0
      ? `${title}\n${text.slice(0, OPENING).trim()}${text.length > OPENING ? ' […]' : ''}`
      : title;
  });
  const abstract = room === 'small' ? clipped(paper.abstract, ABSTRACT) : paper.abstract;
  const shown = whole ? 'Every section is shown whole.' : 'Sections are shown in part or by their heading alone.';
  return [`# ${paper.title}`, `Abstract: ${abstract}`, shown, ...sections, references(paper, room)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The works that a paper names, each up to its title; numbered as one more section, to be read whole. */
function references({ references: named, sections }: Paper, room: Room): string {
  if (named.length === 0) return '';
  const most = room === 'small' ? 0 : REFERENCES.most;
  const lines = named.slice(0, most).map(({ text }) => uptoTitle(text));
  const others = most === 0 ? `${named.length} works` : `and ${named.length - most} more`;
  const more = named.length > most ? [others] : [];
  return [`## [${sections.length + 1}] References`, ...numbered(lines), ...more].join('\n');
}

/** A work's authors and title: up to the end of a sentence, which an initial's or an abbreviation's dot is not, else of a word. */
function uptoTitle(text: string): string {
  const { least, characters } = REFERENCES;
  const ends = [...text.matchAll(/[^\s.]{3,}[.?!](?=\s)/g)].map(({ 0: last, index }) => index + last.length);
  const end = ends.find((at) => at >= least) ?? text.length;
  if (end <= characters) return text.slice(0, end);
  return `${text.slice(0, Math.max(text.lastIndexOf(' ', characters), least))} …`;
}

function numbered(lines: readonly string[]): string[] {
  return lines.map((line, i) => `[${i + 1}] ${line}`);
}

/** Reads on in a paper that was only shown in part. */
export function readPaperSection(paper: Paper): Tool<never> {
  const sections = [
    ...paper.sections,
    { heading: 'References', text: numbered(paper.references.map(({ text }) => text)).join('\n') },
  ];
  return tool({
    name: 'read_paper_section',
    looks: true,
    description:
      'Read a section of the paper by the number in brackets before its heading; the references are the last.',
    parameters: z.object({
      number: z.number().int().min(1),
      from: z.number().int().min(0).optional().describe('First character, from 0.'),
    }),
    run: async ({ number, from = 0 }) => {
      const section = sections[number - 1];
      if (!section) return { refused: `There is no section ${number}: they are numbered 1 to ${sections.length}.` };
      if (from > 0 && from >= section.text.length) {
        return { refused: `Section ${number} ends at character ${section.text.length}.` };
      }
      const text = section.text.slice(from, from + AT_ONCE);
      const end = from + text.length;
      const more = end < section.text.length ? `\n[characters ${from} to ${end} of ${section.text.length}]` : '';
      return `${section.heading}\n\n${text}${more}`;
    },
  });
}
