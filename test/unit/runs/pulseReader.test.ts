import { expect, test } from 'vitest';
import { PulseReader } from '../../../src/runs/pulseReader.ts';

function pulseOf(...pieces: string[]) {
  const reader = new PulseReader();
  for (const piece of pieces) reader.read(piece);
  return reader.pulse;
}

test('a loss that is printed again and again is a course, with its newest value and how far the run is', () => {
  const lines = Array.from({ length: 200 }, (_, i) => `epoch ${i + 1}/400 loss ${(1 / (i + 1)).toFixed(4)} acc: 0.5\n`);
  const { metric, step, share, line } = pulseOf(...lines);
  expect([metric?.name, metric?.newest, step, share]).toEqual(['loss', 0.005, 'epoch 200/400', 0.5]);
  expect(line).toBe('epoch 200/400 loss 0.0050 acc: 0.5');
  expect(metric?.course.length).toBeLessThanOrEqual(50);
  expect([metric?.course[0], metric?.course.at(-1)]).toEqual([1, 0.005]);
});

test('a progress bar is one line, as it stands now, and its share is told while it is being written', () => {
  const bar = (n: number) =>
    `\r ${n}%|${'█'.repeat(n / 10)}${' '.repeat(10 - n / 10)}| ${n}/100 [00:10<00:12,  4.4it/s, loss=0.${n}]`;
  const { line, share, metric } = pulseOf('Epoch 2/4\n', bar(10), bar(20), bar(30));
  expect(line).toBe('30%|███       | 30/100 [00:10<00:12,  4.4it/s, loss=0.30]');
  expect([share, metric?.course]).toEqual([0.3, [0.1, 0.2]]);
});

test.each([
  [
    'JSON lines',
    '{"step": 1, "val_loss": 0.5, "lr": 0.1}\n{"step": 2, "val_loss": 0.25, "lr": 0.1}\n',
    'val_loss',
    [0.5, 0.25],
  ],
  ['a score where there is no loss', 'seed: 4 accuracy=0.5\nseed: 4 accuracy=0.75\n', 'accuracy', [0.5, 0.75]],
  ['numbers with exponents', 'loss: 1e-3\nloss: 5.0e-4\n', 'loss', [1e-3, 5e-4]],
])('%s', (_, output, name, course) => {
  expect(pulseOf(output).metric).toEqual({ name, newest: course.at(-1), course });
});

test.each([
  ['times, versions and places', '12:30:01 a.py:12 numpy: 1.24.1\n12:30:02 a.py:13 numpy: 1.24.1\n'],
  ['counters', 'step: 1\nstep: 2\nepoch = 3\n'],
  ['nothing', ''],
])('%s are no course', (_, output) => {
  expect(pulseOf(output)).toMatchObject({ metric: null, share: null });
});

test('colours, binary, broken letters and a line without end neither show nor hold it up', () => {
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256)).toString('latin1');
  const reader = new PulseReader();
  const began = performance.now();
  for (let i = 0; i < 500; i += 1) reader.read('x'.repeat(100_000));
  reader.read(noise);
  reader.read('\n\u001b[32mepoch 1/2\u001b[0m loss \u001b[1m0.5\u001b[0m\u0000\ufffd\n');
  expect(reader.pulse).toMatchObject({ line: 'epoch 1/2 loss 0.5', step: 'epoch 1/2' });
  expect(performance.now() - began).toBeLessThan(5_000);
});
