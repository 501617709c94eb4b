import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import * as z from 'zod';
import { Paper } from '../../../src/domain/paper.ts';
import { readPaper } from '../../../src/papers/read.ts';

const FIXTURE = path.join(import.meta.dirname, 'fixtures', 'dough');

/** Counted by hand, before there was a reader that finds it. */
const Gold = Paper.pick({ title: true, abstract: true, tables: true, figures: true, equations: true }).extend({
  headings: z.array(z.string()),
  sentences: z.record(z.string(), z.string()),
  references: z.array(z.record(z.string(), z.unknown())),
  citations: z.array(z.object({ heading: z.string(), cites: z.array(z.string()) })),
});

describe('a paper in LaTeX, counted by hand', () => {
  const gold = Gold.parse(JSON.parse(readFileSync(path.join(FIXTURE, 'dough.json'), 'utf8')));
  const reading = readPaper(path.join(FIXTURE, 'dough.tex'));

  it('gives title, abstract and headings with the numbers of LaTeX', async () => {
    const paper = await reading;
    expect(Paper.parse(paper)).toEqual(paper);
    expect(paper.notices).toBeUndefined();
    const { title, abstract } = paper;
    expect({ title, abstract, headings: paper.sections.map(({ heading }) => heading) }).toEqual({
      title: gold.title,
      abstract: gold.abstract,
      headings: gold.headings,
    });
  });

  it('gives tables as rows, and captions with their labels', async () => {
    const { tables, figures } = await reading;
    expect(tables).toEqual(gold.tables);
    expect(figures).toEqual(gold.figures);
  });

  it('gives equations as text with the numbers that they have, where they stand', async () => {
    const { equations, sections } = await reading;
    expect(equations).toEqual(gold.equations);
    const method = sections.find(({ heading }) => heading === '2 Method')?.text ?? '';
    const [first] = gold.equations ?? [];
    expect(method).toContain(`minutes is\n\n$$${first?.text}$$ (1)\n\nwith $\\tau$ in minutes`);
  });

  it('puts numbers in the place of what is referred to', async () => {
    const { sections } = await reading;
    for (const [heading, sentence] of Object.entries(gold.sentences)) {
      expect(sections.find((section) => section.heading === heading)?.text).toContain(sentence);
    }
  });

  it('reads what biber wrote, and links each work to where it is cited', async () => {
    const { references, citations = [], sections } = await reading;
    expect(references.map(({ text: _, ...rest }) => rest)).toEqual(gold.references);
    expect(
      citations.map(({ section, references: cited }) => ({
        heading: sections[section]?.heading,
        cites: cited.map((index) => references[index]?.label),
      })),
    ).toEqual(gold.citations);
    for (const { section, offset, text } of citations) {
      expect(sections[section]?.text.slice(offset, offset + text.length)).toBe(text);
    }
  });
});

let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'mlr-latex-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

async function read(body: string, preamble = ''): Promise<Paper> {
  const file = path.join(scratch, 'paper.tex');
  await writeFile(file, `\\documentclass{article}${preamble}\\begin{document}\n${body}\n\\end{document}`);
  return await readPaper(file);
}

test('a letter without headings has its text', async () => {
  const paper = await read(
    '\\title{T}\\author{Ann Ash}\\maketitle\n\\begin{abstract}Short.\\end{abstract}\nAll there is.',
  );
  expect(paper.sections).toEqual([{ heading: 'Text', text: 'All there is.' }]);
});

test.each([
  [
    'items',
    '\\begin{enumerate}\n\\item A. Ash. Socks in pairs. Chores, 2014.\n\\item B. Birch. Lint. Chores, 2015.\n\\end{enumerate}',
  ],
  ['paragraphs', '[1] A. Ash. Socks in pairs. Chores, 2014.\n\n[2] B. Birch. Lint. Chores, 2015.'],
  ['lines', '\\noindent 1. A. Ash. Socks in pairs. Chores, 2014.\\\\\n2. B. Birch. Lint. Chores, 2015.'],
  [
    'bibitems',
    '\\begin{bibliography}\\bibitem{1} A. Ash. Socks in pairs. Chores, 2014.\\bibitem{2} B. Birch. Lint. Chores, 2015.\\end{bibliography}',
  ],
])('references that are listed as %s are split and linked', async (_, list) => {
  const paper = await read(`\\section{One}As [2] says.\n\\section*{References}\n${list}`);
  expect(paper.references).toMatchObject([
    { label: '1', authors: ['A. Ash'], title: 'Socks in pairs', venue: 'Chores', year: 2014 },
    { label: '2', authors: ['B. Birch'], venue: 'Chores', year: 2015 },
  ]);
  expect(paper.references).toHaveLength(2);
  expect(paper.sections.map(({ heading }) => heading)).toEqual(['1 One']);
  expect(paper.citations).toMatchObject([{ section: 0, text: '[2]', references: [1] }]);
});

