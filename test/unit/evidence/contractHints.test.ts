import { describe, expect, it } from 'vitest';
import { hintAt } from '../../../src/evidence/contractHints.ts';

const FILES = ['data/train.csv', 'evaluate.py', 'two words.csv'];

/** What is offered where the text has a bar. */
function offered(text: string): string[] {
  return hint(text).suggestions.map(({ insert }) => insert);
}

function hint(text: string) {
  const before = text.split('|')[0] ?? '';
  const lines = before.split('\n');
  return hintAt(text.replace('|', ''), lines.length, (lines.at(-1) ?? '').length + 1, FILES);
}

describe('a contract that is being written', () => {
  it('is offered the keys that it does not have yet', () => {
    expect(offered('version: 1\nmin|')).toEqual(['minimum_effect: ']);
    expect(offered('version: 1\nver|')).toEqual([]);
    expect(hint('version: 1\nmin|').replaces).toEqual({ line: 2, col: 1, endLine: 2, endCol: 4 });
  });

  it('is offered the keys inside a key, on lines of their own or in braces', () => {
    expect(offered('budget:\n  wa|')).toEqual(['wall: ']);
    expect(offered('budget: { wall: 60, mem|')).toEqual(['memory: ']);
    expect(offered('labels: { col|')).toEqual(['column: ']);
  });

  it('is offered the words of a choice, and files where files stand', () => {
    expect(offered('metrics: { f1: max|')).toEqual(['maximize']);
    expect(offered('metrics:\n  f1: |')).toEqual(['maximize', 'minimize']);
    expect(offered('inputs: [data/|')).toEqual(['data/train.csv']);
    expect(offered('protected:\n  - eval|')).toEqual(['evaluate.py']);
    expect(offered('inputs: [evaluate.py, two|')).toEqual(['"two words.csv"']);
  });

  it('explains the key under the pointer, at any depth', () => {
    expect(hint('version: 1\nhid|den: [a]').hover).toMatchObject({ key: 'hidden' });
    expect(hint('budget:\n  wal|l: 60').hover?.description).toContain('Wall time');
    expect(hint('budget: { wa|ll: 60 }').hover?.key).toBe('budget.wall');
    expect(hint('task: anything| else').hover).toBeNull();
  });
});
