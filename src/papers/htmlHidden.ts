import type { Paper } from '../domain/paper.ts';
import { type Declared, styleReader } from './htmlStyle.ts';
import { type Element, elementsIn } from './htmlTree.ts';

type Hiding = NonNullable<Paper['hidden']>[number]['how'];

/** Smaller than this, in pixels, nobody reads it. */
const TINY = 2;

/** Farther than this beyond the page's edge, in pixels, nothing is seen. */
const AWAY = -400;

/** The elements that a page holds and does not show, by its own style: the outermost of each. Style sheets elsewhere are
 *  not fetched, and scripts are not run. White words count as hidden unless the page itself says that they stand on
 *  another colour. */
export function hiddenElements(page: Element): Map<Element, Hiding> {
  const styleOf = styleReader(page);
  const hidden = new Map<Element, Hiding>();
  const inside = new Set<Element>();
  for (const element of elementsIn(page)) {
    const { parent } = element;
    if (parent && (hidden.has(parent) || inside.has(parent))) inside.add(element);
    else {
      const how = hidingOf(element, styleOf);
      if (how !== null) hidden.set(element, how);
    }
  }
  return hidden;
}

function hidingOf(element: Element, styleOf: (one: Element) => Declared): Hiding | null {
  const style = styleOf(element);
  if ('hidden' in element.attributes || isInvisible(style)) return 'invisible';
  if (style['font-size'] !== undefined && pixels(style['font-size']) < TINY) return 'tiny';
  if (isAway(style)) return 'off-page';
  const colour = colourIn(style.color);
  return colour !== null && alike(colour, groundOf(element, styleOf)) ? 'white' : null;
}

function isInvisible(style: Declared): boolean {
  const { display, visibility, opacity, clip = '', color } = style;
  if (display === 'none' || visibility === 'hidden' || visibility === 'collapse' || color === 'transparent')
    return true;
  const isCut = /^rect\(\s*(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?\s*\)$/.test(clip);
  return (
    isCut || /^inset\((?:50|100)%/.test(style['clip-path'] ?? '') || (opacity !== undefined && share(opacity) < 0.05)
  );
}

function isAway(style: Declared): boolean {
  if (pixels(style['text-indent'] ?? '0') < AWAY) return true;
  const isPlaced = /^(absolute|fixed)$/.test(style.position ?? '');
  return isPlaced && [style.left, style.top, style.right].some((place) => pixels(place ?? '0') < AWAY);
}

function share(text: string): number {
  const value = Number.parseFloat(text);
  return text.endsWith('%') ? value / 100 : value;
}

/** A length in pixels, with the usual size of letters where it is told in letters. */
function pixels(text: string): number {
  const [, number, unit = ''] = /^(-?[\d.]+)\s*([a-z%]*)/.exec(text) ?? [];
  if (number === undefined) return Number.POSITIVE_INFINITY;
  const scale = {
    pt: 4 / 3,
    pc: 16,
    em: 16,
    rem: 16,
    ex: 8,
    ch: 8,
    '%': 0.16,
    vw: 10,
    vh: 10,
    cm: 38,
    mm: 3.8,
    in: 96,
  };
  return Number(number) * (unit in scale ? scale[unit as keyof typeof scale] : 1);
}

/** The colour of what is behind an element, white where the page says nothing. */
function groundOf(element: Element, styleOf: (one: Element) => Declared): Colour | null {
  for (let at: Element | null = element; at !== null; at = at.parent) {
    const style = styleOf(at);
    const ground = style['background-color'] ?? style.background;
    if (ground === undefined || /^(transparent|none|inherit|initial|unset)\b/.test(ground)) continue;
    // A picture, or a colour that cannot be told: what stands on it may well be seen.
    return colourIn(ground);
  }
  return [255, 255, 255];
}

type Colour = readonly [number, number, number];

const NAMED: Record<string, Colour> = { white: [255, 255, 255], snow: [255, 250, 250], ivory: [255, 255, 240] };

function colourIn(text: string | undefined): Colour | null {
  const value = text?.split(/\s+(?![^(]*\))/)[0] ?? '';
  if (value in NAMED) return NAMED[value] ?? null;
  const [, hex = ''] = /^#([\da-f]{3,8})$/.exec(value) ?? [];
  if (hex.length === 3 || hex.length === 4)
    return [0, 1, 2].map((i) => Number.parseInt((hex[i] ?? '') + hex[i], 16)) as never;
  if (hex.length >= 6) return [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as never;
  const parts =
    /^rgba?\(([^)]*)\)$/
      .exec(value)?.[1]
      ?.split(/[\s,/]+/)
      .map(Number) ?? [];
  const [red, green, blue, alpha = 1] = parts.filter((part) => !Number.isNaN(part));
  return red === undefined || green === undefined || blue === undefined || alpha < 0.05 ? null : [red, green, blue];
}

/** Two colours whose channels differ by less, of 255, are one to the eye. */
const ALIKE = 14;

function alike(a: Colour, b: Colour | null): boolean {
  return b !== null && a.every((channel, i) => Math.abs(channel - (b[i] ?? 0)) < ALIKE);
}
