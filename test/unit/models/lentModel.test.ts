import { describe, expect, test } from 'vitest';
import type { Lender, LentAnswer, LentRequest } from '../../../src/domain/lentModel.ts';
import type { ModelRequest } from '../../../src/models/chatModel.ts';
import { lentModel } from '../../../src/models/lentModel.ts';

const MODEL = { id: 'copilot/large', name: 'Large', contextTokens: 32_000 };
const COUNTED = { promptTokens: 11, completionTokens: 3 };
const said = (text: string, more: Partial<Extract<LentAnswer, { kind: 'answered' }>> = {}): LentAnswer => ({
  kind: 'answered',
  text,
  toolCalls: [],
  counted: COUNTED,
  ...more,
});
const none = (why: Extract<LentAnswer, { kind: 'none' }>['why'], words = ''): LentAnswer => ({
  kind: 'none',
  why,
  said: words,
});

/** An editor that gives these answers, the last one for ever. */
function editor(...answers: LentAnswer[]): Lender & { asked: LentRequest[] } {
  const asked: LentRequest[] = [];
  return {
    asked,
    models: async () => [MODEL],
    async ask(request, onText) {
      asked.push(request);
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? none('nobody');
      if (answer.kind === 'answered') onText(answer.text);
      return answer;
    },
  };
}

const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  agent: 'idea',
  turn: 1,
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
  ],
  tools: [],
  signal: new AbortController().signal,
  ...more,
});

const lent = (lender: Lender, more: object = {}) =>
  lentModel({ id: MODEL.id, lender, retryAfterSeconds: 0.001, ...more });

describe('a model that the editor lends', () => {
  test('says what it lacks and what it holds, and is told its instructions as a user', async () => {
    const lender = editor(said('Hi'));
    const model = await lent(lender);
    expect(model).toMatchObject({
      name: 'Large of the editor',
      contextTokens: 32_000,
      lacks: ['system', 'usage', 'schema', 'price'],
    });
    expect(model.price).toBeUndefined();
    const heard: string[] = [];
    const answer = await model.complete(request({ onText: (text) => heard.push(text) }));
    expect(answer).toEqual({ text: 'Hi', toolCalls: [], usage: COUNTED, model: 'Large' });
    expect(heard).toEqual(['Hi']);
    expect(lender.asked[0]?.messages.map(({ role }) => role)).toEqual(['user', 'user']);
  });

  test('is sent calls that were cut off as calls without arguments, for editors take only objects', async () => {
    const lender = editor(said('Hi'));
    const toolCalls = [{ id: '1', name: 'read', arguments: '{"pa' }];
    await (await lent(lender)).complete(request({ messages: [{ role: 'assistant', content: '', toolCalls }] }));
    expect(lender.asked[0]?.messages[0]).toMatchObject({ toolCalls: [{ arguments: '{}' }] });
  });

  test('gives calls of one id two, and four characters a token where it did not count', async () => {
    const call = { id: 'same', name: 'read', arguments: '{}' };
    const model = await lent(editor(said('', { toolCalls: [call, call], counted: null })));
    const { toolCalls, usage } = await model.complete(request());
    expect(toolCalls.map(({ id }) => id)).toEqual(['same', 'same_2']);
    expect(usage.promptTokens).toBe(Math.ceil((JSON.stringify(request().messages).length + 2) / 4));
  });

  test('is asked again after what may pass, and the first words are void', async () => {
    const retried: string[] = [];
    const model = await lent(editor(none('failed', 'socket hang up'), said(' '), said('Hi')));
    const answer = await model.complete(request({ onRetry: (why) => retried.push(why) }));
    expect(answer.text).toBe('Hi');
    expect(retried).toEqual([
      'Large failed (socket hang up): try again later, or choose another model.',
      'The answer of Large cannot be used, it is empty: try again, or choose another model.',
    ]);
  });

  test.each([
    ['consent', 'no', 'refused-key', /does not let MLR Copilot use Large \(no\): resume and allow it/],
    ['quota', 'monthly limit', 'quota', /takes no more requests for Large \(monthly limit\)/],
    ['gone', '', 'unknown-model', /no longer has Large: choose another model in mlr\.model/],
    ['nobody', '', 'no-editor', /none is attached that has it: open this folder in VS Code/],
    ['failed', 'prompt is too long', 'context', /no longer fits into Large/],
    ['failed', 'Rate limit exceeded', 'quota', /takes no more requests/],
    ['failed', 'off_topic', 'bad-answer', /declined to answer \(off_topic\)/],
  ] as const)('that fails by %s (%s) is not asked again, in one sentence', async (why, words, reason, sentence) => {
    const lender = editor(none(why, words));
    const failure = (await lent(lender)).complete(request());
    await expect(failure).rejects.toMatchObject({ reason, message: expect.stringMatching(sentence) as string });
    expect(lender.asked).toHaveLength(1);
  });

  test('that the editor does not have is said with those it has', async () => {
    const lender = editor(said('Hi'));
    await expect(lentModel({ id: 'copilot/small', lender })).rejects.toMatchObject({
      reason: 'unknown-model',
      message: expect.stringContaining('editor:copilot/large') as string,
    });
  });

  test('that says nothing for too long is let go of', async () => {
    let stopped = false;
    const lender: Lender = {
      models: async () => [MODEL],
      ask: (_request, _onText, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            stopped = true;
            resolve(none('failed', 'Canceled'));
          });
        }),
    };
    const model = await lent(lender, { firstTokenSeconds: 0.01, retries: 0 });
    await expect(model.complete(request())).rejects.toMatchObject({ reason: 'timeout' });
    expect(stopped).toBe(true);
  });
});
