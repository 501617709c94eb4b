import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences, drift } from '../../../src/models/drift.ts';

describe('what is measured or drawn anew is listed under its own name', () => {
  it.each([
    ['time', 'at 2026-01-02T03:04:05Z sharp', 'at 2027-11-12T13:14:15.250Z sharp'],
    ['time', 'took until 10:22:31', 'took until 23:59:59.5'],
    ['number', 'accuracy 0.8312 (sd 0.01)', 'accuracy 0.79 (sd 0.01)'],
    ['number', '| -1.5e-3 |', '| 2 |'],
    ['path', 'File "/home/a b/x", in /var/tmp/one/train.py:7', 'File "/home/a b/x", in /tmp/two/train.py:7'],
    ['commit', 'based on 3f2a91c', 'based on a91c3f20ab'],
    ['seed', 'train.py --seed 81723', 'train.py --seed 4'],
    ['spaces', 'a  b', 'a b'],
    ['run id', 'see run-0f3a', 'see run-77bc12'],
    ['confinement', '- hidden-unseen: passed. absent', '- hidden-unseen: not run. not enforced'],
  ])('%s: %s', (kind, was, is) => {
    expect(kindsOf(was, is)).toEqual([kind]);
  });
});

describe('what is not is drift', () => {
  it.each([
    ['another word', 'the verdict is supported', 'the verdict is refuted'],
    ['a name with a number in it', 'use resnet18', 'use resnet50'],
    ['another line', 'one', 'one\ntwo'],
    ['no number where there was one', 'score 0.5', 'score nan'],
  ])('%s', (_, was, is) => {
    expect(kindsOf(was, is)).toEqual(['other']);
  });

  it('another tool, another order of speakers, other calls', () => {
    const tool = { name: 'look', description: 'Look.', parameters: {} };
    const call = { id: 'a', name: 'look', arguments: '{"path":"x"}' };
    const recorded = { messages: [assistant([call])], tools: [tool] };
    const actual = {
      messages: [assistant([{ ...call, arguments: '{"path":"y"}' }]), { role: 'user' as const, content: 'hm' }],
      tools: [{ ...tool, description: 'Look well.' }],
    };
    expect(drift(recorded, actual).map((line) => line.split(':')[0])).toEqual([
      'DRIFT messages[0] calls line 1',
      'DRIFT messages[1]',
      'DRIFT tools look',
    ]);
  });
});

it('a request never differs from itself, whatever is in it', () => {
  fc.assert(fc.property(fc.string(), (text) => kindsOf(text, text).length === 0));
});

it('no change of words passes unseen: two texts that differ always give a difference', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '0', '.', '/', ' ', '\n', '-', 'e') }),
      fc.string(),
      (was, is) => {
        fc.pre(was !== is);
        return kindsOf(was, is).length > 0;
      },
    ),
  );
});

function kindsOf(was: string, is: string): string[] {
  const of = (content: string) => ({ messages: [{ role: 'user' as const, content }], tools: [] });
  return differences(of(was), of(is)).map(({ kind }) => kind);
}

function assistant(toolCalls: { id: string; name: string; arguments: string }[]) {
  return { role: 'assistant' as const, content: '', toolCalls };
}

it('a note that depends on the clock may be there or not, and is listed; the lines after it still agree', () => {
  const request = (content: string) => ({ messages: [{ role: 'user' as const, content }], tools: [] });
  const recorded = request('Checks:\n- runs-complete: passed. 10 seeds\n- clean-tree: passed.');
  const actual = request(
    "Checks:\n- runs-complete: passed. 10 seeds\n- budget-parity, a note that counts neither for nor against: it takes 1.6 times the baseline's time\n- clean-tree: passed.",
  );
  expect(differences(recorded, actual)).toEqual([
    {
      where: 'messages[0]',
      kind: 'number',
      recorded: 'nothing',
      actual: "- budget-parity, a note that counts neither for nor against: it takes 1.6 times the baseline's time",
    },
  ]);
});
