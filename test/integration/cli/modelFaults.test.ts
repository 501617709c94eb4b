import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submittedIdea, submittedIdeas } from '../../unit/agents/submittedIdeas.ts';
import {
  type ChatServer,
  chatServer,
  delta,
  refuses,
  streams,
  type Turn,
  USAGE,
} from '../../unit/models/chatServer.ts';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';
import { mlr, type Said } from './commandLine.ts';

const paper = fileURLToPath(new URL('../../unit/papers/fixtures/socks.md', import.meta.url));
const KEY = 'sk-very-secret-key';

let cwd: string;
let server: ChatServer | undefined;
beforeEach(() => {
  cwd = tinyWorkspace(0.1);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(cwd, { recursive: true, force: true });
});

/** Asks for ideas from a model that plays these turns. */
async function ideasFrom(...turns: Turn[]): Promise<Said> {
  server = await chatServer(...turns);
  return await mlr(['idea', '--paper', paper, '--json'], { cwd, env: environment(server.baseUrl) });
}

function environment(baseUrl: string): Record<string, string> {
  return { MLR_BASE_URL: baseUrl, MLR_MODEL: 'thinker', MLR_API_KEY: KEY, MLR_RETRIES: '0' };
}

function calls(name: string, words: string): Turn {
  const call = { index: 0, id: 'call-1', type: 'function', function: { name, arguments: words } };
  return streams(delta({ role: 'assistant', tool_calls: [call] }), delta({}, 'tool_calls'), USAGE);
}

const submits = calls(
  'submit_ideas',
  JSON.stringify({
    ...submittedIdeas(
      'a problem that everybody solves and nobody measures',
      'Weigh twice',
      'Weigh wet socks',
      'Ask the owner',
    ),
    keywords: ['socks'],
  }),
);

describe('a model that cannot be used is told in one sentence, exit code 2, and the session can be resumed', () => {
  test.each<[string, Turn, RegExp]>([
    [
      'a refused key',
      refuses(401, { message: `Incorrect API key provided: ${KEY}`, type: 'invalid_request_error' }),
      /^mlr: 127\.0\.0\.1:\d+ refused the key \(401\): check .*MLR_API_KEY.* and that it may use thinker\.\n/m,
    ],
    [
      'an unknown model',
      refuses(404, { message: 'The model `thinker` does not exist', code: 'model_not_found' }),
      /^mlr: 127\.0\.0\.1:\d+ does not know the model thinker: change .*MLR_MODEL.* to one that it offers\.\n/m,
    ],
  ])('%s', async (_, turn, sentence) => {
    const failed = await ideasFrom(turn);
    expect(failed.err).toMatch(sentence);
    expect(failed.err).toMatch(/ {5}Nothing is lost; then go on with: mlr resume \S+\n$/);
    expect(failed.code).toBe(2);
    expect(failed.out + failed.err).not.toContain(KEY);
    await server?.close();
    server = await chatServer(submits);
    const flags = ['--base-url', server.baseUrl, '--model', 'another', '--json'];
    const resumed = await mlr(['resume', 'last', ...flags], { cwd, env: { MLR_API_KEY: KEY } });
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({ ideas: [{ title: 'Weigh twice' }, {}, {}] });
    const listed = JSON.parse((await mlr(['sessions', '--json'], { cwd })).out) as { sessions: { cost: object }[] };
    expect(listed.sessions[0]?.cost).toMatchObject({
      thinking: [{ agent: 'idea', phase: 'idea', model: expect.stringContaining('another') as string, usd: 0 }],
      total: { answers: 1, promptTokens: 12, completionTokens: 7, usd: 0, unpriced: 0 },
    });
  });

  test('no key for an endpoint on another machine', async () => {
    const { code, err } = await mlr(['idea', '--paper', paper, '--model', 'thinker'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('mlr: No key for api.openai.com: set the key (MLR_API_KEY), or choose another endpoint.\n');
  });

  test('no model: once the variable that the sentence names is set, a plain resume goes on', async () => {
    const { code, err } = await mlr(['idea', '--paper', paper], { cwd });
    expect(code).toBe(2);
    expect(err).toMatch(/^mlr: No language model is chosen: set .*MLR_MODEL or --model on the command line\.\n/m);
    server = await chatServer(submits);
    const resumed = await mlr(['resume', 'last', '--json'], { cwd, env: environment(server.baseUrl) });
    expect(resumed.code).toBe(0);
  });

  test('a recording that is none', async () => {
    writeFileSync(path.join(cwd, 'recording.json'), '{"version": 2}');
    const { code, err } = await mlr(['idea', '--paper', paper, '--replay', 'recording.json'], { cwd });
    expect(code).toBe(2);
    expect(err).toMatch(/^mlr: \/.*recording\.json is no recording of version 1 .*: name a file that --record has/m);
  });

  test('an endpoint where nobody listens is no bad input: exit code 1', async () => {
    const { code, err } = await mlr(['idea', '--paper', paper], { cwd, env: environment('http://127.0.0.1:9/v1') });
    expect(code).toBe(1);
    expect(err).toMatch(/^mlr: 127\.0\.0\.1:9 cannot be reached .*\n {5}Nothing is lost; then go on with: mlr resume/m);
  });
});

describe('a model that makes mistakes is told what was wrong, and goes on', () => {
  test.each<[string, Turn, string]>([
    [
      'a tool that does not exist',
      calls('run_shell', '{"command": "ls"}'),
      'There is no tool \\"run_shell\\". The tools are: ',
    ],
    ['arguments that are no JSON', calls('submit_ideas', '{"ideas": ['), 'Refused: '],
    ['arguments of another shape', calls('submit_ideas', '{"ideas": "three"}'), 'Refused: '],
  ])('%s', async (_, mistake, told) => {
    const { code, out, err } = await ideasFrom(mistake, submits);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ keywords: ['socks'], ideas: [{}, {}, {}] });
    expect(err).toMatch(/^\d\d:\d\d {3}(run_shell|submit_ideas): Refused: /m);
    expect(JSON.stringify(server?.received[1]?.body)).toContain(told);
  });

  test('words alone are asked for a tool call, and given up on in the end: exit code 1', async () => {
    const { code, err } = await ideasFrom(streams(delta({ content: 'Well…' }), delta({}, 'stop'), USAGE));
    expect(code).toBe(1);
    expect(err).toMatch(/^mlr: thinker .*answers the idea agent without calling a tool: choose a model that can call/m);
  });
});

