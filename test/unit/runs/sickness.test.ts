import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sickness } from '../../../src/runs/sickness.ts';

const MINUTE = 60_000;

function told(lines: readonly string[]): string[] {
  const watch = new Sickness(0);
  return lines.flatMap((line, i) => watch.read(`${line}\n`, i * 1000)).map(({ text }) => text);
}

describe('a loss that is no number any more', () => {
  test.each([
    ['step 40 loss nan', 'its loss became NaN: `step 40 loss nan`'],
    ['{"epoch": 3, "train_loss": NaN}', 'its train_loss became NaN: `{"epoch": 3, "train_loss": NaN}`'],
    ['Epoch 2: 31%|###  | 31/100 [00:01<00:02, loss=inf]', /^its loss became infinite: /],
    ['val/loss: -inf', 'its val/loss became infinite: `val/loss: -inf`'],
  ])('is told from %s', (line, sentence) => {
    expect(told(['loss 0.7', line])).toEqual([
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    ]);
  });

  test('is told once, and found in a progress bar and across two pieces of output', () => {
    const watch = new Sickness(0);
    expect(watch.read('loss: 0.5\rloss: na', 0)).toEqual([]);
    expect(watch.read('n\rloss: nan\r', 1)).toHaveLength(1);
    expect(watch.read('loss: nan\n', 2)).toEqual([]);
  });

  test.each([
    'nan is not a loss',
    'weight loss: none',
    'lossless: inf',
    'glossary: nan',
    'loss function: nanmean',
    'loss: 0.3, nan rows dropped: 4',
    'accuracy: nan',
    'loss: infer_mode',
  ])('is not read into %s', (line) => {
    expect(told([line])).toEqual([]);
  });
});

describe('a loss that rises', () => {
  const falling = Array.from({ length: 30 }, (_, i) => `step ${i} loss: ${(2 / (i + 1)).toFixed(4)}`);

  test('steadily to ten times its best is told, with both numbers', () => {
    const rising = [0.1, 0.3, 0.5, 0.6, 0.7, 0.9].map((value) => `loss: ${value}`);
    expect(told([...falling, ...rising])).toEqual(['its loss rose steadily from 0.0667 to 0.7: `loss: 0.7`']);
  });

  test('for a moment, or less, is not', () => {
    const spike = [0.1, 3, 0.09, 0.08].map((value) => `loss: ${value}`);
    const little = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((value) => `loss: ${value}`);
    expect(told([...falling, ...spike, ...little])).toEqual([]);
  });

  test('among a few values is not, nor another number beside one that falls', () => {
    expect(told(['loss: 0.001', 'loss: 1', 'loss: 2', 'loss: 3', 'loss: 4', 'loss: 5'])).toEqual([]);
    expect(told(falling.map((line, i) => `${line} lr ${10 ** i}`))).toEqual([]);
  });

  test('after a million values is still compared with the best', () => {
    const watch = new Sickness(0);
    watch.read('loss: 0.01\n'.repeat(30), 0);
    watch.read('loss: 0.09\n'.repeat(100_000), 1);
    expect(watch.read('loss: 0.1\nloss: 0.11\nloss: 0.12\nloss: 0.13\nloss: 0.14\n', 2)).toHaveLength(1);
  });
});

describe('an error before the end', () => {
  const traceback =
    'Traceback (most recent call last):\n  File "w.py", line 3, in work\n    x[9]\nIndexError: list index\n';

  test('is told when the run neither goes on nor ends, by its last line', () => {
    const watch = new Sickness(0);
    expect(watch.read(traceback, 1000)).toEqual([]);
    expect(watch.look(20_000)).toEqual([]);
    expect(watch.look(32_000)).toEqual([
      { kind: 'error', text: 'it printed an error and neither goes on nor ends: `IndexError: list index`' },
    ]);
    expect(watch.look(90_000)).toEqual([]);
  });

  test('is not told when training goes on', () => {
    const watch = new Sickness(0);
    watch.read(`${traceback}skipping batch 7\nstep 8 loss: 0.4\n`, 1000);
    expect(watch.look(60_000)).toEqual([]);
  });
});

describe('silence', () => {
  test('is told where output came regularly, with how long and how often before', () => {
    const watch = new Sickness(0);
    for (let i = 0; i < 10; i += 1) watch.read(`step ${i}\n`, i * 2000);
    expect(watch.look(18_000 + 4 * MINUTE)).toEqual([]);
    expect(watch.look(18_000 + 5 * MINUTE).map(({ text }) => text)).toEqual([
      'it has printed nothing for 5 min, and before at least every 2 s',
    ]);
  });

  test('is not told of a run that prints seldom, or has hardly begun', () => {
    const seldom = new Sickness(0);
    for (let i = 0; i < 6; i += 1) seldom.read('epoch\n', i * MINUTE);
    expect(seldom.look(5 * MINUTE + 20 * MINUTE)).toEqual([]);
    const young = new Sickness(0);
    young.read('loading\n', 10);
    expect(young.look(60 * MINUTE)).toEqual([]);
  });
});

test('no output makes it fail, however it is cut, and cutting changes nothing', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('loss: ', 'nan', '\n', '\r', '1e9', 'Traceback (most recent call last):'),
  );
  fc.assert(
    fc.property(fc.array(piece), fc.nat(40), (pieces, at) => {
      const whole = `${pieces.join('')}\n`;
      const once = new Sickness(0).read(whole, 1);
      const cut = new Sickness(0);
      expect([...cut.read(whole.slice(0, at), 1), ...cut.read(whole.slice(at), 1)]).toEqual(once);
    }),
  );
});
