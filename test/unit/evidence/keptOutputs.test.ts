import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archivedSize, assertOutputs, OUTPUTS, readOutputs, writeOutputs } from '../../../src/evidence/keptOutputs.ts';
import type { RunEvidence } from '../../../src/evidence/runEvidence.ts';
import { hashOutput } from '../../../src/runs/outputFolder.ts';
import { exampleMeasurement } from './exampleMeasurement.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const FILES = { 'predictions.csv': '1,0.5\n', 'a/b.txt': 'x', 'a-c.txt': 'y', 'a/é.txt': 'z' };

/** A run that wrote FILES, as its record tells, with what is said to be kept of it. */
async function keptRun(files: Readonly<Record<string, string>>): Promise<RunEvidence[]> {
  const out = join(folder, 'out');
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(out, name)), { recursive: true });
    await writeFile(join(out, name), text);
  }
  const [first] = exampleMeasurement({ variants: 1, seeds: 1 }).evidence;
  if (!first) throw new Error('the example has no run');
  const members = Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) }));
  await writeOutputs(folder, new Map([[first.run.id, members]]));
  return [{ ...first, run: { ...first.run, output: await hashOutput(out, 1e6) } }];
}

describe('the outputs that a report keeps', () => {
  it('hold where they are what the run wrote', async () => {
    const evidence = await keptRun(FILES);
    await assertOutputs(folder, evidence);
    const kept = (await readOutputs(folder)).get(evidence[0]?.run.id ?? '');
    expect(Object.fromEntries(kept?.map(({ name, content }) => [name, Buffer.from(content).toString()]) ?? [])).toEqual(
      FILES,
    );
  });

  it('do not hold where one digit or one name of a member differs, though the archive is whole', async () => {
    for (const files of [
      { ...FILES, 'predictions.csv': '1,0.6\n' },
      { 'prediction.csv': '1,0.5\n', 'a/b.txt': 'x', 'a-c.txt': 'y', 'a/é.txt': 'z' },
    ]) {
      const evidence = await keptRun(files);
      await expect(assertOutputs(folder, evidence)).rejects.toThrow(
        `the output of ${evidence[0]?.run.id} is not the one`,
      );
    }
  });

  it('hold in part where files were left out, and never of a run that is not the report’s', async () => {
    await assertOutputs(folder, await keptRun({ 'a/b.txt': 'x' }));
    await expect(assertOutputs(folder, [])).rejects.toThrow('no run');
  });

  it('are named where the archive cannot be read, and are nothing where there is none', async () => {
    expect(await readOutputs(folder)).toEqual(new Map());
    await writeFile(join(folder, OUTPUTS), 'no archive');
    await expect(readOutputs(folder)).rejects.toThrow(`${join(folder, OUTPUTS)} cannot be read`);
  });

  it('take at most the size told beforehand', async () => {
    await keptRun(FILES);
    const told = archivedSize(
      'r',
      Object.entries(FILES).map(([name, text]) => ({ name, bytes: text.length })),
    );
    expect((await stat(join(folder, OUTPUTS))).size).toBeLessThan(told);
  });
});
