import { concatenated, IDENTITY, type Matrix } from './pdfMatrix.ts';
import { type Filled, type PdfFont, Pen, type Shown } from './pdfPen.ts';

/** What a page's program says, as the PDF library lists it: numbers of operators, and the arguments of each. */
export interface OperatorList {
  fnArray: readonly number[];
  argsArray: readonly unknown[];
}

/** More stretches than this no page of a paper has; a page that goes on is read up to here. */
const MAX_SHOWN = 60_000;

type Operator = (pen: Pen, args: readonly unknown[]) => void;

const save: Operator = (pen) => pen.save();
const restore: Operator = (pen) => pen.restore();

/** The operators that matter for where text stands and whether it is seen, by the library's names. */
const OPERATORS: Record<string, Operator> = {
  save,
  restore,
  beginGroup: save,
  endGroup: restore,
  paintFormXObjectBegin: (pen, [matrix]) => {
    pen.save();
    if (isNumbers(matrix)) pen.state.matrix = concatenated(pen.state.matrix, matrix);
  },
  paintFormXObjectEnd: restore,
  transform: (pen, args) => {
    if (isNumbers(args)) pen.state.matrix = concatenated(pen.state.matrix, args);
  },
  beginText: (pen) => {
    pen.text = IDENTITY;
    pen.moveTo(0, 0);
  },
  setTextMatrix: (pen, [matrix]) => {
    if (isNumbers(matrix)) pen.text = concatenated(IDENTITY, matrix);
    pen.moveTo(0, 0);
  },
  setFont: (pen, [id, size]) => {
    pen.state.font = typeof id === 'string' ? pen.fontOf(id) : null;
    pen.state.fontId = String(id);
    pen.state.size = numeric(size);
  },
  setCharSpacing: (pen, [value]) => {
    pen.state.charSpacing = numeric(value);
  },
  setWordSpacing: (pen, [value]) => {
    pen.state.wordSpacing = numeric(value);
  },
  setHScale: (pen, [percent]) => {
    pen.state.scale = numeric(percent) / 100;
  },
  setLeading: (pen, [value]) => {
    pen.state.leading = numeric(value);
  },
  setTextRise: (pen, [value]) => {
    pen.state.rise = numeric(value);
  },
  setTextRenderingMode: (pen, [mode]) => {
    pen.state.mode = numeric(mode);
  },
  moveText: (pen, [x, y]) => pen.moveTo(pen.line.x + numeric(x), pen.line.y + numeric(y)),
  setLeadingMoveText: (pen, [x, y]) => {
    pen.state.leading = -numeric(y);
    pen.moveTo(pen.line.x + numeric(x), pen.line.y + numeric(y));
  },
  nextLine: (pen) => pen.moveTo(pen.line.x, pen.line.y - pen.state.leading),
  showText: (pen, [glyphs]) => pen.show(isList(glyphs) ? glyphs : []),
  setFillRGBColor: (pen, [colour]) => {
    pen.state.colour = typeof colour === 'string' ? colour : null;
  },
  setFillColorN: (pen) => {
    pen.state.colour = null;
  },
  setFillTransparent: (pen) => {
    pen.state.colour = null;
  },
  setGState: (pen, [settings]) => {
    for (const setting of isList(settings) ? settings : []) {
      if (isList(setting) && setting[0] === 'ca') pen.state.alpha = numeric(setting[1]);
    }
  },
};

const FILLS = ['fill', 'eoFill', 'fillStroke', 'eoFillStroke', 'closeFillStroke', 'closeEOFillStroke'];

/** Follows a page's operators and gives the text that they show and the shapes that they fill. One pass over the page
 *  tells more than the library's text content does, which knows neither colours nor names of fonts, in less time. */
export function followOperators(
  list: OperatorList,
  page: { view: Matrix; numbers: Readonly<Record<string, number>>; fontOf: (id: string) => PdfFont | null },
): { shown: Shown[]; filled: Filled[] } {
  const known = new Map<number | undefined, Operator>();
  for (const [name, operator] of Object.entries(OPERATORS)) known.set(page.numbers[name], operator);
  const fills = new Set(FILLS.map((name) => page.numbers[name]));
  known.set(page.numbers.constructPath, (at, [painting, paths, extent]) => {
    if (typeof painting === 'number' && fills.has(painting) && isNumbers(extent)) {
      at.fill(extent, isRectangle(isList(paths) ? paths[0] : null, extent));
    }
  });
  const pen = new Pen(page.view, page.fontOf);
  for (const [index, number] of list.fnArray.entries()) {
    const args = list.argsArray[index];
    pen.at = index;
    known.get(number)?.(pen, isList(args) ? args : []);
    if (pen.shown.length > MAX_SHOWN) break;
  }
  return { shown: pen.shown, filled: pen.filled };
}

/** A path's numbers are a code for each part (0 begins, 1 is a line, 4 closes), the first two followed by a point. */
function isRectangle(path: unknown, extent: ArrayLike<number>): boolean {
  if (!isNumbers(path) || path.length < 12 || path.length > 16) return false;
  const [left, top, right, bottom] = Array.from(extent);
  for (let i = 0; i < path.length; i += path[i] === 4 ? 1 : 3) {
    if (path[i] === 4) continue;
    const atCorner = (path[i + 1] === left || path[i + 1] === right) && (path[i + 2] === top || path[i + 2] === bottom);
    if ((path[i] ?? 9) > 1 || !atCorner) return false;
  }
  return true;
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView);
  return isList(value) && value.every((item) => typeof item === 'number');
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function numeric(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
