import { piecesOf } from './latexEquations.ts';
import { argumentAt, plainLatex } from './latexText.ts';

const TABULAR =
  /^(?:tabular|tabularx|tabulary|tabu|longtable|xltabular|longtabu|NiceTabular|supertabular|xtabular)\*?$/;

/** Tables that go on over pages stand by themselves and have their caption within. */
const LONG = /^(?:longtable|xltabular|longtabu)\*?$/;

/** The widest that a cell reaches, and the most rows and cells of a row. */
const MAX_SPAN = 40;
const MAX_ROWS = 400;
const MAX_CELLS = 100;

/** What draws a line, colours or spaces a row; with its arguments. */
const RULE =
  /\\(?:toprule|midrule|bottomrule|hline|firsthline|lasthline|addlinespace|morecmidrules|thickhline|Xhline|endfoot|endlastfoot|endhead|endfirsthead|nopagebreak|pagebreak)(?![A-Za-z])\s*(?:\[[^\]]{0,60}\])?|\\(?:cmidrule|cline|hhline|specialrule|noalign|rowcolor|rowcolors|cellcolor|columncolor|arrayrulecolor)(?![A-Za-z])\*?\s*(?:\([^()]{0,20}\)|\[[^\]]{0,60}\])*(?:\s*\{[^{}]{0,200}\}){1,3}/g;

export function isTabular(environment: string): boolean {
  return TABULAR.test(environment);
}

export function isLongTable(environment: string): boolean {
  return LONG.test(environment);
}

/** The cells of a table as text, row by row, one that spans several columns with empty ones beside it.
 *  @param source what stands in the environment, its columns first
 *  @param resolved puts numbers in for what refers to others */
export function rowsOf(source: string, environment: string, resolved: (text: string) => string): string[][] {
  const body = withoutRepeatedHead(pastColumns(source, environment));
  return piecesOf(body, 'line')
    .slice(0, MAX_ROWS)
    .map((row) => piecesOf(row.replace(RULE, ' '), 'cell').slice(0, MAX_CELLS))
    .map((cells) => cells.flatMap((cell) => cellsOf(cell, resolved)))
    .filter((cells) => cells.some((cell) => cell !== ''));
}

/** A table rather than a means to lay something out. */
export function isGrid(rows: readonly (readonly string[])[]): boolean {
  return rows.length > 1 && rows.some((row) => row.filter((cell) => cell !== '').length > 1);
}

/** The caption that a table over several pages has within, and the table without it. */
export function longCaption(content: string) {
  const labels = [...content.matchAll(/\\label\s*\{([^{}]{0,300})\}/g)].map(([, key = '']) => key.trim());
  const rest = content.replace(/\\label\s*\{[^{}]{0,300}\}/g, '');
  const found = /\\caption(\*?)\s*(?=[[{])/.exec(rest);
  const short = found && argumentAt(rest, found.index + found[0].length, '[', ']');
  const caption = found && argumentAt(rest, short?.end ?? found.index + found[0].length);
  if (!found || !caption) return { caption: null, numbered: false, labels, rest };
  const after = rest.slice(caption.end).replace(/^\s*(?:\\\\|\\tabularnewline)/, '');
  return { caption: caption.text, numbered: found[1] !== '*', labels, rest: rest.slice(0, found.index) + after };
}

function pastColumns(source: string, environment: string): string {
  const first = argumentAt(source, 0, '[', ']')?.end ?? 0;
  const hasWidth = /^(?:tabularx|tabulary|xltabular)$|^tabular\*$/.test(environment);
  const width = hasWidth ? (argumentAt(source, first)?.end ?? first) : first;
  const place = argumentAt(source, width, '[', ']')?.end ?? width;
  return source.slice(argumentAt(source, place)?.end ?? place);
}

/** What a long table repeats on each page is its head, once; what stands below each page is none of its rows. */
function withoutRepeatedHead(source: string): string {
  const first = source.indexOf('\\endfirsthead');
  const head = source.lastIndexOf('\\endhead');
  const foot = Math.max(source.lastIndexOf('\\endfoot'), source.lastIndexOf('\\endlastfoot'));
  const begin = Math.max(head, foot);
  if (begin < 0) return source;
  const kept = first >= 0 ? source.slice(0, first) : source.slice(0, Math.max(0, head));
  return `${kept}\\\\${source.slice(begin)}`;
}

function cellsOf(cell: string, resolved: (text: string) => string): string[] {
  const several = /\\multicolumn\s*(?=\{)/.exec(cell);
  const count = several && argumentAt(cell, several.index + several[0].length);
  const columns = count && argumentAt(cell, count.end);
  const text = columns && argumentAt(cell, columns.end);
  if (!several || !count || !text) return [cellText(cell, resolved)];
  const wide = Math.min(MAX_SPAN, Math.max(1, Math.floor(Number(count.text)) || 1));
  const whole = `${cell.slice(0, several.index)} ${text.text} ${cell.slice(text.end)}`;
  return [cellText(whole, resolved), ...Array.from({ length: wide - 1 }, () => '')];
}

function cellText(cell: string, resolved: (text: string) => string): string {
  // A cell may hold a small table for its lines: its marks are spaces here.
  const own = overRows(cell).replace(
    /\\begin\s*\{[^{}]{1,60}\}(?:\[[^\]]{0,60}\])?(?:\{[^{}]{0,200}(?:\{[^{}]{0,200}\}[^{}]{0,200})*\})?/g,
    ' ',
  );
  return plainLatex(resolved(own.replace(/(?<!\\)&/g, ' ')))
    .replace(/\s+/g, ' ')
    .trim();
}

/** What \multirow says, without how many rows it reaches over and how wide it is. */
function overRows(cell: string): string {
  const found = /\\multirow(?:cell)?\s*(?:\[[^\]]{0,60}\])?\s*(?=\{)/.exec(cell);
  if (!found) return cell;
  const rows = argumentAt(cell, found.index + found[0].length);
  const bigstruts = rows && (argumentAt(cell, rows.end, '[', ']') ?? rows);
  const width = bigstruts && (argumentAt(cell, bigstruts.end) ?? starAt(cell, bigstruts.end));
  const raised = width && (argumentAt(cell, width.end, '[', ']') ?? width);
  const text = raised && argumentAt(cell, raised.end);
  return text ? `${cell.slice(0, found.index)} ${text.text} ${cell.slice(text.end)}` : cell;
}

function starAt(cell: string, from: number): { end: number } | null {
  return cell[from] === '*' ? { end: from + 1 } : null;
}
