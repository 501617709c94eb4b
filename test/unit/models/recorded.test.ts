import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isSecret } from '../../../src/domain/keyNames.ts';
import type { ChatModel, ModelRequest } from '../../../src/models/chatModel.ts';
import { type DriftEntry, recorded } from '../../../src/models/recorded.ts';
import { recorder } from '../../../src/models/recorder.ts';
import { Recording } from '../../../src/models/recording.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlr-recording-'));
  file = join(folder, 'demo.json');
});
afterEach(() => rm(folder, { recursive: true }));

it('what a model said is replayed word for word, and the recording says that it is one', async () => {
  await record(['idea', 1, 'Read the paper.', 'I shall.'], ['idea', 2, 'Go on.', 'Done.']);
  const replay = await recorded(file);
  expect(replay).toMatchObject({ name: 'recording demo.json of echo at nowhere', recorded: true });

  const heard: string[] = [];
  const answer = await replay.complete(request('idea', 2, 'Go on.', (text) => heard.push(text)));
  expect(answer).toMatchObject({ text: 'Done.', usage: { promptTokens: 5, completionTokens: 2 }, model: replay.name });
  expect(heard).toEqual(['Done.']);
});

it('a recording keeps requests and answers verbatim, with what the one who answered was told', async () => {
  await record(['idea', 1, 'Read the paper.', 'I shall.']);
  const kept = Recording.parse(JSON.parse(await readFile(file, 'utf8')));
  expect(kept).toMatchObject({ version: 1, model: 'echo at nowhere', brief: 'Play the model.' });
  expect(kept.entries).toEqual([
    {
      agent: 'idea',
      turn: 1,
      request: {
        messages: [{ role: 'user', content: 'Read the paper.' }],
        tools: [{ name: 'look', description: 'Look.', parameters: { type: 'object' } }],
      },
      answer: { text: 'I shall.', toolCalls: [], usage: { promptTokens: 5, completionTokens: 2 } },
    },
  ]);
});

it('a model that is recorded costs and holds what it did before', async () => {
  const model: ChatModel = { ...echo(), contextTokens: 8000, price: () => ({ usd: 1, dated: '2026-01-01' }) };
  const kept = await recorder(model, { file });
  expect(kept.contextTokens).toBe(8000);
  expect(kept.price?.({ promptTokens: 1, completionTokens: 1 })).toEqual({ usd: 1, dated: '2026-01-01' });
});

it('a request that differs is answered all the same, and every difference is told', async () => {
  await record(['debug', 1, 'Run run-17 of seed 42 failed.\nKeyError in /home/a/train.py, line 7', 'Mend it.']);
  const told: DriftEntry[] = [];
  const replay = await recorded(file, { onDrift: (entry) => told.push(entry) });

  await replay.complete(request('debug', 1, 'Run run-99 of seed 7 failed.\nValueError in /tmp/b/train.py, line 9'));
  expect(told[0]?.lines).toEqual([
    'allowed (run id) messages[0] line 1: "run-17" -> "run-99"',
    'allowed (seed) messages[0] line 1: "seed 42" -> "seed 7"',
    'DRIFT messages[0] line 2: "KeyError in /home/a/train.py, line 7" -> "ValueError in /tmp/b/train.py, line 9"',
  ]);
});

it('a recording does not tell whose home it was made in, and is replayed in another without drift', async () => {
  const home = homedir();
  const asked = `Mend ${home}/w/train.py, not ${home}er/train.py or /backup${home}/x.`;
  await record(['debug', 1, asked, `See ${home}/w/train.py.`]);
  const text = await readFile(file, 'utf8');
  expect(text).toContain(`Mend <home>/w/train.py, not ${home}er/train.py or /backup${home}/x.`);
  expect(text).toContain('See <home>/w/train.py.');

  const told: DriftEntry[] = [];
  const replay = await recorded(file, { onDrift: (entry) => told.push(entry) });
  expect((await replay.complete(request('debug', 1, asked))).text).toBe(`See ${home}/w/train.py.`);
  expect(told).toEqual([]);
});

