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
};

/** Commands that set nothing, with their arguments. */
const SILENT =
  /\\(?:label|vspace|hspace|vskip|hskip|includegraphics|bibliographystyle|bibliography|pagestyle|thispagestyle|setlength|setcounter|addtolength|centering|small|footnotesize|tiny|large|Large|noindent|newpage|clearpage|maketitle|tableofcontents|toprule|midrule|bottomrule|hline|cmidrule|cline|usepackage|thanks|footnotemark|resizebox|scalebox)\b\*?(?:\s*\[[^\]]{0,300}\])?(?:\s*\{[^{}]{0,1000}\})*/g;

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

/** LaTeX as plain text: formulas stay as they are written, markup goes, paragraphs are parted by an empty line. */
export function plainLatex(source: string): string {
  const formulas: string[] = [];
  const shielded = source.replace(
    /\$\$[^$]*\$\$|\$[^$]*\$|\\\[[\s\S]{0,2000}?\\\]|\\\([\s\S]{0,2000}?\\\)/g,
    (formula) => {
      formulas.push(formula.replace(/\s+/g, ' '));
      return `\uE000${formulas.length - 1}\uE001`;
    },
  );
  const text = accented(shielded)
    .replace(SILENT, ' ')
    .replace(
      /\\(?:no)?cite[a-zA-Z]*\*?(?:\[[^\]]{0,300}\])*\{([^{}]{0,1000})\}/g,
      (_, keys: string) => `[${keys.replace(/\s*,\s*/g, ', ')}]`,
    )
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
  return tidied(text).replace(/\uE000(\d+)\uE001/g, (_, index: string) => formulas[Number(index)] ?? '');
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
