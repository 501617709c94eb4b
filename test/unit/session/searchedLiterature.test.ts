import { expect, test } from 'vitest';
import type { AskedService, FoundPaper } from '../../../src/domain/literature.ts';
import { type FindWorks, sessionLiterature } from '../../../src/session/searchedLiterature.ts';
import { Session } from '../../../src/session/session.ts';
import { scratchFolder } from '../../hosts/scratchRepository.ts';
import { beginSession } from './beginSession.ts';

const quiet = new AbortController().signal;

test('what a search found is known after a crash, and nobody is asked it again', async () => {
  const folder = scratchFolder();
  const { find, asked } = finder('answered');
  const before = sessionLiterature(await beginSession(folder), 'idea', find);
  await before.search('averages', quiet);
  await before.search('margins', quiet);

  const again = sessionLiterature(await Session.open(folder), 'idea', find);
  expect(again.searches().map(({ papers }) => papers.map(({ title }) => title))).toEqual([['averages'], ['margins']]);
  expect((await again.search('averages', quiet)).papers).toEqual([paper('averages')]);
  expect(asked).toEqual(['averages', 'margins']);
});

test('a search that nobody answered is made again when it is asked for', async () => {
  const { find, asked } = finder('silent');
  const literature = sessionLiterature(await beginSession(scratchFolder()), 'idea', find);
  await literature.search('averages', quiet);
  await literature.search('averages', quiet);
  expect(asked).toEqual(['averages', 'averages']);
});

function finder(outcome: AskedService['outcome']): { find: FindWorks; asked: string[] } {
  const asked: string[] = [];
  const find: FindWorks = async (words) => {
    asked.push(words);
    const papers = outcome === 'answered' ? [paper(words)] : [];
    return { papers, asked: [{ service: 'the library', outcome, found: papers.length }] };
  };
  return { find, asked };
}

function paper(title: string): FoundPaper {
  return { title, year: null, source: 'local', id: `library.bib#${title}`, authors: [] };
}
