import type { Shown } from './pdfPen.ts';

interface PageSize {
  width: number;
  height: number;
}

interface Upright extends PageSize {
  upright: Shown[];
  turned: Shown[];
}

/** Quarter turns of a piece of text, clockwise; null where it stands aslant. */
function turnsOf({ x, y, endX, endY }: Shown): number | null {
  const [across, down] = [endX - x, endY - y];
  if (Math.abs(down) <= 0.05 * Math.abs(across)) return across >= 0 ? 0 : 2;
  if (Math.abs(across) <= 0.05 * Math.abs(down)) return down > 0 ? 1 : 3;
  return null;
}

/** Parts the text that is set as most of the page is from the rest, and turns the page so that it is upright: a page
 *  scanned or set sideways is read as one holds it. */
export function uprightOf(shown: readonly Shown[], { width, height }: PageSize): Upright {
  const letters = [0, 0, 0, 0];
  const turns = new Map(shown.map((one) => [one, turnsOf(one)]));
  for (const [one, turn] of turns) if (turn !== null) letters[turn] = (letters[turn] ?? 0) + one.text.length;
  const usual = letters.indexOf(Math.max(...letters));
  const upright = shown
    .filter((one) => turns.get(one) === usual)
    .map((one) => turnedBack(one, usual, { width, height }));
  const turned = shown.filter((one) => turns.get(one) !== usual);
  return usual % 2 === 0 ? { width, height, upright, turned } : { width: height, height: width, upright, turned };
}

function turnedBack(one: Shown, turns: number, page: PageSize): Shown {
  if (turns === 0) return one;
  const begin = pointBack(one.x, one.y, turns, page);
  const end = pointBack(one.endX, one.endY, turns, page);
  return { ...one, x: begin.x, y: begin.y, endX: end.x, endY: end.y };
}

function pointBack(x: number, y: number, turns: number, { width, height }: PageSize): { x: number; y: number } {
  if (turns === 1) return { x: y, y: width - x };
  if (turns === 2) return { x: width - x, y: height - y };
  return { x: height - y, y: x };
}
