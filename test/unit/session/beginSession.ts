import type { NewEvent } from '../../../src/domain/event.ts';
import { Session } from '../../../src/session/session.ts';

type Started = Extract<NewEvent, { type: 'session.started' }>;

export const NO_MODEL: Started['model'] = {
  baseUrl: null,
  model: null,
  replay: null,
  record: null,
  firstTokenSeconds: null,
  retries: null,
};

/** A session that has begun in a folder, on autopilot and without a model unless `more` says otherwise. */
export async function beginSession(folder: string, more: Partial<Started> = {}): Promise<Session> {
  const session = await Session.open(folder);
  await session.append({
    type: 'session.started',
    format: 1,
    session: session.id,
    version: '0.0.0',
    workspace: '/w',
    assignment: { kind: 'idea', paper: 'p.pdf' },
    policy: 'autopilot',
    unconfined: false,
    budgetTokens: null,
    model: NO_MODEL,
    ...more,
  });
  return session;
}
