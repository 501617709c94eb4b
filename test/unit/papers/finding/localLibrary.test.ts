import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { localLibrary, papersOfBib } from '../../../../src/papers/finding/localLibrary.ts';
import { bench, NEVER } from '../services/surroundings.ts';

const here = bench();
const FIXTURES = path.join(import.meta.dirname, '..', 'fixtures');

test('PDFs of the workspace are read once, found by what they are about, and those that are no papers left out', async () => {
  await mkdir(path.join(here.folder, 'papers'));
  await copyFile(path.join(FIXTURES, 'socks.pdf'), path.join(here.folder, 'papers', '2407.00001v2.pdf'));
  await copyFile(path.join(FIXTURES, 'encrypted.pdf'), path.join(here.folder, 'locked.pdf'));
  const cache = path.join(here.folder, 'cache', 'library.json');
  const files = ['papers/2407.00001v2.pdf', 'locked.pdf'];
  const library = localLibrary({ root: here.folder, files, cache, patience: 60_000 });
  const { value } = await library.search('socks', 20, NEVER);
  expect(value).toMatchObject([{ source: 'local', id: 'papers/2407.00001v2.pdf', arxivId: '2407.00001' }]);
  expect(Object.keys(JSON.parse(await readFile(cache, 'utf8')) as object)).toEqual(files);
  const unread = localLibrary({ root: here.folder, files, cache, patience: -1 });
  expect(await unread.search('socks', 20, NEVER)).toEqual({ value });
});

test('PDFs that there was no time for are told of', async () => {
  await copyFile(path.join(FIXTURES, 'socks.pdf'), path.join(here.folder, 'a.pdf'));
  const cache = path.join(here.folder, 'library.json');
  const library = localLibrary({ root: here.folder, files: ['a.pdf'], cache, patience: -1 });
  expect(await library.search('socks', 20, NEVER)).toEqual({
    value: [],
    note: '1 of its 1 PDFs were not read yet: ask again.',
  });
});

test('a .bib file with errors gives what it can', async () => {
  const text = `@comment{not this}
@article{good, title = "Pairing {S}ocks", author = {Kn\\"auel, Bj\\"orn}, date = {2024-05-01}, eprint = {2407.00001v1}}
@article{, title = }
@misc{untitled, year = 2020}
@inproceedings{open, title = {Never closed, year = 1999`;
  expect(papersOfBib('a.bib', text).papers).toEqual([
    {
      title: 'Pairing Socks',
      year: 2024,
      source: 'local',
      id: 'a.bib#good',
      arxivId: '2407.00001',
      authors: ['Björn Knäuel'],
    },
  ]);
});

test('words are found at the beginning of words, whatever their accents, whatever their endings, and a rare one of them is enough', async () => {
  await writeFile(
    path.join(here.folder, 'a.bib'),
    '@article{a, title={Diffusion of naïve models}}\n@article{b, title={Evasion}}\n@article{c, title={Models}}',
  );
  const library = localLibrary({ root: here.folder, files: ['a.bib'], cache: path.join(here.folder, 'l.json') });
  const ids = async (words: string) => (await library.search(words, 20, NEVER)).value.map(({ id }) => id);
  expect(await ids('naive model')).toEqual(['a.bib#a', 'a.bib#c']);
  expect(await ids('modeling')).toEqual(['a.bib#a', 'a.bib#c']);
  expect(await ids('fusion')).toEqual([]);
  expect(await ids('the diffusion of something else entirely unknown')).toEqual([]);
});
