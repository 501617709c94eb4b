import { afterEach, beforeEach, expect, test } from 'vitest';
import { graphicsCards, MachineShares } from '../../../src/runs/machineShares.ts';

const GIB = 2 ** 30;
const limits = { wallSeconds: 1, memoryBytes: GIB, processes: 1, outputBytes: 1 };

let named: string | undefined;
beforeEach(() => {
  named = process.env.CUDA_VISIBLE_DEVICES;
});
afterEach(() => {
  if (named === undefined) delete process.env.CUDA_VISIBLE_DEVICES;
  else process.env.CUDA_VISIBLE_DEVICES = named;
});

test('runs share processors and memory, and one that asks for more than there is runs alone', async () => {
  const shares = new MachineShares({ cpus: 4, memoryBytes: 4 * GIB });
  const large = { cpus: 9, limits };
  const first = await shares.take({ cpus: 2, limits }, 10);
  const second = await shares.take({ cpus: 2, limits }, 10);
  expect([first, second]).not.toContain(null);
  expect(await shares.take({ cpus: 1, limits }, 10)).toBe(null);
  await first?.release();
  expect(await shares.take({ cpus: 1, limits: { ...limits, memoryBytes: 4 * GIB } }, 10)).toBe(null);
  expect(await shares.take(large, 10)).toBe(null);
  await second?.release();
  expect(await shares.take(large, 10)).not.toBe(null);
});

test('no more run at a time than are allowed', async () => {
  const shares = new MachineShares({ cpus: 64, memoryBytes: 64 * GIB });
  expect(await shares.take({ limits }, 1)).not.toBe(null);
  expect(await shares.take({ limits }, 1)).toBe(null);
  expect(await shares.take({ limits }, 2)).not.toBe(null);
});

test('each GPU is lent to one run at a time, across sessions, and the run is told which', async () => {
  process.env.CUDA_VISIBLE_DEVICES = 'GPU-test-a,GPU-test-b,GPU-test-c';
  const [one, other] = [new MachineShares({ cpus: 8 }), new MachineShares({ cpus: 8 })];
  const pair = await one.take({ gpus: 2, limits }, 8);
  const single = await other.take({ gpus: 1, limits }, 8);
  expect(pair?.env).toEqual({ CUDA_VISIBLE_DEVICES: 'GPU-test-a,GPU-test-b', CUDA_DEVICE_ORDER: 'PCI_BUS_ID' });
  expect(single?.env.CUDA_VISIBLE_DEVICES).toBe('GPU-test-c');
  expect(await one.take({ gpus: 1, limits }, 8)).toBe(null);
  await pair?.release();
  const next = await other.take({ gpus: 1, limits }, 8);
  expect(next?.env.CUDA_VISIBLE_DEVICES).toBe('GPU-test-a');
  await expect(one.take({ gpus: 4, limits }, 8)).rejects.toThrow(
    'It asks for 4 GPUs, and this machine lends 3; lower `budget.gpus` in mlr.yaml.',
  );
  for (const share of [single, next]) await share?.release();
});

test('where the environment hides all GPUs, none is lent', () => {
  expect(graphicsCards({ CUDA_VISIBLE_DEVICES: '-1' })).toEqual([]);
  expect(graphicsCards({ CUDA_VISIBLE_DEVICES: '' })).toEqual([]);
  expect(graphicsCards({ CUDA_VISIBLE_DEVICES: '2, 3' })).toEqual(['2', '3']);
});
