import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { branchPoints } from '../../../src/domain/branchPoint.ts';
import type { NewEvent, SessionEvent } from '../../../src/domain/event.ts';
import type { Gate } from '../../../src/domain/gate.ts';
import { assertBranched, branchSession } from '../../../src/session/branch.ts';
import { readLog, writeLog } from '../../../src/session/log.ts';
import { foldAll } from '../../../src/session/state.ts';
import { listSessions, sessionFolder } from '../../../src/session/store.ts';
import { NO_MODEL } from './beginSession.ts';

const ORIGIN = '20260101-000000-abcdef';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'mlr-branch-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const started: NewEvent = {
  ...{ type: 'session.started', format: 1, session: ORIGIN, version: '0.0.0', workspace: '/w', policy: 'autopilot' },
  ...{ assignment: { kind: 'research', paper: 'p.pdf', ideaFile: null }, unconfined: true, budgetTokens: 100 },
  model: { ...NO_MODEL, model: 'm', record: '/w/recording.json' },
};
const gate = (id: string, kind: Gate['kind']): Gate => ({
  ...{ id, kind, question: `${id}?`, detail: '' },
  options: ['yes', 'revise', 'stop'].map((choice) => ({ choice, label: choice })),
});
const decided = (id: string, kind: Gate['kind'], choice = 'yes'): NewEvent[] => [
  { type: 'gate.opened', gate: gate(id, kind), waitsFor: 'person' },
  { type: 'gate.resolved', gate: id, answer: { choice }, by: 'somebody' },
];
const queued: NewEvent = { type: 'run.queued', run: 'r', purpose: 'pilot', arm: null, seed: null };
const spoken: NewEvent = {
  ...{ type: 'agent.message', agent: 'idea', call: 'idea', turn: 1, text: 'Words.', toolCalls: [] },
  usage: { promptTokens: 30, completionTokens: 4 },
};
const made: NewEvent = { type: 'worktree.made', of: 'variant', path: '/w/v', branch: 'mlr/v', base: 'b' };

async function origin(...events: NewEvent[]): Promise<void> {
  await writeLog(sessionFolder(workspace, ORIGIN), [started, ...events]);
}

async function branched(how: { gate: string; keepAnswer: boolean }): Promise<SessionEvent[]> {
  const id = await branchSession(workspace, { session: ORIGIN, ...how });
  return (await readLog(sessionFolder(workspace, id))).events;
}

/** Every file below a folder, byte for byte. */
async function filesOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')] as const)));
}

const body = ({ seq: _seq, at: _at, hash: _hash, ...rest }: SessionEvent) => rest;

