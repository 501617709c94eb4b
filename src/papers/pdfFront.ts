import type { BodyStyle } from './pdfHeadings.ts';
import type { Line } from './pdfLines.ts';
import type { Setting } from './pdfProse.ts';

/** What stands before the abstract. `end` is the line after the title. */
export interface Front {
  title: string;
  authors: string[];
  end: number;
}

const AFFILIATION =
  /\b(universit|institut|department|dept\.|laborator|school of|college|faculty|academy|research|inc\.|ltd|corporation|gmbh|google|deepmind|openai|microsoft|meta ai|nvidia|amazon|centre|center|hospital)|@|https?:/i;
const ASIDE =
  /^(paper under double-blind review|under review|preprint|draft|equal contribution|corresponding author|\{)/i;
const DATE =
  /^\(?((january|february|march|april|may|june|july|august|september|october|november|december)\b.*\d{4}|\d{1,2}[ ./-].*\d{4}|\d{4}-\d{2}-\d{2})\)?$/i;
const PARTICLE = /^(de|da|del|della|den|der|di|do|dos|du|el|la|le|ten|ter|van|von|bin|ibn|al|y|e)$/i;

/** Title and authors from the lines before the abstract or first heading. */
export function frontOf(lines: readonly Line[], body: BodyStyle, join: Setting['join']): Front {
  const onFirstPage = lines.filter((line) => line.page === 0);
  const { title, end } = titleOf(onFirstPage, body, join);
  return { title, authors: authorsOf(onFirstPage.slice(end)), end };
}

function titleOf(lines: readonly Line[], body: BodyStyle, join: Setting['join']): { title: string; end: number } {
  const worded = lines.filter((line) => /\p{L}{2,}/u.test(line.text));
  const largest = Math.max(0, ...worded.map((line) => line.size));
  const isTitle = (line: Line) => worded.includes(line) && line.size > largest - 0.3;
  const plain = largest <= body.size + 0.3;
  const first = plain
    ? Math.max(
        0,
        lines.findIndex((line) => line.bold),
      )
    : lines.findIndex(isTitle);
  const begin = lines[first];
  if (!begin) return { title: '', end: 0 };
  let end = first + 1;
  let title = begin.text;
  for (let line = lines[end]; line && continuesTitle(begin, line); line = lines[end]) {
    const onlySmall = begin.smallCaps && !line.smallCaps && line.size < begin.size - 0.5;
    title = join(title, onlySmall ? line.text.toLowerCase() : line.text);
    end++;
  }
  return {
    title: title
      .replace(/\s+/g, ' ')
      .replace(/\^?[∗*†‡]+$/, '')
      .trim(),
    end,
  };
}

function continuesTitle(begin: Line, line: Line): boolean {
  if (line.gap > 2.1 * begin.size || line.bold !== begin.bold) return false;
  if (Math.abs(line.size - begin.size) < 0.3) return true;
  const capitals = line.text === line.text.toUpperCase() && line.font === begin.font;
  return begin.smallCaps && capitals && line.size > 0.65 * begin.size;
}

/** The first line after the title names authors; more follow in the same setting, or after affiliations in blocks. */
function authorsOf(lines: readonly Line[]): string[] {
  const candidates = lines.filter((line) => {
    const text = line.unmarked.trim();
    return /\p{L}/u.test(text) && !ASIDE.test(text) && !DATE.test(text) && !AFFILIATION.test(text);
  });
  const [first] = candidates;
  if (!first) return [];
  const authors = namesIn(first.unmarked);
  let above = first;
  for (const line of candidates.slice(1)) {
    const alike = line.font === first.font && Math.abs(line.size - first.size) < 0.3;
    const names = namesIn(line.unmarked);
    if (!alike || !names.every(looksLikeName)) continue;
    const wrapped = !/,\s*$/.test(above.unmarked) && lines.indexOf(line) === lines.indexOf(above) + 1;
    if (wrapped && !first.bold && names.length === 1 && authors.length === 1) continue;
    authors.push(...names);
    above = line;
  }
  return [...new Set(authors)];
}

function namesIn(text: string): string[] {
  return text
    .split(/\t|,|;|&|\s+and\s+|^and\s+|\s·\s/)
    .map((name) =>
      name
        .replace(/[∗*†‡§¶\d⋆♯♠♣♦♥]+/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((name) => /\p{L}{2}/u.test(name));
}

function looksLikeName(name: string): boolean {
  const words = name.split(' ');
  return (
    words.length >= 2 && words.length <= 5 && words.every((word) => /^[\p{Lu}'’]/u.test(word) || PARTICLE.test(word))
  );
}
