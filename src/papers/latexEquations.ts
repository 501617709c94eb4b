import { argumentAt } from './latexText.ts';

/** A displayed equation as its source says it. */
export interface DisplayedEquation {
  readonly text: string;
  /** Its own number, such as * of \tag{*}; null where it takes the next one, and undefined where it has none. */
  readonly tag: string | null | undefined;
  /** What refers to it. */
  readonly labels: readonly string[];
}

/** Environments that show one equation, and those whose lines are numbered one by one; with a star none is. */
const SINGLE = /^(?:equation|multline|displaymath|dmath|gequation)\*?$/;
const LINES = /^(?:align|gather|eqnarray|alignat|xalignat|flalign|IEEEeqnarray|dgroup)\*?$/;

/** More equations than this no environment holds. */
const MAX_LINES = 500;

export function isDisplay(environment: string): boolean {
  return SINGLE.test(environment) || LINES.test(environment);
}

/** The equations of a display: lines without a number belong to the one below that has it. */
export function equationsOf(source: string, environment: string): DisplayedEquation[] {
  const hasLines = LINES.test(environment);
  const isNumbered = isDisplay(environment) && !environment.endsWith('*') && environment !== 'displaymath';
  const inner = /^(?:x?alignat|IEEEeqnarray)/.test(environment) ? pastArgument(source) : source;
  const lines = hasLines ? piecesOf(inner, 'line').slice(0, MAX_LINES) : [inner];
  const equations: DisplayedEquation[] = [];
  let open: { texts: string[]; labels: string[] } = { texts: [], labels: [] };
  const close = (tag: DisplayedEquation['tag']) => {
    const text = open.texts.join(' \\\\ ');
    if (text !== '') equations.push({ text, tag, labels: open.labels });
    open = { texts: [], labels: [] };
  };
  for (const line of lines) {
    const { text, tag, labels, silent } = readLine(line);
    if (text !== '') open.texts.push(text);
    open.labels.push(...labels);
    if (tag !== null) close(tag);
    else if (isNumbered && !silent && text !== '') close(null);
  }
  close(undefined);
  return equations;
}

function readLine(line: string) {
  const tagged = /\\tag\*?\s*(?=\{)/.exec(line);
  const tag = tagged === null ? null : (argumentAt(line, tagged.index + tagged[0].length)?.text ?? null);
  const labels = [...line.matchAll(/\\label\s*\{([^{}]{0,300})\}/g)].map(([, name = '']) => name.trim());
  const silent = /\\(?:nonumber|notag)\b/.test(line);
  const bare = line
    .replace(/\\label\s*\{[^{}]{0,300}\}|\\(?:nonumber|notag)\b|\\tag\*?\s*\{[^{}]{0,300}\}/g, ' ')
    .replace(/(?<!\\)\$/g, '');
  const text = piecesOf(bare, 'cell')
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/(?:\\\\\s*)+$/, '')
    .trim();
  return { text, tag: tag?.trim() ?? null, labels, silent };
}

function pastArgument(source: string): string {
  return source.slice(argumentAt(source, 0)?.end ?? 0);
}

/** Splits at the ends of lines, or at the marks between cells, that stand in no braces and no environment. */
export function piecesOf(source: string, at: 'line' | 'cell'): string[] {
  const pieces: string[] = [];
  let [from, braces, environments] = [0, 0, 0];
  const mark = /\\(?:begin|end)\s*\{|\\(?:\\|tabularnewline\b|cr\b)\s?\*?(?:\s*\[[^\]]{0,60}\])?|\\[\s\S]|[{}&]/g;
  for (let found = mark.exec(source); found !== null; found = mark.exec(source)) {
    const [token] = found;
    if (token === '{') braces++;
    else if (token === '}') braces = Math.max(0, braces - 1);
    else if (token.startsWith('\\begin') || token.startsWith('\\end')) {
      environments = Math.max(0, environments + (token.startsWith('\\begin') ? 1 : -1));
      mark.lastIndex--;
    } else if (braces === 0 && environments === 0 && isMark(token, at)) {
      pieces.push(source.slice(from, found.index));
      from = found.index + token.length;
    }
  }
  return [...pieces, source.slice(from)];
}

function isMark(token: string, at: 'line' | 'cell'): boolean {
  return at === 'cell' ? token === '&' : /^\\(?:\\|tabularnewline|cr)/.test(token);
}
