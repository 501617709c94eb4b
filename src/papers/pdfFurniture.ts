import type { PdfPage } from './pdfRuns.ts';
import { type Segment, textOfRuns } from './pdfSegments.ts';

/** The parts of a page's height in which headers and footers stand. */
const TOP = 0.11;
const BOTTOM = 0.9;

/** Below this part of a page's height its number may stand. */
const FOOT = 0.82;

const PAGE_NUMBER = /^[-–—|\s]*(page\s*)?(\d{1,4}|[ivxl]{1,6})(\s*(of|\/)\s*\d{1,4})?[-–—|\s]*$/i;
const NOTICE =
  /^(preprint\b|under review|published as|accepted (at|to|for)|proceedings of|copyright|©|arxiv:\S+\s+\[|\d+(st|nd|rd|th) (conference|international|annual)|this work is licensed|permission to make)/i;

/** Takes away what is on a page but not of the text: running headers and footers, page numbers, line numbers, notices. */
export function withoutFurniture(pages: readonly PdfPage[], segments: readonly Segment[][]): Segment[][] {
  const repeated = repeatedTexts(pages, segments);
  const edges = edgesOfLineNumbers(segments);
  return segments.map((ofPage, index) => {
    const height = pages[index]?.height ?? 0;
    const margins = ofPage.filter((segment) => inMargin(segment, height));
    const gone = new Set<Segment>([
      ...ofPage.filter((segment) => edges.has(edgeOf(segment)) && isNumber(segment)),
      ...(index === 0 ? [] : ofPage.filter((segment) => isApartAtEdge(segment, ofPage, height))),
      ...margins.filter((segment) => repeated.has(placeOf(segment))),
      ...margins.filter((segment) => NOTICE.test(textOfRuns(segment.runs).trim())),
      ...pageNumbers(ofPage, height),
    ]);
    return ofPage.filter((segment) => !gone.has(segment));
  });
}

function inMargin(segment: Segment, height: number): boolean {
  return segment.y < TOP * height || segment.y > BOTTOM * height;
}

/** At the very edge and well apart from everything else on the page: what heads or foots it, on one page only. */
function isApartAtEdge(segment: Segment, ofPage: readonly Segment[], height: number): boolean {
  if (segment.y > 0.06 * height && segment.y < 0.96 * height) return false;
  const away = ofPage.map((other) => Math.abs(other.y - segment.y)).filter((distance) => distance > 3);
  return Math.min(...away) > 1.9 * segment.size;
}

/** Text with its numbers masked, its height to 6 points and its left edge to 8: what is the same on several pages. */
function placeOf(segment: Segment): string {
  return `${Math.round(segment.y / 6)} ${Math.round(segment.x / 8)} ${textOfRuns(segment.runs).trim().replace(/\d+/g, '#')}`;
}

function repeatedTexts(pages: readonly PdfPage[], segments: readonly Segment[][]): Set<string> {
  const pagesWith = new Map<string, number>();
  for (const [index, ofPage] of segments.entries()) {
    const height = pages[index]?.height ?? 0;
    const places = new Set(ofPage.filter((segment) => inMargin(segment, height)).map(placeOf));
    for (const place of places) pagesWith.set(place, (pagesWith.get(place) ?? 0) + 1);
  }
  const enough = Math.max(2, pages.length * 0.3);
  return new Set([...pagesWith].filter(([, count]) => count >= enough).map(([place]) => place));
}

/** A number alone on its line, the outermost thing at the top or bottom of its page. */
function pageNumbers(ofPage: readonly Segment[], height: number): Segment[] {
  const lowest = Math.max(...ofPage.map((segment) => segment.y));
  const highest = Math.min(...ofPage.map((segment) => segment.y));
  return ofPage.filter((segment) => {
    const outermost =
      segment.y > lowest - 3 ? segment.y > FOOT * height : segment.y < highest + 3 && segment.y < TOP * height;
    const alone = ofPage.every((other) => other === segment || Math.abs(other.y - segment.y) > 3);
    return outermost && alone && PAGE_NUMBER.test(textOfRuns(segment.runs).trim());
  });
}

/** The right edges at which numbers count up by one on some page: those of a manuscript's line numbers, on every page. */
function edgesOfLineNumbers(segments: readonly Segment[][]): Set<number> {
  const columns = segments.flatMap((ofPage) => [...groupByEdge(ofPage.filter(isNumber))]);
  return new Set(columns.filter(([, column]) => countsUp(column)).map(([edge]) => edge));
}

function isNumber(segment: Segment): boolean {
  // Most segments are far too long; their text need not be put together.
  const length = segment.runs.reduce((sum, { text }) => sum + text.length, 0);
  return length < 8 && /^\d{1,4}$/.test(textOfRuns(segment.runs).trim());
}

function edgeOf(segment: Segment): number {
  return Math.round(segment.right / 4);
}

function groupByEdge(numbers: readonly Segment[]): Map<number, Segment[]> {
  const groups = new Map<number, Segment[]>();
  for (const segment of numbers) groups.set(edgeOf(segment), [...(groups.get(edgeOf(segment)) ?? []), segment]);
  return groups;
}

function countsUp(column: readonly Segment[]): boolean {
  if (column.length < 8) return false;
  const values = [...column].sort((a, b) => a.y - b.y).map((segment) => Number(textOfRuns(segment.runs)));
  const steps = values.slice(1).filter((value, index) => value - (values[index] ?? 0) === 1).length;
  return steps >= 0.8 * (values.length - 1);
}