it('where an agent was started twice, each start gets its own answer, in whichever order they come back', async () => {
  await record(['debug', 1, 'first failure', 'first fix'], ['debug', 1, 'second failure', 'second fix']);
  const replay = await recorded(file);
  expect((await replay.complete(request('debug', 1, 'second failure'))).text).toBe('second fix');
  expect((await replay.complete(request('debug', 1, 'first failure'))).text).toBe('first fix');

  await record(['debug', 1, 'same', 'once'], ['debug', 1, 'same', 'twice']);
  const twins = await recorded(file);
  expect((await twins.complete(request('debug', 1, 'same'))).text).toBe('once');
  expect((await twins.complete(request('debug', 1, 'same'))).text).toBe('twice');
});

it('an answer that was not recorded is an error that names it', async () => {
  await record(['idea', 1, 'a', 'b']);
  await expect((await recorded(file)).complete(request('validate', 1, 'a'))).rejects.toMatchObject({
    reason: 'drift',
    message: expect.stringContaining('holds no answer 1 of the validate agent'),
  });
});

it('a stopped session goes on with its recording', async () => {
  await record(['idea', 1, 'a', 'b']);
  const again = await recorder(echo('c'), { file, goesOn: true });
  await again.complete(request('idea', 2, 'a'));
  expect(Recording.parse(JSON.parse(await readFile(file, 'utf8'))).entries.map(({ turn }) => turn)).toEqual([1, 2]);
});

it('a key that a message quotes is not written', async () => {
  const model = await recorder(echo('ok'), { file, secrets: ['sk-secret'] });
  await expect(model.complete(request('idea', 1, 'KEY=sk-secret'))).rejects.toThrow(/would hold a key/);
  expect(await readFile(file, 'utf8')).not.toContain('sk-secret');
});

it('a word that stands for no key is none to hide, in a recording or in what a server says', async () => {
  for (const key of ['', 'none', 'ollama', 'sk-no-key-required', 'LM-Studio']) expect(isSecret(key)).toBe(false);
  for (const key of ['sk-12345', 'token-abc123']) expect(isSecret(key)).toBe(true);
  const model = await recorder(echo('ok'), { file, secrets: ['none'] });
  await model.complete(request('idea', 1, 'Apart from this, none.'));
  expect(await readFile(file, 'utf8')).toContain('Apart from this, none.');
});

it('a file that is no recording is named, with the place', async () => {
  await expect(recorded(join(folder, 'none.json'))).rejects.toThrow(/none\.json cannot be read \(ENOENT\)/);
  await writeFile(file, '{"version": 1, "model": "m"');
  await expect(recorded(file)).rejects.toThrow(/no valid JSON/);
  await writeFile(file, '{"version": 1, "model": "m", "at": "", "entries": [{}]}');
  await expect(recorded(file)).rejects.toThrow(/at entries\.0\.agent/);
});

async function record(...exchanges: [agent: string, turn: number, asked: string, answered: string][]): Promise<void> {
  const answers = exchanges.map(([, , , answered]) => answered);
  const model = await recorder(echo(...answers), { file, brief: 'Play the model.' });
  for (const [agent, turn, asked] of exchanges) await model.complete(request(agent, turn, asked));
}

function echo(...answers: string[]): ChatModel {
  let asked = 0;
  return {
    name: 'echo at nowhere',
    recorded: false,
    complete: async () => ({
      text: answers[asked++] ?? '',
      toolCalls: [],
      usage: { promptTokens: 5, completionTokens: 2 },
      model: 'echo',
    }),
  };
}

function request(agent: string, turn: number, content: string, onText?: (text: string) => void): ModelRequest {
  return {
    agent,
    turn,
    messages: [{ role: 'user', content }],
    tools: [{ name: 'look', description: 'Look.', parameters: { type: 'object' } }],
    signal: new AbortController().signal,
    ...(onText && { onText }),
  };
}
