import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Paper } from '../../../src/domain/paper.ts';
import { PaperError } from '../../../src/papers/paperError.ts';
import { readPaper } from '../../../src/papers/read.ts';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const fixture = (name: string) => readFileSync(path.join(FIXTURES, name), 'utf8');

let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'mlr-archives-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

type Files = Record<string, string>;

async function tarOf(files: Files): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, text]) => ({
    header: { name, size: Buffer.byteLength(text), mtime: new Date(0) },
    body: text,
  }));
  return Buffer.from(await packTar(entries));
}

async function read(bytes: Uint8Array, name = 'paper.tar.gz'): Promise<Paper> {
  const file = path.join(scratch, name);
  await writeFile(file, bytes);
  return await readPaper(file);
}

async function refusal(bytes: Uint8Array): Promise<PaperError> {
  const before = await readdir(scratch);
  const error: unknown = await read(bytes).catch((caught: unknown) => caught);
  if (!PaperError.is(error)) throw new Error(`expected a PaperError, got ${String(error)}`);
  expect(error.message).toMatch(/^[^\n]+paper\.tar\.gz: [^\n]+; [^\n]+\.$/);
  expect((await readdir(scratch)).filter((name) => name !== 'paper.tar.gz')).toEqual(
    before.filter((name) => name !== 'paper.tar.gz'),
  );
  return error;
}

const document = (title: string, body: string) =>
  `\\documentclass{article}\n\\title{${title}}\n\\begin{document}\n\\begin{abstract}Socks.\\end{abstract}\n${body}\n\\end{document}\n`;

test('an archive of arXiv’s is read as the files in a folder are', async () => {
  const files = {
    'socks.tex': fixture('socks.tex'),
    'socksBody.tex': fixture('socksBody.tex'),
    'fig.pdf': '%PDF-1.5\0',
  };
  const whole = await readPaper(path.join(FIXTURES, 'socks.tex'));
  for (const [name, bytes] of [
    ['a.tar.gz', gzipSync(await tarOf(files))],
    ['a.tar', await tarOf(files)],
    // Downloaded by a browser it has no ending.
    ['2408.14033v2', gzipSync(await tarOf(files))],
  ] as const) {
    expect(await read(bytes, name)).toEqual(whole);
  }
});

test('a single file is read packed, as arXiv keeps it', async () => {
  const paper = await read(gzipSync(document('One File', '\\section{One}Text of it.')), '2408.14033.gz');
  expect(paper.title).toBe('One File');
});

test('the main file is found among others, with the bibliography that stands beside it', async () => {
  const bbl =
    '\\begin{thebibliography}{1}\\bibitem{ash} A. Ash. \\newblock Socks in pairs and alone. \\newblock 2014.\\end{thebibliography}';
  const files = {
    'response.tex': document('To the Reviewers', 'We thank them.'),
    'figs/plot.tex': '\\documentclass[tikz]{standalone}\\begin{document}plot\\end{document}',
    'src/paper.tex': document('The Paper', '\\section{One}See \\cite{ash}. \\input{parts/two}\\bibliography{refs}'),
    'src/parts/two.tex': '\\section{Two}Second part.',
    'src/paper.bbl': bbl,
    'src/refs.bib': '@misc{ash, title={Another}}',
  };
  const paper = await read(await tarOf(files));
  expect(paper.title).toBe('The Paper');
  expect(paper.sections.map(({ heading }) => heading)).toEqual(['1 One', '2 Two']);
  expect(paper.references).toMatchObject([{ label: 'ash', title: 'Socks in pairs and alone', year: 2014 }]);
  expect(paper.citations).toMatchObject([{ section: 0, text: '[ash]', references: [0] }]);
  expect(paper.notices).toBeUndefined();
});

test('arXiv’s own note of the main file holds', async () => {
  const note = `00README.${'X'.repeat(3)}`;
  const files = {
    'a.tex': document('First', 'x'),
    'b.tex': document('Second', 'x'),
    [note]: 'b.tex toplevelfile\n',
  };
  expect((await read(await tarOf(files))).title).toBe('Second');
  const { [note]: _, ...rest } = files;
  const json = '{"sources":[{"filename":"b.tex","usage":"toplevel"}]}';
  expect((await read(await tarOf({ ...rest, '00README.json': json }))).title).toBe('Second');
});

test('files are put in by each of LaTeX’s ways, and what cannot be is named by its place', async () => {
  const files = {
    'main.tex': document(
      'Parts',
      '\\section{One}\n% \\input{not-this}\n\\input a\n\\include{b}\n\\subfile{c/c}\n\\import{d/}{d}\n\\input{missing}\n\\input{loop}',
    ),
    'a.tex': 'Text of a.',
    'b.tex': 'Text of b.',
    'c/c.tex': '\\documentclass[../main]{subfiles}\n\\begin{document}\nText of c. \\input{inner}\n\\end{document}',
    'c/inner.tex': 'Inner of c.',
    'd/d.tex': 'Text of d.',
    'loop.tex': 'Round \\input{round}',
    'round.tex': 'and \\input{loop}',
  };
  const paper = await read(await tarOf(files));
  expect(paper.sections[0]?.text.replace(/\s+/g, ' ')).toBe(
    'Text of a. Text of b. Text of c. Inner of c. Text of d. Round and',
  );
  const main = path.join(scratch, 'paper.tar.gz', 'main.tex');
  expect(paper.notices).toEqual([
    `${main}:11: “missing” is not among the files of the paper, and was left out.`,
    'round.tex:1: “loop.tex” includes itself by way of others, and was left out.',
  ]);
});

