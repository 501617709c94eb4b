import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyTexts } from '../../../src/workspace/symbols/bodyText.ts';
import { calleesOf, callersOf, searchIndex } from '../../../src/workspace/symbols/searchIndex.ts';
import { varied } from '../../../src/workspace/symbols/variety.ts';
import { split, stem, wordsOfQuestion } from '../../../src/workspace/symbols/words.ts';
import { WordTable } from '../../../src/workspace/symbols/wordTable.ts';
import { WorkspaceIndex } from '../../../src/workspace/symbols/workspaceIndex.ts';

const SOURCES: Record<string, string> = {
  'data.py': [
    'def load_table(path):',
    '    """Read the rows of a file.',
    '',
    '    Rows with a missing label are dropped."""',
    '    raise ValueError(f"no column named label in {path}")',
    '',
    'def _shuffle(rows):',
    '    return rows',
  ].join('\n'),
  'train.py': [
    'from data import load_table',
    '',
    'class Trainer:',
    '    """Fits a classifier."""',
    '    def fit(self, path):',
    '        rows = load_table(path)',
    '        return self.evaluate(rows)',
    '    def evaluate(self, rows):',
    '        """Balanced accuracy over the hold-out."""',
    '        return 1.0',
  ].join('\n'),
  'tests/test_train.py':
    'def test_balanced_accuracy_over_the_hold_out():\n    """Balanced accuracy over the hold-out."""\n',
};

let folder: string;
let index: WorkspaceIndex;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlr-search-'));
  for (const [path, text] of Object.entries(SOURCES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  index = await WorkspaceIndex.open(folder, { folder: null });
  await index.update();
});
afterAll(async () => {
  index.close();
  await rm(folder, { recursive: true });
});

const first = (question: string): string | undefined => searchIndex(index.store, question)[0]?.name;

describe('a question to the index', () => {
  it('is answered by what documentation says after its first paragraph', () => {
    expect(first('where are rows without a label dropped?')).toBe('load_table');
  });

  it('is answered by other words for the same', () => {
    expect(first('parse')).toBe('load_table');
  });

  it('is answered by the place that prints an error', () => {
    expect(first('ValueError: no column named label in data/x.csv')).toBe('load_table');
  });

  it('finds a name in whatever case, whole or its beginning', () => {
    expect(first('TRAINER')).toBe('Trainer');
    expect(first('LOADTABLE')).toBe('load_table');
    expect(first('Trainer.fit')).toBe('Trainer.fit');
  });

  it('names the code before its test', () => {
    expect(first('balanced accuracy over the hold-out')).toBe('Trainer.evaluate');
  });

  it('has no answer where nothing holds its words', () => {
    expect(searchIndex(index.store, 'quaternion')).toEqual([]);
    expect(searchIndex(index.store, '')).toEqual([]);
    expect(searchIndex(index.store, '" OR * (')).toEqual([]);
  });
});

/** An index of many symbols that hold the same words, and of one file that was written after them. */
async function amongMany<Found>(name: string, source: string, ask: (own: WorkspaceIndex) => Found): Promise<Found> {
  const many = await mkdtemp(join(tmpdir(), 'mlr-search-'));
  const body = (i: number): string => `def step_${i}():\n    '''Computes the loss of the batch.'''\n`;
  await writeFile(join(many, 'common.py'), Array.from({ length: 400 }, (_, i) => body(i)).join(''));
  const own = await WorkspaceIndex.open(many, { folder: null });
  await own.update();
  await writeFile(join(many, name), source);
  await own.updateAt([name]);
  const found = ask(own);
  await rm(many, { recursive: true });
  return found;
}

it('finds as many whether or not common words are looked at to the end', async () => {
  const source = "def quantile_loss():\n    '''Computes the pinball loss of the batch.'''\n";
  const hits = await amongMany('rare.py', source, ({ store }) => searchIndex(store, 'pinball loss of the batch', 50));
  expect([hits[0]?.name, hits.length]).toEqual(['quantile_loss', 50]);
});

