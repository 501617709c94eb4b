/** What stands in a balanced pair of braces (or brackets), and where it ends; null where none opens at `from`. */
export interface Argument {
  text: string;
  end: number;
}

const ACCENTS: Record<string, string> = {
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '"': '\u0308',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  c: '\u0327',
  v: '\u030C',
  u: '\u0306',
  H: '\u030B',
  r: '\u030A',
  k: '\u0328',
};

const LETTERS: Record<string, string> = {
  ss: 'ß',
  o: 'ø',
  O: 'Ø',
  l: 'ł',
  L: 'Ł',
  ae: 'æ',
  AE: 'Æ',
  aa: 'å',
  AA: 'Å',
  i: 'ı',
  ldots: '…',
  dots: '…',
  textendash: '–',
  textemdash: '—',
  textbackslash: '\\',
  LaTeX: 'LaTeX',
  TeX: 'TeX',
  checkmark: '✓',
  cmark: '✓',
  xmark: '✗',
  textpm: '±',
  texttimes: '×',
  textdegree: '°',
  textbullet: '•',
  S: '§',
  bibrangedash: '–',
  bibnamedelima: ' ',
  bibnamedelimb: ' ',
  bibinitperiod: '.',
};

/** Commands that set nothing, with their arguments. */
const SILENT =
  /\\(?:label|vspace|hspace|vskip|hskip|includegraphics|bibliographystyle|bibliography|pagestyle|thispagestyle|setlength|setcounter|addtolength|centering|small|footnotesize|tiny|large|Large|noindent|newpage|clearpage|maketitle|tableofcontents|toprule|midrule|bottomrule|hline|cmidrule|cline|usepackage|thanks|footnotemark|resizebox|scalebox|color|definecolor|fontsize|captionsetup|addtocounter|hypersetup)\b\*?(?:\s*\[[^\]]{0,300}\])?(?:\s*\{[^{}]{0,1000}\})*/g;

