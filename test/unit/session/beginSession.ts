import type { NewEvent } from '../../../src/domain/event.ts';
import type { Ports } from '../../../src/session/ports.ts';
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

/** What a session of a workspace reaches of its surroundings where nobody lends a model or keeps a key. */
export function portsOf(workspace: string): Ports {
  return {
    workspace,
    supervisorArgv: [],
    modelChoice: NO_MODEL,
    secret: async () => null,
    proxies: async () => null,
    lender: { models: async () => [], ask: async () => ({ kind: 'none', why: 'nobody', said: '' }) },
    onDelta: () => undefined,
  };
}
