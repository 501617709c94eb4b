import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../../src/domain/event.ts';
import { type EndedRun, Run } from '../../../src/domain/run.ts';
import { hashBeside } from '../../../src/runs/besideRecord.ts';
import { hashOutput } from '../../../src/runs/outputFolder.ts';
import { runFolder, writeRecord } from '../../../src/runs/runFolder.ts';
import { verifyRuns } from '../../../src/session/verifyRuns.ts';

const FILES = { 'spec.json': '{"seed":17}', 'output.log': 'loss 0.25\n', 'output.times': '0 3 stdout\n' };

let workspace: string;
let folder: string;
let events: SessionEvent[];

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'verify-runs-test-'));
  folder = runFolder(workspace, 'm1-17-variant');
  for (const [name, text] of Object.entries({ ...FILES, 'out/predictions.csv': 'id,label\nt0,1\n' })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const run: EndedRun = {
    ...{ version: 1, id: 'm1-17-variant', session: 's', purpose: 'run', arm: null, seed: 17, argv: ['true'] },
    ...{ cwd: workspace, confinement: 'none', startedAt: '', pid: 1, environment: {}, endedAt: '', exit: 0 },
    resources: { wallSeconds: 1, memoryBytes: 1, processes: 1 },
    ...{ hashes: [], state: 'finished', beside: await hashBeside(folder) },
    output: await hashOutput(join(folder, 'out'), 1000),
  };
  await writeRecord(folder, run);
  events = [{ type: 'run.ended', run: Run.parse(run), metrics: {}, seq: 1, at: '', hash: '' }];
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

describe("a run's folder", () => {
  it('holds as the log tells of it', async () => {
    expect(await verifyRuns(workspace, events)).toBe(1);
  });

  it.each([...Object.keys(FILES), 'run.json', 'out/predictions.csv'])(
    'holds no more with one digit of %s altered',
    async (name) => {
      const file = join(folder, name);
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
      );
      const named = name.startsWith('out/') ? join(folder, 'out') : file;
      await expect(verifyRuns(workspace, events)).rejects.toThrow(`${named} was altered`);
    },
  );

  it('holds no more where a file beside the record is missing, and goes on without an output that made room', async () => {
    await rm(join(folder, 'out'), { recursive: true });
    expect(await verifyRuns(workspace, events)).toBe(1);
    await rm(join(folder, 'output.times'));
    await expect(verifyRuns(workspace, events)).rejects.toThrow('output.times is missing');
  });
});
