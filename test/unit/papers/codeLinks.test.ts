import { expect, test } from 'vitest';
import type { Paper } from '../../../src/domain/paper.ts';
import { codeLinks, repositoryOf } from '../../../src/papers/codeLinks.ts';

const paper = (more: Partial<Paper>): Paper => ({
  title: '',
  authors: [],
  abstract: '',
  sections: [],
  references: [],
  links: [],
  pages: 1,
  ...more,
});

test('the repositories of a paper come before those of its references, each once', () => {
  const found = codeLinks(
    paper({
      abstract: 'Our code is at github.com/sock/pairing.',
      sections: [
        {
          heading: 'Data',
          text: 'See https://www.github.com/Sock/Pairing/tree/v1.2/data, and https://gitlab.com/a/b.git).',
        },
      ],
      references: [{ text: 'Weaver. Gloves. https://github.com/weaver/gloves' }],
      links: ['https://github.com/weaver/gloves', 'https://doi.org/10.1/x', 'https://github.com/features/actions'],
    }),
  );
  expect(found).toEqual([
    {
      url: 'https://github.com/sock/pairing',
      ref: null,
      where: 'paper',
      words: 'Our code is at github.com/sock/pairing.',
    },
    {
      url: 'https://gitlab.com/a/b',
      ref: null,
      where: 'paper',
      words: expect.stringContaining('and https://gitlab.com/a/b.git'),
    },
    { url: 'https://github.com/weaver/gloves', ref: null, where: 'references', words: '' },
  ]);
});

test.each([
  ['https://github.com/a/b/tree/main/src', 'https://github.com/a/b', 'main'],
  ['https://github.com/a/b/blob/0123456789abcdef/x.py', 'https://github.com/a/b', '0123456789abcdef'],
  ['https://gitlab.com/a/b/-/tree/v2', 'https://gitlab.com/a/b', 'v2'],
  ['git@github.com:a/b.git', 'https://github.com/a/b', null],
  ['https://github.com/a/b/releases/tag/v1', 'https://github.com/a/b', null],
  ['github.com/a/b),', 'https://github.com/a/b', null],
  ['https://github.com/a/b/tree/v1.', 'https://github.com/a/b', 'v1'],
])('%s leads to a repository', (link, url, ref) => {
  expect(repositoryOf(link)).toEqual({ url, ref });
});

test.each([
  'https://example.org/a/b',
  'https://github.com/a',
  'https://github.com/../..',
  'ext::sh',
  'https://github.com/-x/b',
])('%s leads to none', (link) => {
  expect(repositoryOf(link)).toBeNull();
});