describe('an idea of one’s own', () => {
  test('in one’s own words is put into the form of the others, with what is weak in it, and waits for a yes', async () => {
    const file = path.join(cwd, 'idea.md');
    writeFileSync(file, 'Maybe weigh wet socks too?\n');
    const own = { keywords: ['socks'], idea: submittedIdea('Weigh wet socks'), weak: ['No reason is given.'] };
    server = await chatServer(calls('submit_idea', JSON.stringify(own)));
    const env = environment(server.baseUrl);
    const { code, out } = await mlr(['research', '--idea', file, '--unconfined', '--json'], { cwd, env });
    expect(code).toBe(4);
    expect(JSON.stringify(server.received[0]?.body)).toContain('Maybe weigh wet socks too?');
    const { waiting } = JSON.parse(out) as { waiting: { gate: string; options: { choice: string }[] } };
    expect(waiting).toMatchObject({
      gate: 'chooseIdea',
      options: [{ choice: 'weigh-wet-socks' }, { choice: 'revise' }],
    });
    expect(readFileSync(path.join(cwd, '.mlr', 'ideas', 'weigh-wet-socks.md'), 'utf8')).toContain(
      '## Weak\n\n- No reason is given.\n',
    );
  });

  test('that is an empty file is told so', async () => {
    const file = path.join(cwd, 'idea.md');
    writeFileSync(file, '\n');
    const { code, err } = await mlr(['idea', '--idea', file], { cwd });
    expect(code).toBe(2);
    expect(err).toContain(`mlr: ${file} is empty: write your idea into it, in your own words.`);
  });

  test.each([
    [
      ['idea', '--paper', 'none.pdf'],
      /none\.pdf: there is no such file; --paper takes the path of one, an arXiv id, a DOI or an address\./,
    ],
    [['research', '--idea', 'none.md'], /none\.md: there is no such file; --idea takes the path of one\./],
    [['idea', '--paper', paper, '--replay', 'none.json'], /none\.json: there is no such recording; --replay takes/],
  ])('a file that is not there leaves no session behind: %j', async (words, sentence) => {
    const { code, err } = await mlr(words, { cwd });
    expect(code).toBe(2);
    expect(err).toMatch(sentence);
    expect((await mlr(['sessions', '--json'], { cwd })).out).toBe('{"sessions":[]}\n');
  });
});
