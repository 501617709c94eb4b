import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeOfLast, readOutput } from '../../../src/runs/outputLog.ts';
import { type FoundLine, searchOutput } from '../../../src/runs/searchOutput.ts';
import { ScratchWorkspace } from '../../hosts/scratchWorkspace.ts';

let place: ScratchWorkspace;
beforeEach(async () => {
  place = await ScratchWorkspace.make();
});
afterEach(() => place.remove());

async function found(program: string, words: string) {
  const spec = place.spec(['/usr/bin/python3', '-c', program], { limits: { outputBytes: 2 ** 26 } });
  await place.run(spec);
  const lines: FoundLine[] = [];
  for await (const line of searchOutput(place.top, spec.id, words)) lines.push(line);
  return { id: spec.id, lines };
}

test('words are found with the second when they came, in every state of a progress bar, without colours', async () => {
  const program = `
import sys, time
print("epoch 1 Loss 0.5", flush=True)
time.sleep(2)
sys.stdout.write("\\r 10% loss=0.4\\r 20% loss=0.3\\n")
print("\\x1b[31mloss nan\\x1b[0m")`;
  const { lines } = await found(program, 'loss');
  expect(lines.map(({ text }) => text)).toEqual(['epoch 1 Loss 0.5', '10% loss=0.4', '20% loss=0.3', 'loss nan']);
  const [first, second] = lines.map(({ seconds }) => seconds ?? -1);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(0.2);
});

test('binary, broken letters and a line of 20 MB are searched, of a long line what stands around the words is shown', async () => {
  const program = `
import sys
sys.stdout.buffer.write(bytes(range(256)) * 1000 + b"\\n")
sys.stdout.buffer.write(b"x" * 10_000_000 + b" needle " + b"y" * 10_000_000 + b"\\nneedle at last\\n")`;
  const { id, lines } = await found(program, 'NEEDLE');
  expect(lines.map(({ text }) => text.slice(0, 20))).toEqual([`…${'x'.repeat(19)}`, 'needle at last']);
  expect(lines[0]?.text.length).toBeLessThan(260);
  expect(await readOutput(place.top, id, { from: await placeOfLast(place.top, id, 1) })).toBe('needle at last\n');
});
