import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventLog, readLog } from '../../../src/session/log.ts';

let folder: string;
const file = () => path.join(folder, 'events.jsonl');

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mlr-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function three(): Promise<EventLog> {
  const log = await EventLog.open(folder);
  for (const text of ['one', 'two', 'three']) await log.append({ type: 'notice', text });
  return log;
}

describe('the log of a session', () => {
  test('gives back what was appended, in order, with its places', async () => {
    await three();
    const { events } = await readLog(folder);
    expect(events.map((e) => [e.seq, e.type === 'notice' && e.text])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
  });

  test('keeps appends apart that were made at the same time', async () => {
    const log = await EventLog.open(folder);
    await Promise.all(Array.from({ length: 20 }, (_, i) => log.append({ type: 'notice', text: String(i) })));
    const { events } = await readLog(folder);
    expect(events.map((e) => e.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test('drops a last line that a crash cut off, says so, and can be written again', async () => {
    await three();
    await appendFile(file(), '{"seq":4,"at":"2026');
    const again = await EventLog.open(folder);
    expect(again.torn).toBe(true);
    await again.append({ type: 'notice', text: 'four' });
    expect((await readLog(folder)).events).toHaveLength(4);
  });

  test('names the first line in which a single letter was changed', async () => {
    await three();
    await writeFile(file(), (await readFile(file(), 'utf8')).replace('"two"', '"twO"'));
    await expect(readLog(folder)).rejects.toThrow(/events\.jsonl:2: .*altered/);
  });

  test('notices a line that was taken out', async () => {
    await three();
    const lines = (await readFile(file(), 'utf8')).split('\n');
    await writeFile(file(), [lines[0], lines[2], ''].join('\n'));
    await expect(readLog(folder)).rejects.toThrow(/events\.jsonl:2: /);
  });

  test('keeps a long event in a file named by its hash, and notices when that is changed', async () => {
    const log = await EventLog.open(folder);
    await log.append({ type: 'notice', text: 'x'.repeat(40_000) });
    const [line] = (await readFile(file(), 'utf8')).split('\n');
    expect(line?.length).toBeLessThan(1_000);
    const { events } = await readLog(folder);
    expect(events[0]?.type === 'notice' && events[0].text.length).toBe(40_000);
    const name = (JSON.parse(line ?? '') as { blob: string }).blob;
    await writeFile(path.join(folder, 'blobs', name), '{"text":"short"}');
    await expect(readLog(folder)).rejects.toThrow(/altered/);
  });

  test('refuses to write what is no event', async () => {
    const log = await EventLog.open(folder);
    await expect(log.append({ type: 'notice', text: 7 } as never)).rejects.toThrow();
    await log.append({ type: 'notice', text: 'goes on' });
    expect(log.events).toHaveLength(1);
  });
});