describe('a session that is branched from another', () => {
  test('asks the question again, with all that was known before it', async () => {
    await origin(spoken, ...decided('chooseIdea', 'chooseIdea'), ...decided('approvePlan', 'approvePlan'), queued);
    const events = await branched({ gate: 'approvePlan', keepAnswer: false });
    const state = foldAll(events);
    expect(state.gates.get('chooseIdea')?.answer).toEqual({ choice: 'yes' });
    expect(state.gates.get('approvePlan')).toEqual({ gate: gate('approvePlan', 'approvePlan') });
    expect(state.tokens).toEqual({ prompt: 30, completion: 4 });
  });

  test('keeps the answer where that is asked for, and has nothing that follows from it', async () => {
    await origin(...decided('approvePlan', 'approvePlan'), queued);
    const events = await branched({ gate: 'approvePlan', keepAnswer: true });
    expect(events.map((event) => event.type)).toEqual(['session.started', 'gate.opened', 'gate.resolved']);
  });

  test('says where it came from, in its log and in the list, and never writes into the recording of its origin', async () => {
    await origin(...decided('approvePlan', 'approvePlan'));
    const [first] = await branched({ gate: 'approvePlan', keepAnswer: false });
    const { events } = await readLog(sessionFolder(workspace, ORIGIN));
    const from = { session: ORIGIN, gate: 'approvePlan', event: 2, hash: events[1]?.hash };
    expect(first).toMatchObject({ origin: from, workspace, model: { model: 'm', record: null } });
    const [old, own] = await listSessions(workspace);
    expect([old?.origin, own?.origin]).toEqual([null, from]);
  });

  test.each([
    ['a decision that was never made', 'other', false, /no decision "other" to branch from; there are: approvePlan/],
    ['a decision after something had run', 'adopt', false, /no decision "adopt"/],
    ['what follows from stopping', 'approvePlan', true, /was stopped at "approvePlan"/],
  ])('is refused for %s, and leaves nothing behind', async (_what, name, keepAnswer, words) => {
    await origin(...decided('approvePlan', 'approvePlan', 'stop'), queued, ...decided('adopt', 'adopt'));
    await expect(branchSession(workspace, { session: ORIGIN, gate: name, keepAnswer })).rejects.toThrow(words);
    expect(await readdir(path.join(workspace, '.mlr', 'sessions'))).toEqual([ORIGIN]);
  });

  test('keeps the baseline alive by itself, and is refused where git has it no longer', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: workspace })
        .toString()
        .trim();
    await origin();
    git('init', '-q');
    await writeFile(path.join(workspace, 'a.py'), 'a\n');
    git('add', 'a.py');
    git('commit', '-qm', 'A');
    const [commit, tree] = [git('rev-parse', 'HEAD'), git('rev-parse', 'HEAD^{tree}')];
    const fixed = (of: string): NewEvent => ({ type: 'baseline.fixed', commit: of, tree, why: 'HEAD', call: null });
    await rm(sessionFolder(workspace, ORIGIN), { recursive: true });
    await origin(fixed(commit), ...decided('approvePlan', 'approvePlan'));
    const id = await branchSession(workspace, { session: ORIGIN, gate: 'approvePlan', keepAnswer: true });
    expect(git('rev-parse', `refs/mlr/${id}/baseline`)).toBe(commit);
    await rm(sessionFolder(workspace, ORIGIN), { recursive: true });
    await origin(fixed('0'.repeat(39).concat('1')), ...decided('approvePlan', 'approvePlan'));
    const again = branchSession(workspace, { session: ORIGIN, gate: 'approvePlan', keepAnswer: true });
    await expect(again).rejects.toThrow('no longer in the repository');
    expect((await readdir(path.join(workspace, '.mlr', 'sessions'))).sort()).toEqual([ORIGIN, id].sort());
  });

  test('is found out where its beginning is not what the origin says', async () => {
    await origin(spoken, ...decided('approvePlan', 'approvePlan'));
    const events = await branched({ gate: 'approvePlan', keepAnswer: true });
    await expect(assertBranched(workspace, events)).resolves.toBeUndefined();
    const altered = events.map((event) => (event.type === 'agent.message' ? { ...event, text: 'Other.' } : event));
    await expect(assertBranched(workspace, altered)).rejects.toThrow(`${ORIGIN}, whose event 2 was another`);
    await rm(sessionFolder(workspace, ORIGIN), { recursive: true });
    await origin({ ...spoken, text: 'Rewritten.' } as NewEvent, ...decided('approvePlan', 'approvePlan'));
    await expect(assertBranched(workspace, events)).rejects.toThrow('whose event 4 is another by now');
  });

  test('holds for whatever happened: the origin stays byte for byte, and no evidence is copied', async () => {
    const long: NewEvent = { type: 'notice', text: 'x'.repeat(20_000) };
    const one = fc.constantFrom<NewEvent>(
      ...[spoken, queued, made, long, { type: 'feedback', text: 'Say.' } as const],
      ...[{ type: 'session.paused', by: 'p' } as const, { type: 'session.resumed', why: 'w' } as const],
    );
    const rounds = fc.array(fc.tuple(fc.array(one, { maxLength: 3 }), fc.constantFrom('yes', 'revise', 'stop')), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(rounds, fc.boolean(), async (parts, keepAnswer) => {
        await rm(path.join(workspace, '.mlr'), { recursive: true, force: true });
        await origin(...parts.flatMap(([events, choice], i) => [...events, ...decided(`g${i}`, 'chooseIdea', choice)]));
        const before = await filesOf(sessionFolder(workspace, ORIGIN));
        const { events } = await readLog(sessionFolder(workspace, ORIGIN));
        for (const point of branchPoints(events)) {
          if (keepAnswer && point.answer.choice === 'stop') continue;
          const copy = await branched({ gate: point.gate.id, keepAnswer });
          expect(copy.slice(1).map(body)).toEqual(
            events.slice(1, keepAnswer ? point.event : point.event - 1).map(body),
          );
          expect(copy.some((event) => event.type === 'run.queued' || event.type === 'worktree.made')).toBe(false);
          await assertBranched(workspace, copy);
        }
        expect(await filesOf(sessionFolder(workspace, ORIGIN))).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });
});
