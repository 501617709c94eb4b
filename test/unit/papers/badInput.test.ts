import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PaperError } from '../../../src/papers/paperError.ts';
import { readPaper } from '../../../src/papers/read.ts';
import { pdfOf, plainPdf } from './plainPdf.ts';

let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'mlr-papers-bad-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

async function refusal(name: string, content: Uint8Array): Promise<PaperError> {
  const path = join(scratch, name);
  await writeFile(path, content);
  const error: unknown = await readPaper(path).catch((caught: unknown) => caught);
  if (!PaperError.is(error)) throw new Error(`${name}: expected a PaperError`);
  expect(error.message).toMatch(/^[^\n]+: [^\n]+; [^\n]+\.$/);
  return error;
}

/** A page whose content is given as packed bytes, with the names of its filters. */
function pageOf(packed: Uint8Array, filter: string): Buffer {
  return pdfOf([
    Buffer.from('<</Type/Catalog/Pages 2 0 R>>'),
    Buffer.from('<</Type/Pages/Count 1/Kids[3 0 R]>>'),
    Buffer.from('<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>'),
    Buffer.concat([
      Buffer.from(`<</Length ${packed.length}/Filter${filter}>>\nstream\n`),
      packed,
      Buffer.from('\nendstream'),
    ]),
  ]);
}

it('an empty file is called empty', async () => {
  expect((await refusal('empty.pdf', Buffer.alloc(0))).message).toContain('the file is empty');
  expect((await refusal('empty.md', Buffer.alloc(0))).message).toContain('the file is empty');
});

it('a page that unpacks to gigabytes is refused without being unpacked', async () => {
  const packed = deflateSync(Buffer.alloc(110 * 1024 * 1024, 0x20), { level: 9 });
  const before = process.memoryUsage.rss();
  expect((await refusal('bomb.pdf', pageOf(packed, '/FlateDecode'))).reason).toBe('too-large');
  expect(process.memoryUsage.rss() - before).toBeLessThan(80 * 1024 * 1024);
});

it('a bomb within a bomb is refused', async () => {
  const packed = deflateSync(deflateSync(Buffer.alloc(50 * 1024 * 1024, 0x20)));
  expect((await refusal('nested.pdf', pageOf(packed, '[/FlateDecode /FlateDecode]'))).reason).toBe('too-large');
});

const stream = (dictionary: string, content: string): Buffer =>
  Buffer.from(`<<${dictionary}/Length ${content.length}>>\nstream\n${content}\nendstream`);

/** A page that shows one form, with the contents of the forms; each may show the next by /N, or itself by /I. */
function pageOfForms(contents: readonly string[]): Buffer {
  const font = '/Font<</F1 4 0 R>>';
  const forms = contents.map((content, index) => {
    const own = 6 + index;
    const others = `/I ${own} 0 R/N ${Math.min(own + 1, 5 + contents.length)} 0 R`;
    const resources = `/Resources<<${font}/XObject<<${others}>>>>`;
    return stream(`/Type/XObject/Subtype/Form/BBox[0 0 612 792]${resources}`, content);
  });
  return pdfOf([
    Buffer.from('<</Type/Catalog/Pages 2 0 R>>'),
    Buffer.from('<</Type/Pages/Count 1/Kids[3 0 R]>>'),
    Buffer.from(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<${font}/XObject<</N 6 0 R>>>>/Contents 5 0 R>>`,
    ),
    Buffer.from('<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>'),
    stream('', '/N Do'),
    ...forms,
  ]);
}

const SHOWN = `BT /F1 10 Tf 72 700 Td (${'Socks are paired by what they weigh and by nothing else. '.repeat(3)}) Tj ET`;

it('a form that shows itself is read once', async () => {
  const path = join(scratch, 'itself.pdf');
  await writeFile(path, pageOfForms([`${SHOWN} /I Do`]));
  const { pageTexts } = await readPaper(path);
  expect(pageTexts?.join()).toContain('Socks are paired');
});

it('forms that show each other twice over, forty deep, end', { timeout: 120_000 }, async () => {
  const error = await refusal('doubled.pdf', pageOfForms([...Array.from({ length: 40 }, () => '/N Do /N Do'), SHOWN]));
  expect(error.reason).toBe('too-large');
  expect(error.message).toContain('page 1 is made of more pieces');
});

it('more pages than a paper has are refused, and what a book has are read', async () => {
  expect(
    (
      await refusal(
        'library.pdf',
        plainPdf(1001, () => ['a line']),
      )
    ).reason,
  ).toBe('too-large');
  const path = join(scratch, 'book.pdf');
  await writeFile(
    path,
    plainPdf(60, () =>
      Array.from({ length: 50 }, () => 'paired seeds measure what a change is worth and nothing else does'),
    ),
  );
  const { pages, sections } = await readPaper(path);
  expect(pages).toBe(60);
  expect(sections.map(({ text }) => text.length).reduce((sum, length) => sum + length, 0)).toBeGreaterThan(150_000);
});