test('broken entries of a .bib file are named by their lines, and the others are used', async () => {
  const bib = `@string{chores = "Journal of Chores"}
@article{good, title = {Pairing {S}ocks}, author = "Ash, Ann", journal = chores # { B}, year = 2014}
@article{open, title = {Never closed, year = 1999
}
@misc{quoted, title = "Never
  ends, year = 2001}
@misc{, title = {No key}}
@misc{more, title = {Closes} }, year = 2002}
@article{good, title = {Again}}
@misc{mail, title = {Last}, note = {ask a@b.example}}`;
  const main = document('Bib', '\\section{One}See \\cite{good, mail}. \\nocite{*}\\bibliography{refs}');
  const paper = await read(await tarOf({ 'main.tex': main, 'refs.bib': bib }));
  expect(paper.references.map(({ label, title, venue, year }) => [label, title, venue, year])).toEqual([
    ['good', 'Pairing Socks', 'Journal of Chores B', 2014],
    ['mail', 'Last', undefined, undefined],
  ]);
  expect(paper.notices).toEqual([
    'refs.bib:3: the entry “open” never closes: a brace is missing, and was left out.',
    'refs.bib:5: the entry “quoted” has a field without a whole value (title), and was left out.',
    'refs.bib:7: the entry “” has no key, and was left out.',
    'refs.bib:8: the entry “more” closes before its last field: a brace is too much, and was left out.',
    'refs.bib:9: the entry “good” repeats the key of line 2, and was left out.',
  ]);
});

const LINK = { size: 0, type: 'symlink', linkname: '/etc/passwd' } as const;

test.each([
  ['a path that leads out', '../../escaped.tex'],
  ['a path that leads out in the middle', 'a/../../escaped.tex'],
  ['an absolute path', '/tmp/escaped.tex'],
  ['a drive', 'C:\\escaped.tex'],
  ['backslashes', '..\\escaped.tex'],
])('%s is refused, and nothing is written', async (_, name) => {
  const error = await refusal(gzipSync(await tarOf({ 'main.tex': document('T', 'x'), [name]: 'gotcha' })));
  expect(error.reason).toBe('unsupported');
  expect(error.message).toContain('names a file outside of itself');
});

test('links are not followed: what they name is missing', async () => {
  const main = document('Links', '\\section{One}Text. \\input{secret}');
  const archive = await packTar([
    { header: { name: 'main.tex', size: Buffer.byteLength(main) }, body: main },
    { header: { name: 'secret.tex', ...LINK } },
    { header: { name: 'hard.tex', ...LINK, type: 'link' } },
  ]);
  const paper = await read(archive);
  expect(paper.sections[0]?.text).toBe('Text.');
  expect(paper.notices?.[0]).toContain('“secret” is not among the files of the paper');
});

/** A header as POSIX.1 lays it out, whose file need not be made in memory. */
function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(size.toString(8).padStart(11, '0'), 124);
  header.write('        0ustar\u000000', 148);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148);
  return header;
}

test('a bomb of a gigabyte, alone or in a tar, is not unpacked to its end', { timeout: 60_000 }, async () => {
  const mebibytes = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const zeros = Array.from({ length: 16 }, () => mebibytes);
  const head = gzipSync(headerOf('figure.eps', 1024 * 1024 * 1024));
  for (const bomb of [zeros, [head, ...zeros]]) {
    const before = process.memoryUsage.rss();
    expect((await refusal(Buffer.concat(bomb))).reason).toBe('too-large');
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
  }
});

test('an archive of 100,000 files is not read to its end', { timeout: 60_000 }, async () => {
  const one = (await tarOf({ 'x.tex': '' })).subarray(0, 512);
  const many = Buffer.concat([...Array.from({ length: 100_000 }, () => one), Buffer.alloc(1024)]);
  const error = await refusal(gzipSync(many));
  expect(error.reason).toBe('too-large');
  expect(error.message).toContain('more than 10000 files');
});

test.each<[string, () => Promise<Uint8Array> | Uint8Array, string]>([
  [
    'half an archive',
    async () => gzipSync(await tarOf({ 'main.tex': document('T', 'x'.repeat(9000)) })).subarray(0, 150),
    'truncated',
  ],
  [
    'an archive that is cut within a file',
    async () => (await tarOf({ 'main.tex': document('T', 'x'.repeat(9000)) })).subarray(0, 4096),
    'truncated',
  ],
  ['an archive without LaTeX', () => tarOf({ 'readme.txt': 'Nothing.' }), 'unsupported'],
  ['an archive of parts alone', () => tarOf({ 'part.tex': '\\section{One}' }), 'unsupported'],
  ['PostScript', () => gzipSync('%!PS-Adobe-2.0\n'), 'unsupported'],
  ['an empty archive', () => gzipSync(''), 'unsupported'],
])('%s is told of in one sentence', async (_, bytes, reason) => {
  expect((await refusal(await bytes())).reason).toBe(reason);
});
