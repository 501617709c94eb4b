import { appendFile, mkdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inRun } from '../../../src/runs/runFolder.ts';
import { RunPulses } from '../../../src/runs/runPulses.ts';
import { ScratchWorkspace } from '../../hosts/scratchWorkspace.ts';

let place: ScratchWorkspace;
beforeEach(async () => {
  place = await ScratchWorkspace.make();
});
afterEach(() => place.remove());

test('a run that goes on is read on from look to look, of hundreds of megabytes only the end', async () => {
  const spec = place.spec(['true']);
  const log = inRun.log(place.folder(spec));
  await mkdir(place.folder(spec), { recursive: true });
  const pulses = new RunPulses(place.top);
  expect(await pulses.of([spec.id, 'r-none'])).toEqual({});
  await appendFile(log, 'loss 0.5\n');
  await pulses.of([spec.id]);
  await appendFile(log, 'loss 0.25\n');
  expect((await pulses.of([spec.id]))[spec.id]?.metric).toEqual({ name: 'loss', newest: 0.25, course: [0.5, 0.25] });
  const chatter = Buffer.alloc(2 ** 20, 'x');
  for (let i = 0; i < 200; i += 1) await appendFile(log, chatter);
  await appendFile(log, '\nepoch 3/4 loss 0.125\n');
  const began = performance.now();
  expect((await pulses.of([spec.id]))[spec.id]).toMatchObject({ step: 'epoch 3/4', metric: { newest: 0.125 } });
  expect(performance.now() - began).toBeLessThan(10_000);
});
