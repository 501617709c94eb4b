import { setTimeout as sleep } from 'node:timers/promises';

/** What services are waited for by, so that a test need not sit its waits out. Milliseconds. */
export interface ServiceClock {
  now(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const SERVICE_CLOCK: ServiceClock = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};