it('finds what answers best though it lacks the rarest word and is read after many that do too', async () => {
  const source = "def batch_loss():\n    '''Computes the loss of the batch.'''\n";
  const hits = await amongMany('better.py', source, ({ store }) => searchIndex(store, 'pinball loss of the batch', 1));
  expect(hits.map(({ name }) => name)).toEqual(['batch_loss']);
});

it('finds the same in whichever order files came into the index', async () => {
  const found = await Promise.all(
    [false, true].map(async (turned) => {
      const many = await mkdtemp(join(tmpdir(), 'mlr-search-'));
      const own = await WorkspaceIndex.open(many, { folder: null });
      const names = Array.from({ length: 120 }, (_, i) => `step${i}.py`);
      for (const name of turned ? names.reverse() : names) {
        await writeFile(join(many, name), "def step():\n    '''Computes the loss.'''\n");
        await own.updateAt([name]);
      }
      const hits = [...searchIndex(own.store, 'loss', 100), ...searchIndex(own.store, 'ste', 20)];
      await rm(many, { recursive: true });
      return hits.map(({ path }) => path);
    }),
  );
  expect(found[1]).toEqual(found[0]);
});

it('finds a method without documentation by what its class is for', async () => {
  const source = [
    'class Alpha:',
    "    '''Warms the learning rate up along a line.'''",
    '    def advance(self, count): pass',
    'class Beta:',
    "    '''Anneals the learning rate along a cosine.'''",
    '    def advance(self, count): pass',
  ].join('\n');
  const hits = await amongMany('rates.py', source, ({ store }) => searchIndex(store, 'advance the cosine'));
  const methods = hits.map(({ name }) => name).filter((name) => name.endsWith('advance'));
  expect(methods).toEqual(['Beta.advance', 'Alpha.advance']);
});

it('shows among the first what is different, before the sixth that says the same', () => {
  const same = (score: number) => ({ score, words: ['fft', 'discrete', 'fourier', 'transform'] });
  const other = { score: 8, words: ['fftshift', 'zero', 'frequency', 'center'] };
  const best = [same(10), same(9.9), same(9.8), same(9.7), same(9.6), other];
  expect(varied(best).indexOf(other)).toBe(1);
  expect(varied(best)).toHaveLength(6);
  expect(varied([same(10), { ...other, score: 6 }, same(9)]).map(({ score }) => score)).toEqual([10, 9, 6]);
});

it('says who calls a function, and what a function calls', () => {
  expect(callersOf(index.store, 'load_table').map(({ name }) => name)).toEqual(['Trainer.fit']);
  expect(calleesOf(index.store, 'Trainer.fit').map(({ name }) => name)).toEqual(['load_table', 'Trainer.evaluate']);
});

it('reads the words of a definition, without those of what is defined within it', () => {
  const source = 'def a():\n  # outer words\n  def b():\n    say("inner words")\n  x = 1\nlast = 2\n';
  const spans = ['', 'def a', 'def b'].map((start, i) => {
    const ends = [source.length, source.indexOf('last'), source.indexOf('  x =')];
    return { start: source.indexOf(start), end: ends[i] ?? 0 };
  });
  const words = new WordTable();
  const [file, a, b] = bodyTexts(source, spans, words).map(({ names, messages }) =>
    [...names.map((name) => words.text(name)), ...messages].join(' '),
  );
  expect([file, a, b]).toEqual(['last', 'outer words', 'say inner words'].map((said) => expect.stringContaining(said)));
  expect(a).not.toContain('inner');
  expect(file).not.toContain('outer');
});

it('takes words apart as names are put together', () => {
  expect(split('getURLFor x2 LinAlgError snake_case')).toEqual([
    'get',
    'url',
    'for',
    'x',
    '2',
    'lin',
    'alg',
    'error',
    'snake',
    'case',
  ]);
  expect(wordsOfQuestion('Where is the k-means loss computed?')).toEqual(['means', 'loss', 'computed', 'kmeans']);
  expect(['computes', 'computed', 'computing'].map(stem)).toEqual(['comput', 'comput', 'comput']);
});
