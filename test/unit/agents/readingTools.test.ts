import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LookingPlace } from '../../../src/agents/lookingPlace.ts';
import { mapInWords } from '../../../src/agents/mapInWords.ts';
import { readingTools } from '../../../src/agents/readingTools.ts';
import { closeWorkspace, openWorkspace, place, put, root } from './agentWorkspace.ts';

const TRAIN = `def step(rate):
    """Moves the weights."""
    return rate

def main():
    step(0.1)
`;

beforeEach(async () => {
  await openWorkspace();
  await put('train.py', TRAIN);
});
afterEach(closeWorkspace);

describe('a search of the code', () => {
  it('answers a question, and who calls whom, with places', async () => {
    expect(await say('search_code', { question: 'where do the weights move' })).toMatch(
      /^train\.py:1-3 step\(rate\) “Moves the weights\.”/,
    );
    expect(await say('search_code', { callers: 'step' })).toBe('train.py:5-6 main()');
    expect(await say('search_code', { callees: 'main' })).toBe('train.py:1-3 step(rate) “Moves the weights.”');
    expect(await say('search_code', { callers: 'nobody' })).toBe(
      'Nothing is known of "nobody": search_pattern finds plain text.',
    );
    expect(await say('search_code', { callers: 'step', callees: 'main' })).toMatch(/^Refused: Give exactly one/);
    expect(await say('search_code', {})).toMatch(/^Refused: Give exactly one/);
  });

  it('shows nothing of a hidden file, and at most eight places', async () => {
    await put('answers.py', 'def steps_of_answers():\n    return 7\n');
    for (let i = 0; i < 12; i++) await put(`part${i}.py`, `def weights_${i}():\n    step(${i})\n`);
    const hidden = { root, hidden: ['answers.py'] };
    expect(await say('search_code', { question: 'steps_of_answers' })).toContain('answers.py');
    expect(await say('search_code', { question: 'steps_of_answers' }, hidden)).not.toContain('answers.py');
    expect((await say('search_code', { callers: 'step' })).split('\n')).toHaveLength(8);
  });

  it('answers questions at the same time from one index on disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mlr-index-'));
    const kept = { ...place(), index: join(folder, 'index') };
    const ask = () => say('search_code', { callers: 'step' }, kept);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(Array(3).fill('train.py:5-6 main()'));
    await put('train.py', TRAIN.replace('main', 'begin'));
    expect(await ask()).toBe('train.py:5-6 begin()');
    await rm(folder, { recursive: true });
  });
});

