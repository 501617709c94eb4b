import { expect, it } from 'vitest';
import { ModelError } from '../../../src/models/modelError.ts';
import { retrying } from '../../../src/models/retrying.ts';
import { HandClock } from './handClock.ts';

it('a failure that passes is waited out ever longer, and not at the same moment by all whom it struck', async () => {
  const clock = new HandClock();
  const waits: number[] = [];
  const request = {
    ...{ agent: 'idea', turn: 1, messages: [], tools: [], signal: new AbortController().signal },
    onRetry(_: string, seconds: number) {
      waits.push(seconds);
      setImmediate(() => clock.advance(seconds));
    },
  };
  const fails = () => Promise.reject(new ModelError('unreachable', 'It is down.', { passing: true }));
  const asked = retrying(request, { retryAfterSeconds: 2, jitter: () => 0.5, clock }, fails);
  await expect(asked).rejects.toThrow('It is down.');
  expect(waits).toEqual([3, 6]);
  await expect(retrying(request, { retries: 1, retryAfterSeconds: 2, clock }, fails)).rejects.toThrow('It is down.');
  expect(waits[2]).toBeGreaterThanOrEqual(2);
  expect(waits[2]).toBeLessThanOrEqual(4);
});
