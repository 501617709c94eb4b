import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { OutputLog, readStream } from '../../../src/runs/outputLog.ts';
import { inRun, runFolder } from '../../../src/runs/runFolder.ts';

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
});