describe('a profile of data', () => {
  const CSV = 'id,split,size\n1,fit,3\n2,fit,\n3,val,4\n4,val,4\n';

  it('tells columns, what is missing, and rows that files share, without hashes', async () => {
    await put('data/a.csv', CSV);
    await put('data/b.csv', 'id,split,size\n9,fit,3\n');
    const told = await say('profile_data', { paths: ['data/a.csv', 'data/b.csv'] });
    expect(told).toContain('data/a.csv (csv): 4 rows, 3 columns');
    expect(told).toContain('- split: text, 2 distinct, "fit" 2, "val" 2');
    expect(told).toContain('- size: integer, 2 distinct');
    expect(told).toContain('missing: size 1; in 1 of 4 rows; first data/a.csv:3 id 2 split fit\n');
    expect(told.match(/no value is missing/g)).toHaveLength(1);
    expect(told).toContain('0 rows repeat an earlier one, 1 once ids are left out');
    expect(told).toContain('1 rows of data/a.csv stand in data/b.csv too');
    expect(told).not.toMatch(/[0-9a-f]{12}/);
  });

  it('tells gaps in one line, whatever the number of columns and rows that have them', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `c${i}_`);
    await put(
      'wide.csv',
      `${names.join(',')}\n${names.map(() => '1').join(',')}\n${'2,'.repeat(45)},,,,\n${'2,'.repeat(49)}\n`,
    );
    const told = await say('profile_data', { paths: ['wide.csv'] });
    expect(told).not.toContain('- c40_:');
    expect(told).toContain(
      'and 20 more columns: profile_data with from_column 31 tells them\nmissing: c45_ to c48_ 1 each, c49_ 2; in 2 of 3 rows; first wide.csv:3, wide.csv:4',
    );
    const rest = await say('profile_data', { paths: ['wide.csv'], from_column: 31 });
    expect(rest).toContain('50 columns\ncolumns from number 31 on:\n- c30_: integer');
    expect(rest).toContain('- c49_:');
    expect(rest).not.toContain('more columns');
  });

  it('tells numbered columns of a wide table together, and others by themselves', async () => {
    const names = ['id', 'label', ...Array.from({ length: 64 }, (_, i) => `p${i}`), 'share'];
    const rows = [0, 1, 2].map((row) => [
      row,
      'ab'[row % 2],
      ...Array.from({ length: 64 }, (_, i) => (i * row) % 17),
      0.5,
    ]);
    await put('pixels.csv', [names, ...rows].map((row) => row.join(',')).join('\n'));
    const told = await say('profile_data', { paths: ['pixels.csv'] });
    expect(told).toContain('- label: text');
    expect(told).toContain(
      '- columns p0 to p63, 64 of them: integer, 1 to 3 distinct each, all within 0 to 16\n- share: number',
    );
    expect(told).not.toContain('more columns');
  });

  it('never opens what is hidden, under any name, nor what lies outside', async () => {
    await put('data/labels/test.csv', 'id,label\n1,SECRET\n');
    await symlink('data/labels', join(root, 'link'));
    const hidden: LookingPlace = { root, hidden: ['link'] };
    for (const path of ['link', 'link/test.csv', 'data/labels', 'data/labels/test.csv', 'data', '.', 'link/../data']) {
      const told = await say('profile_data', { paths: [path] }, hidden);
      expect(told).toMatch(/^Refused: .*hidden/);
    }
    expect(await say('profile_data', { paths: ['data'] }, hidden)).toBe(
      'Refused: data holds data/labels, which is hidden: name its other files one by one.',
    );
    expect(await say('profile_data', { paths: ['../x.csv'] })).toMatch(/^Refused: There is no file/);
    expect(await say('profile_data', { paths: [tmpdir()] })).toMatch(/^Refused: .* lies outside the workspace/);
  });

  it('finds data that git does not bring into a worktree where the researcher has it', async () => {
    await put('data/big.csv', CSV);
    const worktree = await mkdtemp(join(tmpdir(), 'mlr-worktree-'));
    const told = await say(
      'profile_data',
      { paths: ['data/big.csv'] },
      { root: worktree, hidden: [], workspace: root },
    );
    expect(told).toContain('data/big.csv (csv): 4 rows');
    const refused = { root: worktree, hidden: ['data/big.csv'], workspace: root };
    expect(await say('profile_data', { paths: ['data/big.csv'] }, refused)).toMatch(
      /^Refused: data\/big\.csv is hidden/,
    );
    await rm(worktree, { recursive: true });
  });
});

describe('the map of the workspace', () => {
  it('is the same wherever the folder lies, names the files, and leaves out what hidden files hold', async () => {
    await put('answers.json', '{"secret_key": 1}');
    await put('answers.py', 'def secret_answer():\n    return 7\n');
    const hidden = ['answers.json', 'answers.py', 'labels.csv'];
    const map = await mapInWords({ root, hidden }, 'secret answer weights');
    expect(map).not.toMatch(/secret_|SECRET/);
    expect(map).not.toContain(root.split('/').at(-1));
    expect(map).toContain('- train.py:1 step(rate) “Moves the weights.”');
    expect(map).toContain('## Files\nanswers.json (hidden), answers.py (hidden), evaluate.py, labels.csv (hidden)');
    expect(await mapInWords({ root, hidden: [] }, 'secret answer weights')).toContain('secret_answer');
  });

  it('names at most sixty files, and says how many more there are', async () => {
    for (let i = 0; i < 70; i++) await put(`notes/n${i}.txt`, 'x');
    expect(await mapInWords(place(), '')).toMatch(/ and 14 more: list_files names them$/);
  });
});

async function say(name: string, args: object, where: LookingPlace = place()): Promise<string> {
  const tool = readingTools(where).find((one) => one.name === name);
  if (!tool) throw new Error(`There is no tool ${name}.`);
  const answer = await tool.call(JSON.stringify(args), { signal: new AbortController().signal });
  return typeof answer === 'string' ? answer : `Refused: ${'refused' in answer ? answer.refused : ''}`;
}
