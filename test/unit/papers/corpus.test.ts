import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Paper } from '../../../src/domain/paper.ts';
import { findQuotation } from '../../../src/papers/quotation.ts';
import { readPaper } from '../../../src/papers/read.ts';

const CORPUS = join(import.meta.dirname, '../../corpora/papers');

const Gold = z.object({
  pages: z.number(),
  title: z.string(),
  authors: z.array(z.string()),
  abstract: z.string(),
  headings: z.array(z.string()),
  tables: z.array(z.object({ caption: z.string(), rows: z.array(z.array(z.string())) })),
  figures: z.array(z.string()),
  equations: z.number(),
  references: z.array(
    z.object({
      text: z.string(),
      title: z.string(),
      authors: z.array(z.string()),
      year: z.number(),
      venue: z.string().nullable(),
      work: z.number(),
      doi: z.string().optional(),
      arxivId: z.string().optional(),
    }),
  ),
  citations: z.array(z.number()),
  code: z.array(z.string()),
  hidden: z.array(z.object({ text: z.string(), how: z.string(), page: z.number() })).optional(),
});

const golds = readdirSync(join(CORPUS, 'gold')).map((file) => {
  const gold: unknown = JSON.parse(readFileSync(join(CORPUS, 'gold', file), 'utf8'));
  return { name: file.replace('.json', ''), gold: Gold.safeParse(gold).data };
});

/** Letters and digits alone: a word broken at a line's end may keep its hyphen or not. */
function letters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

describe.each(golds.flatMap(({ name, gold }) => (gold ? [{ name, gold }] : [])))('$name', ({ name, gold }) => {
  const reading = readPaper(join(CORPUS, `${name}.pdf`));

  it('says what its page says: title, authors, abstract, headings, captions', async () => {
    const paper = await reading;
    expect(Paper.parse(paper)).toEqual(paper);
    expect({ title: paper.title, authors: paper.authors, pages: paper.pages }).toEqual({
      title: gold.title,
      authors: gold.authors,
      pages: gold.pages,
    });
    expect(letters(paper.abstract)).toBe(letters(gold.abstract));
    const lower = (headings: string[]) => headings.map((heading) => heading.toLowerCase());
    expect(lower(paper.sections.map(({ heading }) => heading))).toEqual(lower(gold.headings));
    const captions = [...(paper.tables ?? []), ...(paper.figures ?? [])].map(({ caption }) => letters(caption));
    expect(captions).toEqual([...gold.tables.map(({ caption }) => caption), ...gold.figures].map(letters));
    expect(paper.code).toEqual(gold.code);
  });

  it('gives every reference whole with its fields, and the places that cite it', async () => {
    const { references, citations = [] } = await reading;
    expect(references.map(({ text }) => letters(text))).toEqual(gold.references.map(({ text }) => letters(text)));
    for (const [index, wanted] of gold.references.entries()) {
      const { authors, year, venue, doi, arxivId, title = '' } = references[index] ?? { text: '' };
      expect({ authors, year, venue, doi, arxivId }).toEqual({
        authors: wanted.authors,
        year: wanted.year,
        venue: wanted.venue ?? undefined,
        doi: wanted.doi,
        arxivId: wanted.arxivId,
      });
      expect(letters(title)).toBe(letters(wanted.title));
    }
    const cited = new Set(citations.flatMap((place) => place.references.map((index) => gold.references[index]?.work)));
    expect([...cited].sort((a = 0, b = 0) => a - b)).toEqual(gold.citations);
  });

  it('gives the cells of its tables and its displayed equations', async () => {
    const { tables = [], equations = [] } = await reading;
    const rows = new Set(tables.map((table) => JSON.stringify(table.rows).replace(/[−–‐]/g, '-')));
    const right = gold.tables.filter((table) => rows.has(JSON.stringify(table.rows))).length;
    expect({ rows: right, equations: equations.length }).toEqual({
      rows: gold.tables.length,
      equations: gold.equations,
    });
  });

  it('keeps what nobody sees out of the text, and tells it', async () => {
    const paper = await reading;
    const byText = (a: { text: string }, b: { text: string }) => a.text.localeCompare(b.text);
    expect([...(paper.hidden ?? [])].sort(byText)).toEqual([...(gold.hidden ?? [])].sort(byText));
    const { hidden, ...shown } = paper;
    for (const { text } of gold.hidden ?? []) expect(JSON.stringify(shown)).not.toContain(text.slice(0, 20));
  });

  it('finds a quotation on its page, and no other', async () => {
    const paper = await reading;
    const quotation = gold.abstract.slice(0, 120);
    const place = findQuotation(paper, quotation);
    expect(place?.page).toBe(1);
    expect(paper.pageTexts?.[0]?.slice(place?.offset).replace(/\s+/g, ' ')).toMatch(quotation.slice(0, 12));
    expect(findQuotation(paper, quotation.replace(/[aeiou]/, 'y'))).toBeNull();
  });
});

it('reads lines of Hebrew from right to left', async () => {
  const { lines } = z
    .object({ lines: z.array(z.string()) })
    .parse(JSON.parse(readFileSync(join(CORPUS, 'gold/rightToLeft.json'), 'utf8')));
  const { pageTexts = [] } = await readPaper(join(CORPUS, 'rightToLeft.pdf'));
  for (const line of lines) expect(pageTexts.join('\n')).toContain(line);
});

it('says of a scanned paper that it holds no text', async () => {
  await expect(readPaper(join(CORPUS, 'scanned.pdf'))).rejects.toMatchObject({ reason: 'scanned' });
});
