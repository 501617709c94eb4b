import type { Paper } from '../../../src/domain/paper.ts';

/** Where TeX's encodings keep ligatures and dashes: pdftotext gives these places for bitmap fonts. */
const TEX_LIGATURES: Record<string, string> = {
  '\u001B': 'ff',
  '\u001C': 'fi',
  '\u001D': 'fl',
  '\u001E': 'ffi',
  '\u001F': 'ffl',
  '\u0015': '–',
  '\u0016': ' — ',
};
const TEX_LIGATURE = new RegExp(`[${Object.keys(TEX_LIGATURES).join('')}]`, 'g');

/** Text as a list of words that can be compared whoever read it: ligatures as letters, words broken at a line's end or
 *  written with a hyphen as one, raised and lowered letters beside their own, the large and small letters of small capitals as one, no punctuation, no case. */
export function wordsOf(text: string): string[] {
  const plain = text
    .replace(TEX_LIGATURE, (place) => TEX_LIGATURES[place] ?? '')
    .normalize('NFKC')
    .replace(/[\u00AD^_]/g, '')
    .replace(/^[^\p{Ll}\n]*$/gmu, (line) =>
      line.replace(/\b(\p{Lu}) (?=\p{Lu}{2})/gu, '$1').replace(/ ?- ?(?=\p{Lu})/gu, '-'),
    )
    .replace(/(?<=[\p{L}\p{N}])[-‐–−](?:\s*\n\s*)?(?=[\p{L}\p{N}])/gu, '');
  return plain.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** What pdftotext says, without lines that most pages have: heads, feet, numbers. Pages end with a form feed. */
export function withoutRepeated(text: string): string {
  const pages = text.split('\f').slice(0, -1);
  const masked = (line: string) => line.trim().replace(/\d+/g, '#');
  const pagesWith = new Map<string, number>();
  for (const line of pages.flatMap((page) => [...new Set(page.split('\n').map(masked))])) {
    pagesWith.set(line, (pagesWith.get(line) ?? 0) + 1);
  }
  const isRepeated = (line: string) =>
    pages.length > 1 && masked(line) !== '' && (pagesWith.get(masked(line)) ?? 0) > pages.length / 2;
  return pages
    .map((page) =>
      page
        .split('\n')
        .filter((line) => !isRepeated(line))
        .join('\n'),
    )
    .join('\n');
}

/** All that was read of a paper, in the order in which papers are set. */
export function readText(paper: Paper): string {
  const front = (paper.asides ?? []).map(({ text }) => text);
  const entries = paper.references.map(({ label, text }) => (label === undefined ? text : `[${label}] ${text}`));
  const sections = paper.sections.map(({ heading, text }) => `${heading}\n${text}`);
  return [
    paper.title,
    paper.authors.join(', '),
    'Abstract',
    paper.abstract,
    ...sections,
    'References',
    ...entries,
    ...front,
  ].join('\n\n');
}

/** Lines of running text hold so many words; what stands alone in a line (a table's cell, an axis's label, a piece of a
 *  formula) has no neighbour. */
const FEWEST = 4;

/** Neighbouring words, within and between lines of running text, and so many of them as were asked for. */
export function neighboursIn(text: string, fewest = FEWEST): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const runs: string[] = [''];
  for (const line of lines) {
    if ((line.match(/\S+/g)?.length ?? 0) >= fewest) runs[runs.length - 1] += `${line}\n`;
    else if (runs.at(-1) !== '') runs.push('');
  }
  return runs.flatMap((run) => pairsOf(wordsOf(run)));
}

export function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, i) => `${words[i]} ${word}`);
}

/** Which of the wanted are not among the given, each taken once. */
export function missingFrom(wanted: readonly string[], given: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const one of given) left.set(one, (left.get(one) ?? 0) + 1);
  return wanted.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}
