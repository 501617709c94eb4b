import type { Filled, Shown } from './pdfPen.ts';

/** How a passage escapes a reader's eye. */
export type Hiding = 'white' | 'tiny' | 'off-page' | 'invisible' | 'covered';

/** Smaller than this, in points, nobody reads it in print. */
const TINY = 1.5;

/** Two colours whose channels differ by less, of 255, are one to the eye. */
const ALIKE = 14;

interface PageSize {
  width: number;
  height: number;
}

/** Tells the text that a page shows from what it hides. A text layer under a scanned page is set invisibly as a whole
 *  and is what the reader sees as a picture, so it counts as shown. Pictures are not looked at: white words on a dark
 *  picture count as hidden. */
export function hiddenOn(shown: readonly Shown[], filled: readonly Filled[], page: PageSize): Map<Shown, Hiding> {
  const letters = (some: readonly Shown[]) => some.reduce((sum, { text }) => sum + text.trim().length, 0);
  const isLayer = letters(shown.filter(({ mode }) => isInvisible(mode))) > 0.8 * letters(shown);
  const hidden = new Map<Shown, Hiding>();
  for (const one of shown) {
    if (one.text.trim() === '') continue;
    const how = hidingOf(one, filled, page);
    if (how !== null && !(how === 'invisible' && isLayer)) hidden.set(one, how);
  }
  return hidden;
}

function hidingOf(one: Shown, filled: readonly Filled[], { width, height }: PageSize): Hiding | null {
  if (isInvisible(one.mode) || one.alpha < 0.05) return 'invisible';
  if (one.size < TINY) return 'tiny';
  const middle = { x: (one.x + one.endX) / 2, y: (one.y + one.endY) / 2 };
  if (middle.x < 0 || middle.y < 0 || middle.x > width || middle.y > height) return 'off-page';
  const around = filled.filter((shape) => contains(shape, one));
  if (around.some((shape) => shape.covers && shape.at > one.at)) return 'covered';
  const fills = one.mode % 4 === 0 || one.mode % 4 === 2;
  if (!fills || one.colour === null) return null;
  const ground = around.filter((shape) => shape.at < one.at).map((shape) => shape.colour);
  // Where shapes lie above each other, one that lets the text be seen is enough: shapes are known by their extent alone.
  const grounds = ground.length === 0 ? [WHITE] : ground;
  return grounds.every((colour) => colour !== null && alike(colour, one.colour)) ? 'white' : null;
}

const WHITE = '#ffffff';

/** Modes 3 and 7 neither fill nor draw. */
function isInvisible(mode: number): boolean {
  return mode === 3 || mode === 7;
}

function contains(shape: Filled, { x, y, endX, endY, size }: Shown): boolean {
  const rise = 0.25 * size;
  const inside = (px: number, py: number) =>
    px >= shape.left - 1 && px <= shape.right + 1 && py >= shape.top && py <= shape.bottom;
  return inside(x, y - rise) && inside(endX, endY - rise);
}

function alike(a: string, b: string | null): boolean {
  if (b === null) return false;
  const [first, second] = [channels(a), channels(b)];
  return first.every((channel, i) => Math.abs(channel - (second[i] ?? 0)) < ALIKE);
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) || 0);
}
