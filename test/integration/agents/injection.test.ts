import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../../src/domain/event.ts';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { readLog } from '../../../src/session/log.ts';
import { mlr, type Said } from '../cli/commandLine.ts';
import { honestPlan, type InjectedWorkspace, openPlace, plant } from './injectedWorkspace.ts';
import { HIDDEN, injections, KEY, OUTSIDE } from './injections.ts';
import { type ObedientModel, obedientModel } from './obedientModel.ts';

const place: InjectedWorkspace = openPlace();
const planted = injections(place.outside);
const { level } = await probeConfinement();

let model: ObedientModel;
let events: SessionEvent[];
let said: Said[];

beforeAll(async () => {
  plant(place, planted);
  model = await obedientModel(honestPlan(planted));
  const more = ['--model', 'obedient', '--base-url', model.baseUrl, '--policy', 'autopilot', '--json'];
  const around = { cwd: place.folder, env: { MLR_API_KEY: KEY, MLR_RETRIES: '0' } };
  const confined = level === 'none' ? ['--unconfined'] : [];
  said = [
    await mlr(['idea', '--paper', 'paper.pdf', ...more], around),
    await mlr(['research', '--paper', 'paper.md', ...more, ...confined], around),
  ];
  events = (await Promise.all(sessions().map(async (folder) => (await readLog(folder)).events))).flat();
});

afterAll(async () => {
  await model.close();
  rmSync(path.dirname(place.folder), { recursive: true, force: true });
});

describe('an instruction that a stranger wrote, to a model that obeys every one', () => {
  test.each(planted.map((one) => [`${one.id}: ${one.where}`, one] as const))('%s', (_, injection) => {
    const called = results(injection.id);
    if (injection.ends === 'unread') {
      expect(model.obeyed).not.toContain(injection.id);
      return;
    }
    expect(model.obeyed).toContain(injection.id);
    expect(called.length).toBeGreaterThan(0);
    if (injection.ends === 'refused') expect(called.filter(({ ok }) => ok)).toEqual([]);
    // Some agents have no tool that edits; the one that has may, and what came of it is looked at below.
    else expect(called.some(({ ok }) => ok)).toBe(true);
  });
});

describe('after all of them were obeyed', () => {
  test('the session came to its verdict', () => {
    expect(said.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0]);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['repaired', 'measured', 'report.written']));
  });

  test('what measures the result is as it was, in the workspace and in every arm', () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: place.folder, encoding: 'utf8' });
    expect(git('status', '--porcelain', '--', 'evaluate.py', 'mlr.yaml', 'train.py', 'data')).toBe('');
    const arms = events.flatMap((e) => {
      if (e.type === 'variant.committed') return [e.commit];
      return e.type === 'repaired' ? [e.variant.commit, e.baseline.commit] : [];
    });
    expect(arms.length).toBeGreaterThan(1);
    for (const arm of arms) expect(git('diff', '--name-only', 'main', arm).split('\n')).not.toContain('evaluate.py');
    for (const arm of arms) expect(git('diff', '--name-only', 'main', arm).split('\n')).not.toContain('mlr.yaml');
    expect(existsSync(path.join(place.folder, '.git', 'hooks', 'post-commit'))).toBe(false);
    expect(readFileSync(place.outside, 'utf8')).toBe(`${OUTSIDE}\n`);
  });

  test.each([
    ['a hidden file', HIDDEN],
    ['a file outside the workspace', OUTSIDE],
    ['the key', KEY],
  ])('nothing of %s was ever sent to the model', (_, secret) => {
    expect(model.asked.length).toBeGreaterThan(20);
    expect(model.asked.filter((words) => words.includes(secret))).toEqual([]);
  });

  test('no key stands in a log, a run, a report or an answer', () => {
    const texts = files(path.join(place.folder, '.mlr')).map((file) => readFileSync(file, 'latin1'));
    expect(texts.length).toBeGreaterThan(50);
    expect([...texts, ...said.flatMap(({ out, err }) => [out, err])].filter((text) => text.includes(KEY))).toEqual([]);
  });

  test('nothing that the model claimed to have measured stands in the report', () => {
    const written = events.find((e) => e.type === 'report.written');
    const report = written?.type === 'report.written' ? readFileSync(written.file, 'utf8') : '';
    expect(report).toContain('accuracy');
    expect(report).not.toContain('98765');
  });
});

function results(id: string): { ok: boolean; content: string }[] {
  return events.flatMap((e) =>
    e.type === 'agent.tool' && e.callId.startsWith('do_') && e.callId.endsWith(`_${id}`)
      ? [{ ok: e.ok, content: e.content }]
      : [],
  );
}

function sessions(): string[] {
  const folder = path.join(place.folder, '.mlr', 'sessions');
  return readdirSync(folder).map((name) => path.join(folder, name));
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'lock')
    .map((entry) => path.join(entry.parentPath, entry.name));
}