test('an entry that a journal’s style wrote is read without the names of its fields', async () => {
  const { references } = await read(String.raw`\section{One}See \cite{ash}.
\begin{thebibliography}{1}%
\bibitem [{\citenamefont {Ash}(2014)}]{ash}%
  \BibitemOpen
  \bibfield  {author} {\bibinfo {author} {\bibfnamefont {A.}~\bibnamefont {Ash}},\ }\bibfield {title} {\emph {\bibinfo {title} {Socks in pairs}},\ }\href {https://doi.org/10.1234/jhs.5} {\bibfield  {journal} {\bibinfo  {journal} {Chores}\ }\textbf {\bibinfo {volume} {12}},\ \bibinfo {pages} {45} (\bibinfo {year} {2014})}\BibitemShut {NoStop}%
\end{thebibliography}`);
  expect(references).toMatchObject([{ label: 'ash', doi: '10.1234/jhs.5', year: 2014 }]);
  expect(references[0]?.text).toBe('A. Ash, Socks in pairs, doi:10.1234/jhs.5 Chores 12, 45 (2014)');
});

test('equations within sections, groups and lines that a paper defines for itself are numbered as LaTeX does', async () => {
  const { equations } = await read(
    String.raw`\section{A}\[x\]\section{B}
\eq{a}
\begin{subequations}\begin{align}b &= 1\\ c &= 2\end{align}\end{subequations}
\begin{boxed}d\end{boxed}
$$e$$
\begin{gather}\begin{split}f &= 1 \\ g &= 2\end{split}\end{gather}`,
    String.raw`\numberwithin{equation}{section}\newcommand{\eq}[1]{\begin{equation}#1\end{equation}}\newenvironment{boxed}{\begin{equation}}{\end{equation}}`,
  );
  expect(equations).toEqual([
    { text: 'x' },
    { label: '2.1', text: 'a' },
    { label: '2.2a', text: 'b = 1' },
    { label: '2.2b', text: 'c = 2' },
    { label: '2.3', text: 'd' },
    { text: 'e' },
    { label: '2.4', text: '\\begin{split}f &= 1 \\\\ g &= 2\\end{split}' },
  ]);
});

test('tables beside each other keep their captions, above or below', async () => {
  const grid = (word: string) => `\\begin{tabular}{cc}${word} & 1 \\\\ x & 2\\end{tabular}`;
  const { tables, figures } = await read(
    `\\section{A}\\begin{table}${grid('a')}\\caption{First.}${grid('b')}\\caption{Second.}\\end{table}
\\begin{table*}\\caption{Third.}${grid('c')}\\caption*{Fourth, without a number.}${grid('d')}\\end{table*}
\\begin{figure}\\subfloat[Left\\label{l}]{x}\\subfloat[Right]{y}\\caption{Both.}\\end{figure}
${grid('loose')}
\\begin{tabular}{c}only to lay out\\end{tabular} See \\ref{l}.`,
  );
  expect(tables?.map(({ label, caption, rows }) => [label, caption, rows[0]?.[0]])).toEqual([
    ['Table 1', 'First.', 'a'],
    ['Table 2', 'Second.', 'b'],
    ['Table 3', 'Third.', 'c'],
    ['', 'Fourth, without a number.', 'd'],
    ['', '', 'loose'],
  ]);
  expect(figures).toEqual([{ label: 'Figure 1', caption: 'Both. (a) Left (b) Right' }]);
});

