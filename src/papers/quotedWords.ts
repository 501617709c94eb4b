import type { Paper } from '../domain/paper.ts';

/** Which part of a paper holds a quotation. */
export interface QuotedPart {
  /** Of the section, from 0; -1 for the abstract. */
  readonly section: number;
  /** As a person would name it. */
  readonly heading: string;
}

/** Finds a quotation as a model or a person writes it down. Besides what reading a page changes, which `findQuotation`
 *  lets pass, the shapes of quotation marks and dashes and the case of letters may differ, and an ellipsis leaves words
 *  out within one section. Words may not differ. */
export function quotedPart(paper: Pick<Paper, 'abstract' | 'sections'>, quotation: string): QuotedPart | null {
  const texts = [{ heading: 'Abstract', text: paper.abstract }, ...paper.sections];
  const found = texts.findIndex(({ text }) => isQuotedFrom(text, quotation));
  return found < 0 ? null : { section: found - 1, heading: texts[found]?.heading ?? '' };
}

/** Whether a text holds a quotation, part by part where an ellipsis leaves words out. */
export function isQuotedFrom(text: string, quotation: string): boolean {
  const whole = plain(text);
  const parts = quotation
    .split(/\[?(?:…|\.{3,})\]?/)
    .map((part) => plain(part).replace(/^[.,;:]+|[.,;:]+$/g, ''))
    .filter((part) => part !== '');
  let from = 0;
  for (const part of parts) {
    const at = whole.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return parts.length > 0;
}

/** A text without what a page adds to its words: no white space and no hyphens, so that a word broken at a line's end is
 *  the word; a number keeps its sign. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/(?<![\p{L}\p{N}])[\p{Pd}\u2212](?=\p{N})/gu, '~')
    .replace(/[\s\u00AD\u200B\p{Pd}\u2212]+/gu, '')
    .toLowerCase();
}
