import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Paper } from '../../../src/domain/paper.ts';
import { PaperError, type PaperErrorReason } from '../../../src/papers/paperError.ts';
import { MAX_PAPER_BYTES, readPaper } from '../../../src/papers/read.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const TITLE = 'Weigh First: Pairing Socks by Their Weight before Looking at Their Colour';
const HEADINGS = [
  '1 Introduction',
  '2 Related Work',
  '2.1 Colour-first Methods',
  '2.2 Methods that Need a Machine',
  '3 Method',
  '4 Experiments and Results',
  '4.1 Main Results',
  '4.2 What Lint Does',
  '5 Limitations and Conclusion',
  'Acknowledgements',
  'A Socks by Drawer',
];
const ABSTRACT =
  'Laundry produces unpaired socks faster than people can pair them. We study a simple baseline that sorts socks by ' +
  'weight before it looks at colour, and we show that this order makes the first comparison far more informative. On ' +
  'a drawer of 240 socks, weighing first reduces the mean number of comparisons from 61.4 to 23.8, an efficient use ' +
  'of a $12 kitchen scale. The effect survives lint, holes and a deliberately difficult drawer of 40 identical black ' +
  'socks, where every method fails alike.';

let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'mlr-papers-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

describe.each([
  ['a PDF in one column with a running header and bookmarks', 'socks.pdf', 4],
  ['a PDF in two columns with line numbers and an affiliation', 'socksTwoColumns.pdf', 2],
  ['LaTeX source in two files', 'socks.tex', 0],
])('%s', (_kind, name, pages) => {
  it('gives title, authors, abstract and headings as a person reads them', async () => {
    const paper = await readPaper(join(FIXTURES, name));
    expect(Paper.parse(paper)).toEqual(paper);
    expect(paper.title).toBe(TITLE);
    expect(paper.authors).toEqual(['The MLR Copilot contributors']);
    expect(paper.abstract).toBe(ABSTRACT);
    expect(paper.sections.map((section) => section.heading)).toEqual(HEADINGS);
    expect(paper.pages).toBe(pages);
  });

  it('gives each reference whole, with its title, DOI or arXiv id', async () => {
    const { references, links } = await readPaper(join(FIXTURES, name));
    expect(references.map(({ title, doi, arxivId }) => ({ title, doi, arxivId }))).toEqual([
      { title: 'How long people look for a sock', doi: '10.1234/jhs.2014.0045', arxivId: undefined },
      { title: 'Joining two sorted lists in the kitchen', doi: undefined, arxivId: '1701.01234' },
      { title: 'A random walk through the laundry room', doi: undefined, arxivId: undefined },
    ]);
    expect(references[2]?.text).toBe(
      'F. Walker. A random walk through the laundry room. In Proceedings of the Second Workshop on Chores, pages ' +
        '1–9, 2019. URL https://example.org/chores/2019/random-walk-laundry-room-proceedings.pdf.',
    );
    expect(links).toEqual(['https://example.org/chores/2019/random-walk-laundry-room-proceedings.pdf']);
  });

  it('joins words broken at a line end and leaves no page or line number in the text', async () => {
    const { sections } = await readPaper(join(FIXTURES, name));
    const textOf = (heading: string) => sections.find((section) => section.heading === heading)?.text ?? '';
    expect(textOf('4.2 What Lint Does')).toBe(
      'Lint adds weight. After three washes without a filter the spread of repeated weighings rose from 0.2 to 0.5 ' +
        'grams, and the advantage shrank but did not vanish.',
    );
    expect(textOf('5 Limitations and Conclusion')).toMatch(/^One person paired all socks, .* with few comparisons\.$/);
    expect(textOf('1 Introduction')).toContain('• a benchmark of three drawers, with 240, 96 and 40 socks');
    expect(textOf('4.1 Main Results')).toMatch(/Family \| 61\.4 \| 23\.8/);
    expect(sections.map((section) => section.text).join(' ')).not.toMatch(/preprint on socks|no sock was harmed \d/i);
  });
});

