import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../../src/domain/event.ts';
import type { RemoteEngine } from '../../../src/engine/client.ts';
import type { StartParams } from '../../../src/engine/protocol.ts';
import { socketPath } from '../../../src/engine/socketPath.ts';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';
import { attached } from './attached.ts';

const program = fileURLToPath(new URL('../../../dist/engine.mjs', import.meta.url));
const surface = { name: 'test', version: '0', secret: async () => null };

let workspace: string;
let socket: string;
const engines: ChildProcess[] = [];
beforeEach(async () => {
  workspace = realpathSync(tinyWorkspace(0.2));
  socket = await socketPath(workspace);
});
afterEach(() => {
  for (const engine of engines.splice(0)) engine.kill('SIGKILL');
  rmSync(workspace, { recursive: true, force: true });
});

function serve(): ChildProcess {
  const engine = spawn(process.execPath, [program, 'serve', '--workspace', workspace], { stdio: 'ignore' });
  engines.push(engine);
  return engine;
}

function attach(): Promise<RemoteEngine> {
  return attached(socket, surface);
}

const params: StartParams = {
  assignment: { kind: 'measure', baseline: 'main', variants: ['better'], hypothesis: 'better' },
  policy: 'autopilot',
  unconfined: true,
  budgetTokens: null,
  model: { baseUrl: null, model: null, replay: null, record: null, firstTokenSeconds: null, retries: null },
};

function until(engine: RemoteEngine, fits: (event: SessionEvent) => boolean): Promise<SessionEvent> {
  return new Promise((resolve) => {
    const end = engine.onEvent((_, event) => {
      if (!fits(event)) return;
      end();
      resolve(event);
    });
  });
}

describe("a workspace's engine", () => {
  test('is one, however many are started at the same time', async () => {
    const started = [serve(), serve(), serve()];
    const engine = await attach();
    await expect.poll(() => started.filter((e) => e.exitCode === null).length, { timeout: 60_000 }).toBe(1);
    expect(started.filter((e) => e.exitCode === 0)).toHaveLength(2);
    expect(started.find((e) => e.exitCode === null)?.pid).toBe(engine.info.pid);
    engine.dispose();
  });

  test('works on while nobody is attached, and shows a surface that comes later everything from the start', async () => {
    serve();
    const first = await attach();
    const { session } = await first.start(params);
    first.dispose();
    const second = await attach();
    const { events } = await second.attach(session);
    expect(events[0]?.type).toBe('session.started');
    const ended =
      events.find((e) => e.type === 'session.finished') ?? (await until(second, (e) => e.type === 'session.finished'));
    expect(ended).toMatchObject({ summary: expect.stringMatching(/^supported/) as string });
    second.dispose();
  });

  test('tells every attached surface of every event, in order', async () => {
    serve();
    const [one, two] = [await attach(), await attach()];
    const seen: Record<string, number[]> = { one: [], two: [] };
    one.onEvent((_, event) => seen.one?.push(event.seq));
    two.onEvent((_, event) => seen.two?.push(event.seq));
    const finished = [
      until(one, (e) => e.type === 'session.finished'),
      until(two, (e) => e.type === 'session.finished'),
    ];
    await one.start(params);
    await Promise.all(finished);
    expect(seen.one).toEqual([...(seen.one ?? [])].sort((a, b) => a - b));
    expect(seen.two).toEqual(seen.one);
    one.dispose();
    two.dispose();
  });

  test('is followed by another after kill -9, which goes on with the session', async () => {
    const killed = serve();
    const first = await attach();
    const { session } = await first.start(params);
    await until(first, (e) => e.type === 'run.ended');
    killed.kill('SIGKILL');
    await new Promise((resolve) => killed.once('exit', resolve));
    serve();
    const second = await attach();
    const finished = until(second, (e) => e.type === 'session.finished');
    await second.resume({ session, model: null });
    expect(await finished).toMatchObject({ summary: expect.stringMatching(/^supported/) as string });
    second.dispose();
  });

  test('hands errors on as one sentence with their reason', async () => {
    serve();
    const engine = await attach();
    await expect(engine.attach('nothing')).rejects.toMatchObject({
      reason: 'unknown-session',
      message: expect.stringContaining('names no session') as string,
    });
    await expect(engine.readPaper(path.join(workspace, 'none.pdf'))).rejects.toMatchObject({ reason: 'missing' });
    engine.dispose();
  });
});
