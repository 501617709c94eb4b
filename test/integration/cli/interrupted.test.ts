import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ChatServer, chatServer } from '../../unit/models/chatServer.ts';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';
import { mlr, pathWith, start, startAtTerminal } from './commandLine.ts';

const paper = fileURLToPath(new URL('../../unit/papers/fixtures/socks.md', import.meta.url));
const compare = ['measure', '--baseline', 'main', '--variant', 'better'];
const CTRL_C = '\x03';
const CTRL_D = '\x04';

let cwd: string;
let server: ChatServer | undefined;
let bare: string;
beforeEach(() => {
  cwd = tinyWorkspace(0.3);
  bare = pathWith('git', 'python3');
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await expect.poll(() => processesOf(cwd), { timeout: 120_000 }).toEqual([]);
  for (const folder of [cwd, bare]) rmSync(folder, { recursive: true, force: true });
});

describe('Ctrl-C', () => {
  test('while an agent thinks ends within seconds with exit code 130, and the session can be resumed', async () => {
    server = await chatServer(() => undefined);
    const env = { MLR_BASE_URL: server.baseUrl, MLR_MODEL: 'slow', MLR_API_KEY: 'k' };
    const { process: child, ended } = start(['idea', '--paper', paper, '--json'], { cwd, env });
    await expect.poll(() => server?.received.length, { timeout: 120_000 }).toBe(1);
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    expect(code).toBe(130);
    expect(err).toMatch(/go on with: mlr resume \S+\n$/);
    expect(JSON.parse(out)).toEqual({ interrupted: { session: expect.any(String) as string } });
    const list = await mlr(['sessions', '--json'], { cwd });
    expect(JSON.parse(list.out)).toMatchObject({ sessions: [{ status: 'stopped', phase: 'idea' }] });
  });

  test('during a run stops it, leaves no process behind and loses nothing', async () => {
    const { process: child, said, ended } = start([...compare, '--unconfined', '--json'], { cwd });
    await expect.poll(() => said.err, { timeout: 120_000 }).toContain('accuracy');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    await expect.poll(() => processesOf(cwd), { timeout: 120_000 }).toEqual([]);
    const resumed = await mlr(['resume', 'last', '--json'], { cwd });
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({ verdict: 'supported' });
    expect(eventsOf(cwd).filter((type) => type === 'registered')).toHaveLength(1);
  });

  test('twice leaves at once, and what was done is still there', async () => {
    const { process: child, said, ended } = start([...compare, '--unconfined'], { cwd });
    await expect.poll(() => said.err, { timeout: 120_000 }).toContain('accuracy');
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const resumed = await mlr(['resume', 'last', '--json'], { cwd });
    expect(JSON.parse(resumed.out)).toMatchObject({ verdict: 'supported' });
  });

  test('at a gate, typed at a terminal, leaves the gate open', async () => {
    const asked = startAtTerminal(compare, { cwd, env: { PATH: bare } });
    await expect.poll(() => asked.said.out, { timeout: 120_000 }).toContain('1–2: ');
    asked.process.stdin.write(CTRL_C);
    expect((await asked.ended).code).toBe(130);
    expect(asked.said.out).toMatch(/go on with: mlr resume/);
    const waiting = await mlr(['resume', 'last', '--json'], { cwd, env: { PATH: bare } });
    expect(waiting.code).toBe(4);
    expect(JSON.parse(waiting.out)).toMatchObject({ waiting: { gate: 'unconfined' } });
  });

  test('in `follow` stops the run that is followed', async () => {
    writeFileSync(path.join(cwd, 'train.py'), 'import time\nprint("begun", flush=True)\ntime.sleep(60)\n');
    const measuring = start(['measure', '--baseline', 'worktree', '--unconfined'], { cwd });
    await expect.poll(() => runsOf(cwd).length, { timeout: 120_000 }).toBeGreaterThan(0);
    const [run = ''] = runsOf(cwd);
    const following = start(['follow', run], { cwd });
    await expect.poll(() => following.said.out, { timeout: 120_000 }).toBe('begun\n');
    following.process.kill('SIGINT');
    expect(await following.ended).toMatchObject({ code: 130, out: 'begun\n' });
    expect(following.said.err).toContain('mlr: the run was stopped by researcher\n');
    measuring.process.kill('SIGINT');
    expect((await measuring.ended).code).toBe(130);
  });
});

test('`stop` in another terminal ends the session that is worked on, for both', async () => {
  const measuring = start([...compare, '--unconfined'], { cwd });
  await expect.poll(() => measuring.said.err, { timeout: 120_000 }).toContain('accuracy');
  const stopped = await mlr(['stop'], { cwd });
  expect(stopped).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^stopped \S+; go on with: mlr resume/) as string,
  });
  expect((await measuring.ended).code).toBe(130);
});

describe('at a terminal', () => {
  test('a gate is asked there, a wrong answer again, and the answer goes on to the verdict', async () => {
    const asked = startAtTerminal(compare, { cwd, env: { PATH: bare } });
    await expect.poll(() => asked.said.out, { timeout: 120_000 }).toContain('1–2: ');
    asked.process.stdin.write('7\r');
    await expect.poll(() => asked.said.out.split('1–2: ').length, { timeout: 120_000 }).toBeGreaterThan(2);
    asked.process.stdin.write('1\r');
    expect((await asked.ended).code).toBe(0);
    expect(asked.said.out).toMatch(/Verdict {2}supported/);
  });

  test('Ctrl-D at a gate says how it can be answered later, exit code 4', async () => {
    const asked = startAtTerminal(compare, { cwd, env: { PATH: bare } });
    await expect.poll(() => asked.said.out, { timeout: 120_000 }).toContain('1–2: ');
    asked.process.stdin.write(CTRL_D);
    expect((await asked.ended).code).toBe(4);
    expect(asked.said.out).toMatch(/mlr answer \S+ unconfined approve/);
  });
});

function runsOf(folder: string): string[] {
  try {
    return readdirSync(path.join(folder, '.mlr', 'runs'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function eventsOf(folder: string): string[] {
  const [session = ''] = readdirSync(path.join(folder, '.mlr', 'sessions'));
  const lines = readFileSync(path.join(folder, '.mlr', 'sessions', session, 'events.jsonl'), 'utf8').trim();
  return lines.split('\n').map((line) => (JSON.parse(line) as { type: string }).type);
}

/** Processes that were started for this workspace. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && mentions(pid, folder),
  );
}

function mentions(pid: string, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
  } catch {
    // The process has ended meanwhile.
    return false;
  }
}