it('reads Markdown with front matter, code and lists', async () => {
  expect(await readPaper(join(FIXTURES, 'socks.md'))).toEqual({
    title: 'Weigh First: Pairing Socks in Markdown',
    authors: ['The MLR Copilot contributors'],
    abstract: 'We weigh socks before we look at them, and find pairs with fewer comparisons.',
    sections: [
      {
        heading: '1 Introduction',
        text: 'Pairing socks is a problem that everybody solves and nobody measures.\n\n• a procedure that needs one scale\n• a benchmark of three drawers\n\n# not a heading\npairs = sorted(socks)',
      },
      { heading: '1.1 Related Work', text: 'Sorting before matching is an old idea.' },
    ],
    references: [
      {
        text: 'A. Heaper and B. Drawer. How long people look for a sock. Journal of Household Studies, 2014. doi:10.1234/jhs.2014.0045.',
        authors: ['A. Heaper', 'B. Drawer'],
        title: 'How long people look for a sock',
        venue: 'Journal of Household Studies',
        year: 2014,
        doi: '10.1234/jhs.2014.0045',
      },
      {
        text: 'C. Joiner and D. Merger. Joining two sorted lists in the kitchen. arXiv:1701.01234, 2017.',
        authors: ['C. Joiner', 'D. Merger'],
        title: 'Joining two sorted lists in the kitchen',
        year: 2017,
        arxivId: '1701.01234',
      },
    ],
    links: ['https://example.org/socks'],
    pages: 0,
  });
});

it('sees the parts of a paper that sets its headings in its own way', async () => {
  const main = join(scratch, 'restyled.tex');
  await writeFile(
    main,
    '\\renewcommand{\\section}{\\@startsection{section}{1}{0pt}{9pt}{4pt}{\\centering}}\\title{T}\\begin{document}\\section{One}First.\\end{document}',
  );
  expect((await readPaper(main)).sections).toEqual([{ heading: '1 One', text: 'First.' }]);
});

it('takes the cited entries of a .bib file, and never opens a file outside the paper’s folder', async () => {
  await writeFile(
    join(scratch, 'refs.bib'),
    '@article{a, title={Socks and {W}eight}, author={Heaper, Ann and Drawer, Bo}, year=2014, journal="Chores"}\n@misc{b, title={Uncited}}',
  );
  const main = join(scratch, 'main.tex');
  await writeFile(
    main,
    `\\title{T}\\author{Ann Ash \\and Cy Day}\\begin{document}\\section{One}See \\cite{a}. \\input{${join(FIXTURES, 'socksBody')}}\\input{../../../../etc/hostname}\\bibliography{refs}\\end{document}`,
  );
  const paper = await readPaper(main);
  expect(paper.authors).toEqual(['Ann Ash', 'Cy Day']);
  expect(paper.sections).toEqual([{ heading: '1 One', text: 'See [a].' }]);
  expect(paper.citations).toEqual([{ section: 0, offset: 4, text: '[a]', references: [0] }]);
  expect(paper.notices).toEqual([
    `${main}:1: “${join(FIXTURES, 'socksBody')}” is not among the files of the paper, and was left out.`,
    `${main}:1: “../../../../etc/hostname” is not among the files of the paper, and was left out.`,
  ]);
  expect(paper.references).toEqual([
    {
      label: 'a',
      text: 'Ann Heaper, Bo Drawer. Socks and Weight. Chores, 2014.',
      authors: ['Ann Heaper', 'Bo Drawer'],
      title: 'Socks and Weight',
      venue: 'Chores',
      year: 2014,
    },
  ]);
});