/** Commands whose first argument says how their second is set. */
const DRESSED =
  /\\(?:textcolor|colorbox|rotatebox|raisebox|parbox|foreignlanguage|hyperlink|hypertarget|adjustbox)\b\*?(?:\s*\[[^\]]{0,300}\])*\s*\{[^{}]{0,300}\}(?=\s*\{)/g;

/** Formulas, and what a backslash keeps from beginning one. */
const FORMULA =
  /\\\[[\s\S]{0,2000}?\\\]|\\\([\s\S]{0,2000}?\\\)|\\[\s\S]|\$\$[^$]*\$\$|\$(?:[^$\\\n]|\\[\s\S]|\n(?!\s*\n)){0,5000}\$/g;

const KEYS = String.raw`(?:\s*\[[^\]]{0,300}\]){0,2}\s*\{([^{}]{0,1000})\}`;

/** Every way to cite, that of biblatex with several lists of keys among them. */
const CITE = new RegExp(
  String.raw`\\(?!citestyle|citenamefont|citeauthoryear|defcite|bibcite)([A-Za-z]{0,12}cite(?:s(?![A-Za-z])|[A-Za-z]{0,12}))\*?((?:${KEYS.replace('([', '(?:[')}){1,50})`,
  'g',
);

/** How many characters an argument may hold, and how many uses of a command are looked at: a file with braces that
 *  never close must not be read again and again. */
const MAX_ARGUMENT = 50_000;
const MAX_USES = 1000;

/** The argument that opens at `from` (after spaces). Braces escaped by a backslash do not count. */
export function argumentAt(source: string, from: number, open = '{', close = '}'): Argument | null {
  let index = from;
  while (/\s/.test(source[index] ?? '')) index++;
  if (source[index] !== open) return null;
  const begin = index + 1;
  let depth = 0;
  const last = Math.min(source.length, begin + MAX_ARGUMENT);
  for (; index < last; index++) {
    const char = source[index];
    if (char === '\\') index++;
    else if (char === open) depth++;
    else if (char === close && --depth === 0) return { text: source.slice(begin, index), end: index + 1 };
  }
  return null;
}

/** The argument of each occurrence of a command, past its star and optional argument. */
export function argumentsOf(source: string, command: string): string[] {
  const found: string[] = [];
  let uses = 0;
  for (const match of source.matchAll(new RegExp(`\\\\${command}\\*?(?![A-Za-z])`, 'g'))) {
    if (++uses > MAX_USES) break;
    const after = match.index + match[0].length;
    const optional = argumentAt(source, after, '[', ']');
    const argument = argumentAt(source, optional?.end ?? after);
    if (argument) found.push(argument.text);
  }
  return found;
}

/** What stands in an environment's first use, up to the text's end where it is not closed; null where it is not used. */
export function environmentIn(source: string, name: string): string | null {
  const open = source.indexOf(`\\begin{${name}}`);
  if (open < 0) return null;
  const begin = open + name.length + 8;
  const end = source.indexOf(`\\end{${name}}`, begin);
  return source.slice(begin, end < 0 ? undefined : end);
}

/** The keys that a source cites, in its order; those of \nocite too. */
export function citedKeys(source: string): string[] {
  return [...source.matchAll(CITE)].flatMap(([, name = '', lists = '']) => keysIn(name, lists).keys);
}

/** Only commands such as \cites take more than one list of keys: what stands in further braces is text. */
function keysIn(name: string, lists: string): { keys: string[]; rest: string } {
  const each = [...lists.matchAll(new RegExp(KEYS, 'g'))];
  const own = name.endsWith('cites') ? each : each.slice(0, 1);
  const end = own.reduce((sum, [whole]) => sum + whole.length, 0);
  const keys = own.flatMap(([, list = '']) => list.split(',')).map((key) => key.replace(/\s+/g, ' ').trim());
  return { keys: keys.filter((key) => key !== ''), rest: lists.slice(end) };
}

/** What stands in a source in the place of a text that is not to be read as LaTeX, by the text's number. */
export function shield(index: number): string {
  return `\uE002${index}\uE003`;
}

/** A source without the signs by which `plainLatex` keeps texts apart. */
export function withoutShields(source: string): string {
  return source.replace(/[\uE000-\uE003]/g, '');
}

/** LaTeX as plain text: formulas stay as they are written, markup goes, paragraphs are parted by an empty line.
 *  @param shielded texts that stand as they are where `shield` says */
export function plainLatex(source: string, shielded: readonly string[] = []): string {
  const kept: string[] = [];
  const keep = (text: string) => {
    kept.push(text);
    return `\uE000${kept.length - 1}\uE001`;
  };
  const shieldedFormulas = source.replace(FORMULA, (formula) =>
    formula.length === 2 ? formula : keep(formula.replace(/\s+/g, ' ')),
  );
  const cited = shieldedFormulas.replace(CITE, (_, name: string, lists: string) => {
    const { keys, rest } = keysIn(name, lists);
    return name === 'nocite' ? rest : `${keep(`[${keys.join(', ')}]`)}${rest}`;
  });
  const text = accented(cited)
    .replace(SILENT, ' ')
    .replace(DRESSED, '')
    .replace(/\\(?:eq|c|C|auto|page)?ref\*?\{([^{}]{0,1000})\}/g, '$1')
    .replace(/\\href\{([^{}]{0,1000})\}\{([^{}]{0,1000})\}/g, '$2 ($1)')
    .replace(/\\begin\{(?:tabular|tabularx|array)\*?\}(?:\{[^{}]{0,1000}\})*(?:\[[^\]]{0,300}\])?/g, '\n')
    .replace(/\\(?:begin|end)\{[^{}]{0,1000}\}(?:\[[^\]]{0,300}\])?/g, '\n')
    .replace(/\\item(?:\s*\[([^\]]{0,300})\])?/g, (_, label: string | undefined) => `\n\n• ${label ?? ''}`)
    .replace(/\\\\(?:\[[^\]]{0,300}\])?/g, '\n')
    .replace(/([^\\])&/g, '$1 | ')
    .replace(/\\(?:par|newline)\b/g, '\n\n')
    .replace(/\\([%&_#$ {}])/g, '$1')
    .replace(/\\[A-Za-z]+\*?/g, '')
    .replace(/\\[,;:!/@]/g, ' ')
    .replace(/[{}]/g, '');
  return tidied(text)
    .replace(/\uE000(\d+)\uE001/g, (_, index: string) => kept[Number(index)] ?? '')
    .replace(/\uE002(\d+)\uE003/g, (_, index: string) => shielded[Number(index)] ?? '');
}

function accented(source: string): string {
  return source
    .replace(
      /\\(['`^"~=.])\s*(?:\{\s*\\?([A-Za-z])\s*\}|\\?([A-Za-z])(?![A-Za-z]*\{))/g,
      (_, mark: string, a?: string, b?: string) => ((a ?? b ?? '') + (ACCENTS[mark] ?? '')).normalize('NFC'),
    )
    .replace(/\\([cvuHrk])\{([A-Za-z])\}/g, (_, mark: string, letter: string) =>
      (letter + (ACCENTS[mark] ?? '')).normalize('NFC'),
    )
    .replace(/\\([A-Za-z]+)(?:\{\}|\s+|(?![A-Za-z]))/g, (all, name: string) => LETTERS[name] ?? all);
}

function tidied(text: string): string {
  return text
    .replace(/~/g, ' ')
    .replace(/``|''/g, '"')
    .replace(/---/g, '—')
    .replace(/--/g, '–')
    .split(/\n\s*\n/)
    .map((paragraph) => {
      const rows = paragraph.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
      return rows.filter((row) => row !== '').join(rows.some((row) => row.includes(' | ')) ? '\n' : ' ');
    })
    .filter((paragraph) => paragraph.trim() !== '')
    .join('\n\n');
}
