import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AnswerCache } from '../../../../src/papers/services/answerCache.ts';
import { Turnstile } from '../../../../src/papers/services/turnstile.ts';
import { answers } from './serviceServer.ts';
import { bench, NEVER, SHORT } from './surroundings.ts';

const here = bench();
const HOUR = 3_600_000;
const question = {
  path: '/q?words=a',
  parse: (text: string) => JSON.parse(text) as unknown,
  freshFor: HOUR,
  signal: NEVER,
};

test('an answer is asked for once, and anew when it is no longer fresh', async () => {
  const server = await here.serve(answers({ n: 1 }), answers({ n: 2 }));
  const door = here.door(server);
  expect(await door.ask(question)).toEqual({ value: { n: 1 } });
  here.clock.advance(HOUR / 2);
  expect(await here.door(server).ask(question)).toEqual({ value: { n: 1 }, age: HOUR / 2 });
  here.clock.advance(HOUR);
  expect(await door.ask(question)).toEqual({ value: { n: 2 } });
  expect(server.asked).toHaveLength(2);
});

test('where a service has gone down, its earlier answer is taken and said to be old', async () => {
  const server = await here.serve(answers({ n: 1 }), answers('', 500));
  const door = here.door(server);
  await door.ask(question);
  here.clock.advance(3 * HOUR);
  expect(await door.ask(question)).toEqual({
    value: { n: 1 },
    age: 3 * HOUR,
    instead: 'Service has failed (500).',
  });
});

test('a passing failure is tried once more, after as long as the service asks for', async () => {
  const server = await here.serve(answers('', 429, { 'retry-after': '3' }), answers({ n: 1 }));
  expect(await here.door(server).ask(question)).toEqual({ value: { n: 1 } });
  expect(here.clock.waits).toEqual([3000]);
});

test('a service that asks for an hour is left alone, by every process of the machine, and asked again in the end', async () => {
  const server = await here.serve(answers('', 429, { 'retry-after': '900' }), answers({ n: 1 }));
  await expect(here.door(server).ask(question)).rejects.toMatchObject({ reason: 'throttled' });
  await expect(here.door(server).ask(question)).rejects.toMatchObject({
    reason: 'not asked',
    message: 'Service was not asked: it asked to be asked less often; it is asked again in 15 min.',
  });
  expect(server.asked).toHaveLength(1);
  expect(here.clock.waits).toEqual([]);
  here.clock.advance(900_000);
  expect(await here.door(server).ask(question)).toEqual({ value: { n: 1 } });
});

test('one that stays silent is left alone twice as long each time', async () => {
  const server = await here.serve(() => undefined);
  for (const rest of ['30 s', '60 s', '2 min']) {
    const patience = SHORT;
    await expect(here.door(server, { patience }).ask(question)).rejects.toMatchObject({ reason: 'silent' });
    await expect(here.door(server).ask(question)).rejects.toThrow(`it is asked again in ${rest}`);
    here.clock.advance(121_000);
  }
});

test('two processes ask one service in turn, three seconds apart', async () => {
  const server = await here.serve(answers({ n: 1 }));
  const questions = [1, 2, 3].map((n) => ({ ...question, path: `/q?n=${n}` }));
  await Promise.all(questions.map((one) => here.door({ ...server, every: 3000 }).ask(one)));
  expect(here.clock.waits.toSorted((a, b) => a - b)).toEqual([3000, 3000]);
});

test('a turn that would come too late is not waited for', async () => {
  const server = await here.serve(answers({ n: 1 }));
  const turnstile = new Turnstile(path.join(here.folder, 'turns'), here.clock);
  for (let i = 0; i < 4; i++) await turnstile.take(`Service@${new URL(server.baseUrl).host}`, 3000, 60_000);
  const impatient = here.door({ ...server, every: 3000 }, { patience: SHORT });
  await expect(impatient.ask(question)).rejects.toMatchObject({ reason: 'not asked' });
  expect(server.asked).toHaveLength(0);
});

test('a lock that a dead process left holds nobody up', async () => {
  const server = await here.serve(answers({ n: 1 }));
  const host = new URL(server.baseUrl).host.replace(':', '_');
  const lock = path.join(here.folder, 'turns', `Service_${host}.json.lock`);
  await mkdir(path.dirname(lock), { recursive: true });
  await writeFile(lock, '');
  await utimes(lock, new Date(0), new Date(0));
  expect(await here.door(server).ask(question)).toEqual({ value: { n: 1 } });
});

test('a folder that cannot be written, and files torn by a crash, keep nobody from an answer', async () => {
  const server = await here.serve(answers({ n: 1 }));
  const blocked = path.join(here.folder, 'file');
  await writeFile(blocked, '');
  const without = { cache: new AnswerCache(`${blocked}/x`), turnstile: new Turnstile(`${blocked}/x`, here.clock) };
  expect(await here.door(server, without).ask(question)).toEqual({ value: { n: 1 } });
  await here.door(server).ask(question);
  for (const folder of ['answers', 'turns'])
    for (const name of await readdir(path.join(here.folder, folder)))
      await writeFile(path.join(here.folder, folder, name), '{"to');
  expect(await here.door(server).ask(question)).toEqual({ value: { n: 1 } });
});

test('a key goes where the service wants it, and stands in no file and no message', async () => {
  const server = await here.serve(answers({ n: 1 }), answers('{"message":"no"}', 403));
  const key = { value: 'k-12345', in: { header: 'x-api-key' } };
  await here.door({ ...server, key }).ask(question);
  expect(server.asked[0]?.headers['x-api-key']).toBe('k-12345');
  const byQuery = here.door({ ...server, key: { ...key, in: { query: 'api_key' } } });
  const failure = await byQuery.ask({ ...question, path: '/other' }).catch((error: Error) => error);
  expect(server.asked[1]?.query.get('api_key')).toBe('k-12345');
  expect(failure).toMatchObject({ message: 'Service refuses the question (403); set another key.' });
  const files = await readdir(here.folder, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(path.join(file.parentPath, file.name), 'utf8'));
  expect((await Promise.all(texts)).join()).not.toContain('k-12345');
});

test('a redirect is followed on the same host alone', async () => {
  const server = await here.serve(answers('', 307, { location: '/moved' }), answers({ n: 1 }));
  expect(await here.door(server).ask(question)).toEqual({ value: { n: 1 } });
  expect(server.asked[1]?.path).toBe('/moved');
  const other = await here.serve(answers({ n: 2 }));
  const away = await here.serve(answers('', 302, { location: other.baseUrl.replace('127.0.0.1', 'localhost') }));
  await expect(here.door(away).ask(question)).rejects.toThrow(
    /redirects to localhost:\d+; if it has moved there, set MLR_SERVICE_URL/,
  );
  expect(other.asked).toHaveLength(0);
});

test('more than 8 MiB is not read to its end', async () => {
  const server = await here.serve(answers('x'.repeat(9 * 1024 * 1024)));
  await expect(here.door(server).ask(question)).rejects.toThrow('more than 8 MiB');
});

test('a question that is refused does not keep the next from being asked', async () => {
  const server = await here.serve(answers('{"error":"Unacceptable query params"}', 400), answers({ n: 1 }));
  await expect(here.door(server).ask(question)).rejects.toThrow(
    'Service does not take the question (400); it says: Unacceptable query params.',
  );
  expect(await here.door(server).ask({ ...question, path: '/other' })).toEqual({ value: { n: 1 } });
});