describe('a paper that cannot be read is named in one sentence with what to do', () => {
  const refused = async (path: string): Promise<PaperError> => {
    const error: unknown = await readPaper(path).then(
      () => null,
      (caught: unknown) => caught,
    );
    if (!PaperError.is(error)) throw new Error(`expected a PaperError for ${path}, got ${String(error)}`);
    expect(error.message.startsWith(`${path}: `)).toBe(true);
    expect(error.message).toMatch(/; [a-z].*\.$/);
    expect(error.message).not.toContain('\n');
    return error;
  };

  it.each<[PaperErrorReason, string]>([
    ['missing', 'nowhere.pdf'],
    ['truncated', 'truncated.pdf'],
    ['encrypted', 'encrypted.pdf'],
    ['scanned', 'scanned.pdf'],
    ['unsupported', 'build.sh'],
    ['unsupported', 'socksBody.tex'],
    ['unsupported', ''],
  ])('%s: %s', async (reason, name) => {
    expect((await refused(join(FIXTURES, name))).reason).toBe(reason);
  });

  it('too large: a file beyond the limit is not even loaded', async () => {
    const path = join(scratch, 'huge.pdf');
    await writeFile(path, '%PDF-1.5\n');
    await truncate(path, MAX_PAPER_BYTES + 1);
    expect((await refused(path)).reason).toBe('too-large');
  });

  it('unsupported: a PDF by name only', async () => {
    const path = join(scratch, 'page.pdf');
    await writeFile(path, '<html>Sign in to download</html>');
    expect((await refused(path)).reason).toBe('unsupported');
  });
});

describe('garbage never crashes or hangs the reader', () => {
  const outcome = async (name: string, content: Uint8Array | string): Promise<string> => {
    const path = join(scratch, name);
    await writeFile(path, content);
    return readPaper(path).then(
      (paper) => (Paper.safeParse(paper).success ? 'paper' : 'malformed'),
      (error: unknown) => (PaperError.is(error) ? error.reason : `crash: ${String(error)}`),
    );
  };

  it('random bytes, with and without the marks of a PDF', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.boolean(), async (bytes, marked) => {
        const content = marked ? Buffer.concat([Buffer.from('%PDF-1.7\n'), bytes, Buffer.from('\n%%EOF\n')]) : bytes;
        expect(await outcome('random.pdf', content)).toMatch(/^(truncated|unsupported|scanned)$/);
      }),
      { numRuns: 40 },
    );
  });

  it('every beginning of a valid PDF is truncated', { timeout: 60_000 }, async () => {
    const whole = await readFile(join(FIXTURES, 'socks.pdf'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10, max: whole.length - 8 }), async (length) => {
        expect(await outcome('prefix.pdf', whole.subarray(0, length))).toBe('truncated');
      }),
      { numRuns: 40 },
    );
  });

  it('a valid PDF with bytes overwritten gives a paper or a reason', { timeout: 60_000 }, async () => {
    const whole = await readFile(join(FIXTURES, 'socks.pdf'));
    const patch = fc.record({ at: fc.integer({ min: 0, max: whole.length - 1 }), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(patch, { minLength: 1, maxLength: 30 }), async (patches) => {
        const damaged = Buffer.from(whole);
        for (const { at, byte } of patches) damaged[at] = byte;
        expect(await outcome('damaged.pdf', damaged)).toMatch(/^(paper|truncated|scanned|encrypted|unsupported)$/);
      }),
      { numRuns: 15 },
    );
  });

  it('shuffled LaTeX and Markdown', { timeout: 60_000 }, async () => {
    const words = [
      '\\title{',
      '\\section{',
      '\\cite[',
      '\\bibitem{',
      '\\begin{document}',
      '}',
      '{',
      '$',
      '%',
      '\\',
      '\n',
      '# ',
      '---\n',
      '[',
      '](',
      '`',
      '|',
      '&',
      'word ',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...words), { maxLength: 200 }),
        fc.constantFrom('x.tex', 'x.md'),
        async (parts, name) => {
          expect(await outcome(name, parts.join(''))).toMatch(/^(paper|unsupported)$/);
        },
      ),
      { numRuns: 200 },
    );
  });
});
