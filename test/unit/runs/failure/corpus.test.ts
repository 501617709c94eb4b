import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evidencePack } from '../../../../src/runs/failure/evidencePack.ts';
import { packInWords } from '../../../../src/runs/failure/packInWords.ts';
import { pythonSources } from '../../../../src/runs/failure/pythonSources.ts';

const CORPUS = join(import.meta.dirname, '../../../corpora/pythonFailures/cases');

interface Case {
  readonly argv: readonly string[];
  readonly file: string;
  readonly line: number;
  readonly class: string;
  readonly edit?: string;
  readonly exit: number | 'time-out' | null;
  readonly verified: boolean;
}

const cases = readdirSync(CORPUS).flatMap((name) => {
  const one = JSON.parse(readFileSync(join(CORPUS, name, 'case.json'), 'utf8')) as Case;
  return one.verified ? [{ name, ...one }] : [];
});

/** Named wrongly as yet: the place lies some assignments above what is asserted, in another function. */
const MISSED = new Set(['shape-assert-in-helper']);

describe('the evidence pack of a failure', () => {
  it.each(cases.filter(({ name }) => MISSED.has(name)))(
    '$name is still missed',
    async ({ name, argv, exit, ...gold }) => {
      const output = readFileSync(join(CORPUS, name, 'output.txt'), 'utf8');
      const failure = { output, argv, exit, root: '/workspace', edit: '' };
      const pack = await evidencePack(failure, await pythonSources(join(CORPUS, name)));
      expect(pack.class).toBe(gold.class);
      expect(pack.place).not.toEqual({ file: gold.file, line: gold.line });
      const words = await packInWords(pack, failure, await pythonSources(join(CORPUS, name)));
      expect(words.length).toBeLessThan(4_800);
    },
  );

  it.each(cases.filter(({ name }) => !MISSED.has(name)))(
    '$name: $class at $file:$line',
    async ({ name, argv, exit, edit = '', ...gold }) => {
      const output = readFileSync(join(CORPUS, name, 'output.txt'), 'utf8');
      const failure = { output, argv, exit, root: '/workspace', edit };
      const sources = await pythonSources(join(CORPUS, name));
      const pack = await evidencePack(failure, sources);
      expect({ class: pack.class, ...pack.place }).toEqual({ class: gold.class, file: gold.file, line: gold.line });
      const words = await packInWords(pack, failure, sources);
      expect(words).toContain(`Where: ${gold.file}:${gold.line}`);
      expect(words.length).toBeLessThan(4_800);
    },
  );

  it('finds nothing where a run printed nothing, and says so', async () => {
    const failure = { output: '', argv: ['python3', 'train.py'], exit: 1, root: '/workspace', edit: '' };
    const sources = { files: [], lines: async () => [] };
    const pack = await evidencePack(failure, sources);
    expect(pack).toEqual({ class: 'other', place: null, errors: [] });
    expect(await packInWords(pack, failure, sources)).toContain('Where: nothing tells');
  });

  it('stays short whatever is printed', async () => {
    const long = `${'x'.repeat(5_000)}\n`.repeat(20);
    const deep = Array.from({ length: 400 }, (_, i) => `  File "/workspace/a.py", line ${i + 1}, in f${i}\n    f()`);
    const output = `${long}Traceback (most recent call last):\n${deep.join('\n')}\nValueError: ${long}`;
    const failure = { output, argv: Array(500).fill('--x'), exit: 1, root: '/workspace', edit: '' };
    const sources = { files: ['a.py'], lines: async () => Array(400).fill('y'.repeat(3_000)) };
    expect((await packInWords(await evidencePack(failure, sources), failure, sources)).length).toBeLessThan(4_800);
  });
});
