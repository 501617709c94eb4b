import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FoundPaper } from '../../../../src/domain/literature.ts';
import { paperKey } from '../../../../src/papers/finding/paperIds.ts';
import { fuse } from '../../../../src/papers/finding/sameWork.ts';

const paper = (source: string, title: string, more: Partial<FoundPaper> = {}): FoundPaper => ({
  title,
  year: 2020,
  source,
  id: `${source}:${title}`,
  authors: [],
  ...more,
});

test('DOIs in any letters, arXiv ids in any version and arXiv’s own DOIs name one work', () => {
  const a = paper('A', 'Attention in socks', { doi: '10.1/ABC' });
  const b = paper('B', 'A different title', { doi: '10.1/abc', arxivId: '2001.00001v3' });
  const c = paper('C', 'Yet another title', { doi: '10.48550/arXiv.2001.00001' });
  const [one, ...others] = fuse([[a], [b], [c]]);
  expect(others).toEqual([]);
  expect(one).toMatchObject({ title: 'Attention in socks', doi: '10.1/ABC', alsoIn: ['B', 'C'] });
});

test('a preprint and what it was published as are one work by title, and the publisher’s DOI is kept', () => {
  const preprint = paper('arXiv', 'Socks: All You Need?', { doi: '10.48550/arxiv.2001.1', year: 2019 });
  const published = paper('OpenAlex', 'Socks – all you need', { doi: '10.1000/7', year: 2021 });
  expect(fuse([[preprint], [published]])).toEqual([{ ...preprint, doi: '10.1000/7', alsoIn: ['OpenAlex'] }]);
});

test('the same title years apart, with other arXiv ids, or too short to tell, is not the same work', () => {
  const title = 'A survey of sock pairing';
  expect(fuse([[paper('A', title)], [paper('B', title, { year: 2026 })]])).toHaveLength(2);
  const ids = ['2001.00001', '2001.00002'].map((arxivId) => [paper('A', title, { arxivId })]);
  expect(fuse(ids)).toHaveLength(2);
  expect(fuse([[paper('A', 'Preface')], [paper('B', 'Preface')]])).toHaveLength(2);
});

test('what two services put second goes before what each alone puts first', () => {
  const lists = ['A', 'B'].map((source) => [
    paper(source, `Only ${source} knows this`),
    paper(source, 'Known to both of them'),
  ]);
  expect(fuse(lists)[0]?.title).toBe('Known to both of them');
});

test('no record is lost, and joining again changes nothing', () => {
  const record = fc.record({
    title: fc.constantFrom('First title of a work', 'Second title of a work', 'Third one, quite other'),
    doi: fc.option(fc.constantFrom('10.1/a', '10.1/b'), { nil: undefined }),
    year: fc.constantFrom(2001, 2002, 2020, null),
  });
  fc.assert(
    fc.property(fc.array(fc.array(record, { maxLength: 6 }), { maxLength: 4 }), (lists) => {
      const given = lists.map((list, i) =>
        list.map(({ doi, ...one }, rank) =>
          paper(`S${i}`, one.title, { ...one, id: `${i}.${rank}`, ...(doi && { doi }) }),
        ),
      );
      const works = fuse(given);
      expect(works.length <= given.flat().length).toBe(true);
      const titles = new Set(given.flat().map(({ doi, title }) => doi ?? title));
      expect(works.length === 0).toBe(titles.size === 0);
      expect(new Set(works.map(({ id }) => id)).size).toBe(works.length);
    }),
  );
});

test('what a person writes to name a paper is understood', () => {
  expect(paperKey('https://arxiv.org/pdf/2407.00001v2.pdf')).toEqual({ arxivId: '2407.00001' });
  expect(paperKey('arXiv:cs/0112017')).toEqual({ arxivId: 'cs/0112017' });
  expect(paperKey('https://doi.org/10.1000/Socks.7')).toEqual({ doi: '10.1000/socks.7' });
  expect(paperKey('10.48550/arXiv.2407.00001')).toEqual({ arxivId: '2407.00001' });
  expect(paperKey(' Pairing socks ')).toEqual({ title: 'Pairing socks' });
});
