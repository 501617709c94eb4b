import { concatenated, IDENTITY, type Matrix, placed } from './pdfMatrix.ts';

/** What has to be known of a font to follow its text. */
export interface PdfFont {
  name: string;
  /** From glyph units to units of its size. */
  across: number;
  /** Its em in units of its size: 1, but for bitmap fonts that are set in size 1. */
  em: number;
}

/** A stretch of text set in one font without a gap. Lengths are points of the page as it is shown, y grows downwards. */
export interface Shown {
  text: string;
  x: number;
  y: number;
  /** Where it ends. */
  endX: number;
  endY: number;
  size: number;
  font: string;
  /** Its colour as #rrggbb, null where it is a pattern. */
  colour: string | null;
  /** 1 is opaque. */
  alpha: number;
  /** PDF's text rendering mode; 3 shows nothing. */
  mode: number;
  /** Position among the page's operators. */
  at: number;
}

/** A filled shape's extent on the page. */
export interface Filled {
  left: number;
  top: number;
  right: number;
  bottom: number;
  colour: string | null;
  /** Whether nothing shows through it: a rectangle, opaque. */
  covers: boolean;
  at: number;
}

/** A gap of this many ems is a space, and of so many parts two stretches. A line's justified spaces are set as gaps. */
const SPACE = 0.14;
const PART = 0.55;

interface Graphics {
  matrix: Matrix;
  font: PdfFont | null;
  fontId: string;
  size: number;
  colour: string | null;
  alpha: number;
  mode: number;
  charSpacing: number;
  wordSpacing: number;
  scale: number;
  leading: number;
  rise: number;
}

/** Text on its way to being shown, and where it begins and ends before the page's own map. */
interface Stretch {
  text: string;
  from: number;
  to: number;
}

/** Where one is while following the operators of a page, and what was shown and filled on the way. */
export class Pen {
  readonly shown: Shown[] = [];
  readonly filled: Filled[] = [];
  at = 0;
  state: Graphics;
  text: Matrix = IDENTITY;
  line = { x: 0, y: 0 };
  pen = { x: 0, y: 0 };
  readonly #saved: Graphics[] = [];
  readonly fontOf: (id: string) => PdfFont | null;

  constructor(view: Matrix, fontOf: (id: string) => PdfFont | null) {
    this.fontOf = fontOf;
    this.state = {
      matrix: view,
      font: null,
      fontId: '',
      size: 0,
      colour: '#000000',
      alpha: 1,
      mode: 0,
      charSpacing: 0,
      wordSpacing: 0,
      scale: 1,
      leading: 0,
      rise: 0,
    };
  }

  save(): void {
    if (this.#saved.length < 1000) this.#saved.push({ ...this.state });
  }

  restore(): void {
    this.state = this.#saved.pop() ?? this.state;
  }

  moveTo(x: number, y: number): void {
    this.line = { x, y };
    this.pen = { x, y };
  }

  /** Shows glyphs, and numbers that move the pen between them, in thousandths of an em. */
  show(glyphs: readonly unknown[]): void {
    const { font, size, scale, charSpacing, wordSpacing } = this.state;
    if (font === null) return;
    const stretch = { text: '', from: this.pen.x, to: this.pen.x };
    for (const glyph of glyphs) {
      if (typeof glyph === 'number') {
        this.pen.x -= (glyph / 1000) * size * scale;
      } else if (isGlyph(glyph)) {
        this.#part(stretch, glyph, size * font.em * scale || 1);
        stretch.text += glyph.unicode;
        const width = glyph.width * font.across * size;
        this.pen.x += (width + charSpacing + (glyph.isSpace ? wordSpacing : 0)) * scale;
        stretch.to = this.pen.x - charSpacing * scale;
      }
    }
    this.#end(stretch);
  }

  /** A gap before a glyph parts words, and a wide one stretches. */
  #part(stretch: Stretch, glyph: Glyph, em: number): void {
    const gap = (this.pen.x - stretch.to) / em;
    if (Math.abs(gap) > PART) this.#end(stretch);
    else if (gap > SPACE && stretch.text !== '' && !glyph.isSpace) stretch.text += ' ';
    if (stretch.text === '') stretch.from = this.pen.x;
  }

  #end(stretch: Stretch): void {
    const { state } = this;
    const { text, from, to } = stretch;
    stretch.text = '';
    if (text === '' || state.font === null) return;
    const matrix = concatenated(state.matrix, this.text);
    const begin = placed(matrix, from, this.pen.y + state.rise);
    const end = placed(matrix, to, this.pen.y + state.rise);
    this.shown.push({
      text,
      x: begin.x,
      y: begin.y,
      endX: end.x,
      endY: end.y,
      size: Math.hypot(matrix[2], matrix[3]) * Math.abs(state.size * state.font.em),
      font: state.fontId,
      colour: state.colour,
      alpha: state.alpha,
      mode: state.mode,
      at: this.at,
    });
  }

  fill(extent: ArrayLike<number>, isRectangle: boolean): void {
    const { 0: x0 = 0, 1: y0 = 0, 2: x1 = 0, 3: y1 = 0 } = extent;
    const { matrix, colour, alpha } = this.state;
    const a = placed(matrix, x0, y0);
    const b = placed(matrix, x1, y1);
    this.filled.push({
      left: Math.min(a.x, b.x),
      right: Math.max(a.x, b.x),
      top: Math.min(a.y, b.y),
      bottom: Math.max(a.y, b.y),
      colour,
      covers: isRectangle && alpha > 0.99 && colour !== null,
      at: this.at,
    });
  }
}

interface Glyph {
  unicode: string;
  width: number;
  isSpace: boolean;
}

function isGlyph(value: unknown): value is Glyph {
  return (
    typeof value === 'object' &&
    value !== null &&
    'unicode' in value &&
    typeof value.unicode === 'string' &&
    'width' in value &&
    typeof value.width === 'number' &&
    'isSpace' in value
  );
}
