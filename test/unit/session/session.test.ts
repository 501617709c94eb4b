import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModelChoice } from '../../../src/domain/event.ts';
import type { Gate, Policy } from '../../../src/domain/gate.ts';
import { Interrupted, SessionError } from '../../../src/session/errors.ts';
import { Session } from '../../../src/session/session.ts';
import { beginSession, NO_MODEL } from './beginSession.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mlr-session-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const gate: Gate = {
  id: 'chooseIdea',
  kind: 'chooseIdea',
  question: 'Which?',
  detail: '',
  options: [
    { choice: 'a', label: 'A' },
    { choice: 'b', label: 'B' },
  ],
};

function begin(policy: Policy, model: Partial<ModelChoice> = {}): Promise<Session> {
  return beginSession(folder, { policy, model: { ...NO_MODEL, ...model } });
}

test('a session that began on local models alone stays so, whatever model it is resumed with', async () => {
  const session = await begin('review', { localOnly: true });
  const { model } = session.begun;
  const { localOnly, ...remote } = { ...model, baseUrl: 'https://api.openai.com/v1', model: 'm' };
  await session.append({ type: 'session.resumed', why: 'Another model.', model: remote });
  expect(session.begun.model).toEqual({ ...remote, localOnly });
  expect(localOnly).toBe(true);
});

describe('a gate', () => {
  test('waits for a person under review, and goes on with what they chose', async () => {
    const session = await begin('review');
    const asked = session.ask(gate, { choice: 'a' });
    await expect.poll(() => session.state.status).toBe('waiting');
    await session.answer('chooseIdea', { choice: 'b' }, 'researcher');
    expect(await asked).toEqual({ choice: 'b' });
    expect(session.state.status).toBe('working');
  });

  test('is answered by the policy on autopilot, and the log says so', async () => {
    const session = await begin('autopilot');
    expect(await session.ask(gate, { choice: 'a' })).toEqual({ choice: 'a' });
    expect(session.state.gates.get('chooseIdea')?.by).toBe('policy autopilot');
  });

  test('is not asked again after a restart once it was answered', async () => {
    const session = await begin('review');
    const asked = session.ask(gate, { choice: 'a' });
    await expect.poll(() => session.state.status).toBe('waiting');
    await session.answer('chooseIdea', { choice: 'b' }, 'researcher');
    await asked;
    const again = await Session.open(folder);
    expect(await again.ask(gate, { choice: 'a' })).toEqual({ choice: 'b' });
  });

  test('refuses a choice that it does not offer, naming those it does', async () => {
    const session = await begin('review');
    session.ask(gate, { choice: 'a' }).catch(() => undefined);
    await expect.poll(() => session.state.status).toBe('waiting');
    await expect(session.answer('chooseIdea', { choice: 'c' }, 'researcher')).rejects.toThrow(/takes a, b; "c"/);
    await expect(session.answer('adopt', { choice: 'a' }, 'researcher')).rejects.toBeInstanceOf(SessionError);
    session.interrupt();
  });

  test('is left at once when the session is interrupted, and can be waited at again', async () => {
    const session = await begin('review');
    const asked = session.ask(gate, { choice: 'a' });
    await expect.poll(() => session.state.status).toBe('waiting');
    session.interrupt();
    await expect(asked).rejects.toBeInstanceOf(Interrupted);
    session.revive();
    const again = session.ask(gate, { choice: 'a' });
    await session.answer('chooseIdea', { choice: 'a' }, 'researcher');
    expect(await again).toEqual({ choice: 'a' });
  });
});