test('what is typed as it is stays, and what is not set is no text', async () => {
  const { sections, equations } = await read(
    String.raw`\section{A}Use \verb|a & $b| here, for \$5 and \$6.
\begin{lstlisting}[language=Python]
x = {"a": 1} # \section{no}
\end{lstlisting}
\iffalse Never said. \begin{equation}n\end{equation}\fi
\begin{tikzpicture}\draw (0,0) node {Not a word};\end{tikzpicture}
\textcolor{red}{Red} ends it.`,
  );
  expect(sections).toEqual([
    { heading: '1 A', text: 'Use a & $b here, for $5 and $6.\n\nx = {"a": 1} # \\section{no}\n\nRed ends it.' },
  ]);
  expect(equations).toEqual([]);
});

describe('a source that is broken', () => {
  test('ends what is never closed where the next part begins', async () => {
    const { sections, tables, equations, figures } = await read(
      String.raw`\section{A}\begin{table}\caption{Left open.}\begin{tabular}{cc}a & b \\ c & d
\section{B}\begin{equation} x = 1

Text goes on. \begin{figure}\caption{Also open.}
\section{C}The end.\begin{itemize}\item one`,
    );
    expect(sections.map(({ heading }) => heading)).toEqual(['1 A', '2 B', '3 C']);
    expect(tables).toEqual([
      {
        label: 'Table 1',
        caption: 'Left open.',
        rows: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      },
    ]);
    expect(equations).toEqual([{ label: '1', text: 'x = 1' }]);
    expect(sections[1]?.text).toContain('Text goes on.');
    expect(figures).toEqual([{ label: 'Figure 1', caption: 'Also open.' }]);
  });

  test('is not expanded without end', async () => {
    const preamble = String.raw`\newcommand{\self}{x\self}\newcommand{\ping}{a\pong\pong}\newcommand{\pong}{b\ping\ping}\def\grow#1{\grow{#1#1}}`;
    const { sections } = await read(String.raw`\section{A}Text \self \ping \grow{y} ends.`, preamble);
    expect(sections[0]?.text).toMatch(/^Text .*ends\.$/);
    expect(sections[0]?.text.length).toBeLessThan(2_000_000);
  });

  test.each([
    ['environments that never close', '\\begin{table}\\begin{tabular}{c}'],
    ['displays that never close', '\\[ $ $$ \\( '],
    ['cells', '\\begin{tabular}{c} a & b \\\\'],
    ['braces', '\\caption{\\section{\\multicolumn{2'],
    ['brackets', '\\cite[\\cite['],
    ['entries', '\\bibitem{\\entry{a}{b}\\name{author}{1}{}{{'],
    ['definitions', '\\newcommand{\\a}[1]{\\a'],
  ])('%s, over and over, are read in seconds', { timeout: 30_000 }, async (_, piece) => {
    await read(`\\section{A}${piece.repeat(Math.floor(400_000 / piece.length))}`);
  });

  test('is read whatever it says', { timeout: 60_000 }, async () => {
    const words =
      String.raw`\begin{table} \end{table} \begin{tabular}{cc} \end{tabular} \begin{align} \end{align} \begin{figure} \end{figure} \begin{verbatim} \end{verbatim} \begin{longtable}{l} \end{longtable} \caption{ \caption*{ \captionof{table}{ \subfloat[ \multicolumn{2}{c}{ \multirow{2}{*}{ \label{a} \ref{a} \cref{a,b} \cites{a}{b} \cite[ \section{ \section*{References} \appendix \item \bibitem{a} \newcommand{\x}[1]{ \def\y#1{ \x \y \verb| \iffalse \fi \[ \] $ $$ { } [ ] & \\ \& \$ % word`.split(
        ' ',
      );
    const text = fc.array(fc.oneof(fc.constantFrom(...words, '\n\n', ' '), fc.string({ maxLength: 5 })), {
      maxLength: 150,
    });
    await fc.assert(
      fc.asyncProperty(text, async (parts) => {
        const paper = await read(parts.join(''));
        expect(Paper.safeParse(paper).success).toBe(true);
        for (const { section, offset, text: cited } of paper.citations ?? []) {
          expect(paper.sections[section]?.text.slice(offset, offset + cited.length)).toBe(cited);
        }
      }),
      { numRuns: 300 },
    );
  });
});
