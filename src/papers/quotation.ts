import type { Paper } from '../domain/paper.ts';

/** Where a quotation stands: its page from 1, and the character of that page's text at which it begins and ends. A
 *  paper without pages has page 0, and the offsets are into `textOf` it. */
export interface Place {
  page: number;
  offset: number;
  /** After its last character; on a later page where the quotation runs over the page's end. */
  end: { page: number; offset: number };
}

/** Finds a quotation in a paper, word for word. White space, hyphens at a line's end, ligatures and the marks of raised
 *  and lowered letters may differ; a changed letter, digit, case or sign is another text, and so is an empty one. */
export function findQuotation(paper: Paper, quotation: string): Place | null {
  const source = folded(pagesOf(paper));
  const sought = folded([{ page: 0, text: quotation }]).filter((char) => !char.isOptional || quotation.trim() === '-');
  if (sought.length === 0) return null;
  for (let from = 0; from < source.length; from++) {
    const to = matchAt(source, from, sought);
    const [begin, last] = [source[from], source[to - 1]];
    if (to > 0 && begin && last) {
      return { page: begin.page, offset: begin.offset, end: { page: last.page, offset: last.offset + 1 } };
    }
  }
  return null;
}

/** All that a paper without pages says, in order. */
export function textOf({ title, abstract, sections }: Paper): string {
  return [title, abstract, ...sections.map(({ heading, text }) => `${heading}\n${text}`)].join('\n\n');
}

interface Char {
  char: string;
  page: number;
  offset: number;
  /** A hyphen at a line's end, which belongs to the word or does not. */
  isOptional: boolean;
}

function pagesOf(paper: Paper): { page: number; text: string }[] {
  if (paper.pageTexts === undefined) return [{ page: 0, text: textOf(paper) }];
  return paper.pageTexts.map((text, index) => ({ page: index + 1, text }));
}

/** The characters that count, each with its place. */
function folded(pages: readonly { page: number; text: string }[]): Char[] {
  const chars: Char[] = [];
  for (const { page, text } of pages) {
    for (let offset = 0; offset < text.length; offset++) {
      const char = text[offset] ?? '';
      if (/[\s^_\u00AD\u200B-\u200D\uFEFF]/.test(char)) continue;
      const isOptional = /[-‐]/.test(char) && /^[^\S\n]*(?:\n|$)/.test(text.slice(offset + 1, offset + 4));
      for (const letter of /[\uFB00-\uFB06]/.test(char) ? char.normalize('NFKC') : char) {
        chars.push({ char: letter, page, offset, isOptional });
      }
    }
  }
  return chars;
}

/** The place in the source after the match that begins at `from`; 0 where there is none. */
function matchAt(source: readonly Char[], from: number, sought: readonly Char[]): number {
  let at = from;
  for (const { char } of sought) {
    while (source[at]?.char !== char && source[at]?.isOptional === true && at > from) at++;
    if (source[at]?.char !== char) return 0;
    at++;
  }
  return at;
}
