import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPaper } from '../../../src/papers/read.ts';
import { missingFrom, neighboursIn, pairsOf, readText, withoutRepeated, wordsOf } from '../../unit/papers/words.ts';

const CORPUS = join(import.meta.dirname, '../../corpora/papers');

/** Real papers, which lie beside the repository and not in it. */
const PAPERS = join(process.env.MLR_SHARED ?? resolve(import.meta.dirname, '../../../../shared'), 'papers');

const ours = readdirSync(CORPUS).filter((file) => file.endsWith('.pdf') && file !== 'scanned.pdf');
const real = existsSync(PAPERS) ? readdirSync(PAPERS).filter((file) => file.endsWith('.pdf')) : [];
const all = [...ours.map((file) => join(CORPUS, file)), ...real.map((file) => join(PAPERS, file))];

interface Share {
  words: number;
  neighbours: number;
  /** Pairs of neighbours in tables, formulas and figures too, where two readers go on in different directions. */
  everyPair: number;
}

/** Which part of what pdftotext says was read, and which part of its neighbours are neighbours here. */
async function shareRead(file: string): Promise<Share> {
  const theirs = withoutRepeated(execFileSync('pdftotext', [file, '-'], { encoding: 'utf8', maxBuffer: 2 ** 26 }));
  const paper = await readPaper(file);
  const read = wordsOf([readText(paper), ...(paper.hidden ?? []).map(({ text }) => text)].join('\n\n'));
  const share = (wanted: string[], given: string[]) => 1 - missingFrom(wanted, given).length / wanted.length;
  const pairs = pairsOf(read);
  return {
    words: share(wordsOf(theirs), read),
    neighbours: share(neighboursIn(theirs), pairs),
    everyPair: share(pairsOf(wordsOf(theirs)), pairs),
  };
}

describe('against pdftotext, with ligatures, hyphens and running heads out of the way', () => {
  it.each(all)('reads 99 of 100 words, and 98 of 100 neighbours in running text: %s', async (file) => {
    const { words, neighbours, everyPair } = await shareRead(file);
    const shown = [words, neighbours, everyPair].map((share) => `${(100 * share).toFixed(1)} %`);
    process.stdout.write(`${file}: words ${shown[0]}, neighbours ${shown[1]}, with tables and formulas ${shown[2]}\n`);
    expect(words).toBeGreaterThanOrEqual(0.99);
    expect(neighbours).toBeGreaterThanOrEqual(0.98);
  });
});

const Counts: { sha256: string; references: { count: number } }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../corpora/references/counts.json'), 'utf8'),
);

it('says where real papers are absent, and fails where all parts are required', () => {
  if (real.length > 0) return expect(real.length).toBe(Counts.length);
  process.stderr.write(`${PAPERS} is absent: only this repository's own papers are compared (set MLR_SHARED).\n`);
  expect(process.env.MLR_REQUIRE).not.toBe('all');
});
