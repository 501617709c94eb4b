import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { followRun } from '../../../src/runs/followRun.ts';
import { takeLock } from '../../../src/runs/lock.ts';
import { supervisorLock } from '../../../src/runs/lostRun.ts';
import { OutputLog, readStream } from '../../../src/runs/outputLog.ts';
import { inRun, runFolder, sessionFolder, writeRecord, writeSpec } from '../../../src/runs/runFolder.ts';
import { common } from '../../../src/runs/supervise.ts';
import { ScratchWorkspace } from '../../hosts/scratchWorkspace.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('the output of a run', () => {
  it('takes 64 MiB however much is printed, and a last line of megabytes is still whole', async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'output-log-'));
    folders.push(workspace);
    const folder = runFolder(workspace, 'chatty');
    await mkdir(folder, { recursive: true });
    const log = new OutputLog(folder, 2 * 2 ** 30);
    const chatter = Buffer.alloc(2 ** 20, 'x');
    for (let i = 0; i < 150; i += 1) log.write('stdout', chatter);
    const line = JSON.stringify({ examples: new Array<number>(2_000_000).fill(1) });
    log.write('stdout', Buffer.from(`\n${line}\n`));
    log.close();
    expect((await stat(inRun.log(folder))).size).toBeLessThan(66 * 2 ** 20);
    const text = (await readStream(workspace, 'chatty', 'stdout')).trimEnd();
    expect(text.slice(text.lastIndexOf('\n') + 1) === line).toBe(true);
  });

  it('is followed on after its log is full, and nothing of it is told twice', async () => {
    const place = await ScratchWorkspace.make();
    folders.push(dirname(place.top));
    const spec = place.spec([
      '/usr/bin/python3',
      '-c',
      `
import sys, time
for i in range(2000): print("line", i, "x" * 600)
for i in range(8):
    print("epoch", i, flush=True)
    time.sleep(0.2)
`,
    ]);
    await writeSpec(place.folder(spec), spec);
    await writeRecord(place.folder(spec), { state: 'queued', ...common(spec, place.top) });
    const lock = await takeLock(supervisorLock(sessionFolder(place.top, 's1')));
    const running = place.run(spec);
    const heard: { at: number; text: string }[] = [];
    for await (const text of followRun(place.top, spec.id)) heard.push({ at: Date.now(), text });
    const { endedAt } = await running;
    await lock.release();
    const all = heard.map(({ text }) => text).join('');
    expect(all.match(/epoch \d/g)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'].map((i) => `epoch ${i}`));
    const early = heard.find(({ text }) => text.includes('epoch 2'));
    expect(Date.parse(endedAt) - (early?.at ?? 0)).toBeGreaterThan(300);
    expect(existsSync(inRun.live(place.folder(spec)))).toBe(false);
  });

  it('says which disk has no room for it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'output-log-'));
    folders.push(folder);
    await symlink('/dev/full', inRun.log(folder));
    const log = new OutputLog(folder, 2 ** 20);
    log.write('stdout', Buffer.from('epoch 1\n'));
    log.close();
    expect(log.broken).toBe(`The disk that holds ${folder} is full; make room there and go on.`);
  });
});
