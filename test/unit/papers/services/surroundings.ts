import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { AnswerCache } from '../../../../src/papers/services/answerCache.ts';
import type { Service } from '../../../../src/papers/services/service.ts';
import { ServiceDoor, type Surroundings } from '../../../../src/papers/services/serviceDoor.ts';
import { Turnstile } from '../../../../src/papers/services/turnstile.ts';
import { HandServiceClock, type ServiceServer, serviceServer, type Turn } from './serviceServer.ts';

/** What a test asks services with: servers that end with it, a folder of its own, a clock that it turns. */
export interface Bench {
  folder: string;
  clock: HandServiceClock;
  serve(...turns: Turn[]): Promise<ServiceServer>;
  around(changes?: Partial<Surroundings>): Surroundings;
  door(service: Pick<Service, 'baseUrl'> & Partial<Service>, changes?: Partial<Surroundings>): ServiceDoor;
}

export function bench(): Bench {
  const servers: ServiceServer[] = [];
  const here: Bench = {
    folder: '',
    clock: new HandServiceClock(),
    async serve(...turns) {
      const server = await serviceServer(...turns);
      servers.push(server);
      return server;
    },
    around: (changes = {}) => ({
      reach: async () => ({ fetch }),
      cache: new AnswerCache(path.join(here.folder, 'answers')),
      turnstile: new Turnstile(path.join(here.folder, 'turns'), here.clock),
      clock: here.clock,
      // A busy machine must not make a service look silent.
      patience: { answer: 20_000, whole: 20_000 },
      ...changes,
    }),
    door: (service, changes) =>
      new ServiceDoor({ name: 'Service', setting: 'MLR_SERVICE_URL', every: 0, ...service }, here.around(changes)),
  };
  beforeEach(async () => {
    here.folder = await mkdtemp(path.join(tmpdir(), 'mlr-services-'));
    here.clock = new HandServiceClock();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
    // What was called off may still be writing.
    await rm(here.folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return here;
}

/** For services that are silent. */
export const SHORT = { answer: 150, whole: 9_000 };

export const NEVER = new AbortController().signal;
