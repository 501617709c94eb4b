import type { PdfPage } from './pdfRuns.ts';
import { type Segment, textOfRuns } from './pdfSegments.ts';

/** Where on a page text stands: across it, or in one of two columns. */
export type Place = 'full' | 'left' | 'right';

/** Segments to be read from top to bottom before the next block. */
export interface Block {
  place: Place;
  segments: Segment[];
}

/** For each page its blocks in reading order: text across the page parts bands, in which left comes before right. */
export function columnsOf(pages: readonly PdfPage[], segments: readonly Segment[][]): Block[][] {
  const gutters = segments.map((ofPage, index) => gutterOf(ofPage, pages[index]?.width ?? 0));
  const known = gutters.filter((gutter) => gutter !== null).sort((a, b) => a - b);
  const long = segments.filter((ofPage) => ofPage.length > 20).length;
  // A short last page cannot show its gutter by itself; where most pages have one, it has the same.
  const usual = known.length > 0 && known.length >= 0.5 * long ? (known[Math.floor(known.length / 2)] ?? null) : null;
  return segments.map((ofPage, index) => {
    const gutter = gutters[index] ?? (usual !== null && isFree(ofPage, usual) ? usual : null);
    return gutter === null ? [{ place: 'full', segments: [...ofPage] }] : blocksOf(ofPage, gutter, index);
  });
}

/** In how many places between 35 % and 65 % of a page's width a gutter is looked for. */
const STEPS = 90;

/** The middle of the white strip between two columns, or null where the page has one column. */
function gutterOf(segments: readonly Segment[], width: number): number | null {
  const lines = segments.filter((segment) => segment.right - segment.x > 0.2 * width);
  let best: { crossing: number; xs: number[] } | null = null;
  // A damaged file may claim a page of any width, so the number of steps is fixed, not their length.
  for (let step = 0; step <= STEPS; step++) {
    const x = (0.35 + (0.3 * step) / STEPS) * width;
    const left = lines.filter((segment) => segment.right <= x + 1).length;
    const right = lines.filter((segment) => segment.x >= x - 1).length;
    const crossing = lines.length - left - right;
    if (Math.min(left, right) < 8 || crossing > 0.35 * (left + right)) continue;
    if (best === null || crossing < best.crossing) best = { crossing, xs: [x] };
    else if (crossing === best.crossing) best.xs.push(x);
  }
  return best === null ? null : (best.xs[Math.floor(best.xs.length / 2)] ?? null);
}

function isFree(segments: readonly Segment[], gutter: number): boolean {
  const crossing = segments.filter((segment) => placeOf(segment, gutter) === 'full').length;
  return crossing <= 0.3 * segments.length;
}

function placeOf(segment: Segment, gutter: number): Place {
  if (segment.right <= gutter + 2) return 'left';
  return segment.x >= gutter - 2 ? 'right' : 'full';
}

/** Where the columns of a first page begin: above its abstract or first wide line stand title and authors, whose names
 *  are side by side across the page and no columns. */
function frontEnd(segments: readonly Segment[], gutter: number): number {
  const wide = 0.7 * (gutter - Math.min(...segments.map((segment) => segment.x)));
  const begins = segments.filter(
    (segment) =>
      placeOf(segment, gutter) !== 'full' &&
      (segment.right - segment.x > wide || /^abstract\b/i.test(textOfRuns(segment.runs))),
  );
  return Math.min(...begins.map((segment) => segment.y));
}

/** Text across the page, and with it the rows of its tables and the labels of its figures: what follows such a line
 *  closely, above or below, and is in no row as wide as a column's text. */
function acrossPage(segments: readonly Segment[], gutter: number): Set<Segment> {
  const rows = rowsOf(segments);
  const width = gutter - Math.min(...segments.map((segment) => segment.x));
  const isWide = (row: readonly Segment[]) =>
    row.some((segment) => placeOf(segment, gutter) !== 'full' && segment.right - segment.x > WIDE * width);
  const full = new Set(
    rows.filter((row) => row.some((segment) => placeOf(segment, gutter) === 'full') && !isWide(row)),
  );
  for (const order of [rows, [...rows].reverse()]) {
    for (const [index, row] of order.entries()) {
      const near = order[index - 1];
      if (near && full.has(near) && !isWide(row) && distance(near, row) < CLOSE * (row[0]?.size ?? 0)) full.add(row);
    }
  }
  const across = segments.filter((segment) => placeOf(segment, gutter) === 'full');
  return new Set([...across, ...[...full].flat()]);
}

/** Wider than this part of a column is its text, and closer than so many ems are the rows of one table. */
const WIDE = 0.62;
const CLOSE = 2;

function distance(a: readonly Segment[], b: readonly Segment[]): number {
  return Math.abs((a[0]?.y ?? 0) - (b[0]?.y ?? 0));
}

/** Segments that share a baseline, from top to bottom. */
export function rowsOf(segments: readonly Segment[]): Segment[][] {
  const rows: Segment[][] = [];
  for (const segment of [...segments].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row && first && Math.abs(segment.y - first.y) < 0.4 * Math.max(segment.size, first.size)) row.push(segment);
    else rows.push([segment]);
  }
  return rows;
}

function blocksOf(segments: readonly Segment[], gutter: number, page: number): Block[] {
  const front = page === 0 ? frontEnd(segments, gutter) - 2 : 0;
  const across = acrossPage(segments, gutter);
  const blocks: Block[] = [];
  let band: Record<'left' | 'right', Segment[]> = { left: [], right: [] };
  const close = () => {
    for (const place of ['left', 'right'] as const) {
      if (band[place].length > 0) blocks.push({ place, segments: band[place] });
    }
    band = { left: [], right: [] };
  };
  for (const segment of [...segments].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const place = segment.y < front || across.has(segment) ? 'full' : placeOf(segment, gutter);
    if (place !== 'full') {
      band[place].push(segment);
      continue;
    }
    close();
    const last = blocks.at(-1);
    if (last?.place === 'full') last.segments.push(segment);
    else blocks.push({ place, segments: [segment] });
  }
  close();
  return blocks;
}
