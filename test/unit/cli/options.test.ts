import { afterEach, expect, it, vi } from 'vitest';
import { chosenAnew, modelChoice } from '../../../src/cli/commands/options.ts';
import type { SessionEvent } from '../../../src/domain/event.ts';

afterEach(() => vi.unstubAllEnvs());

const HAD = { baseUrl: 'http://far/v1', model: 'm', replay: null, record: null, firstTokenSeconds: 9, retries: null };

it('is switched on by any word in MLR_LOCAL_ONLY but those that mean no', () => {
  const on = (word: string) => modelChoice({}, { MLR_LOCAL_ONLY: word }).localOnly ?? false;
  expect(['1', 'true', 'yes', 'please'].map(on)).toEqual([true, true, true, true]);
  expect(['', '0', 'false', 'No', ' off '].map(on)).toEqual([false, false, false, false, false]);
  expect(modelChoice({ localOnly: true }, {}).localOnly).toBe(true);
});

it('makes a resumed session local without forgetting its model', () => {
  for (const name of ['MLR_MODEL', 'MLR_LOCAL_ONLY']) vi.stubEnv(name, '');
  const began = [{ type: 'session.started', model: HAD }] as unknown as SessionEvent[];
  expect(chosenAnew({ workspace: '.', localOnly: true }, began).model).toEqual({ ...HAD, localOnly: true });
  expect(chosenAnew({ workspace: '.' }, began).model).toBeNull();
});
