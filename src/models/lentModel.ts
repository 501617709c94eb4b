import type { ModelMessage, Usage } from '../domain/conversation.ts';
import { type Lender, type LentAnswer, type LentFailure, type LentModel, lentModelName } from '../domain/lentModel.ts';
import { distinct } from './answerAssembly.ts';
import type { ChatModel, ModelAnswer, ModelRequest } from './chatModel.ts';
import { ModelError } from './modelError.ts';
import { acceptableArguments } from './requestBody.ts';
import { type Retries, retrying } from './retrying.ts';
import { SilenceLimit } from './silenceLimit.ts';

export interface LentModelOptions extends Retries {
  readonly id: string;
  readonly lender: Lender;
  /** Seconds to the first word or call (default 300: a person may be asked for consent first), and between two pieces
   *  (default 120). */
  readonly firstTokenSeconds?: number;
  readonly betweenTokensSeconds?: number;
}

/** A model that an attached editor lends. It has no system message, tells no usage, answers to no schema, and nobody
 *  knows its price: the instructions go first as a user's message, and tokens are counted by its own tokenizer.
 *  Source: https://code.visualstudio.com/api/extension-guides/ai/language-model
 *  @throws ModelError `unknown-model` where the editor has no such model, `no-editor` where none is attached */
export async function lentModel(options: LentModelOptions): Promise<ChatModel> {
  const { id, lender } = options;
  const model = offered(id, await lender.models());
  return {
    name: `${model.name} of the editor`,
    recorded: false,
    lacks: ['system', 'usage', 'schema', 'price'],
    contextTokens: model.contextTokens,
    complete: (request) => retrying(request, options, () => attempt(model, options, request)),
  };
}

function offered(id: string, models: readonly LentModel[]): LentModel {
  const found = models.find((one) => one.id === id);
  if (found) return found;
  if (models.length === 0) throw explained('nobody', '', id);
  const others = models.map((one) => lentModelName(one.id)).slice(0, 5);
  throw new ModelError(
    'unknown-model',
    `The editor has no model ${id}: choose another in mlr.model, such as ${others.join(', ')}.`,
  );
}

async function attempt(model: LentModel, options: LentModelOptions, request: ModelRequest): Promise<ModelAnswer> {
  const { firstTokenSeconds: first = 300, betweenTokensSeconds: between = 120 } = options;
  const limit = new SilenceLimit({ first, between, signal: request.signal, clock: options.clock });
  const asked = { id: model.id, messages: asLent(request.messages), tools: request.tools };
  try {
    const answer = await options.lender.ask(
      asked,
      (delta) => {
        limit.heard();
        if (delta !== '') request.onText?.(delta);
      },
      limit.signal,
    );
    if (limit.calledOff) throw new ModelError('aborted', `The answer of ${model.name} was stopped.`);
    if (limit.passed !== null) throw silent(model, limit.passed);
    return usable(answer, model, request);
  } finally {
    limit.end();
  }
}

/** It knows users and assistants alone. */
function asLent(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message) => {
    if (message.role === 'system') return { role: 'user', content: message.content };
    if (message.role !== 'assistant') return message;
    const toolCalls = message.toolCalls.map((call) => ({ ...call, arguments: acceptableArguments(call.arguments) }));
    return { ...message, toolCalls };
  });
}

function usable(answer: LentAnswer, model: LentModel, request: ModelRequest): ModelAnswer {
  if (answer.kind === 'none') throw explained(answer.why, answer.said, model.name);
  const toolCalls = distinct(answer.toolCalls);
  if (answer.text.trim() === '' && toolCalls.length === 0) {
    const message = `The answer of ${model.name} cannot be used, it is empty: try again, or choose another model.`;
    throw new ModelError('bad-answer', message, { passing: true });
  }
  return { text: answer.text, toolCalls, usage: answer.counted ?? estimate(answer, request), model: model.name };
}

function estimate({ text, toolCalls }: Extract<LentAnswer, { kind: 'answered' }>, request: ModelRequest): Usage {
  const asked = JSON.stringify(request.messages).length + JSON.stringify(request.tools).length;
  return {
    promptTokens: Math.ceil(asked / 4),
    completionTokens: Math.ceil((text.length + JSON.stringify(toolCalls).length) / 4),
  };
}

function silent(model: LentModel, passed: string): ModelError {
  return new ModelError('timeout', `${model.name} ${passed}: try again, or choose another model.`, { passing: true });
}

function explained(why: LentFailure, said: string, name: string): ModelError {
  const words = said.trim() === '' ? '' : ` (${brief(said)})`;
  switch (why) {
    case 'nobody':
      return new ModelError(
        'no-editor',
        `${name} is lent by an editor, and none is attached that has it: open this folder in VS Code and resume there, or choose another model.`,
      );
    case 'left':
      return new ModelError('no-editor', `The editor that lends ${name} went away before it answered: resume there.`, {
        passing: true,
        waitSeconds: 5,
      });
    case 'consent':
      return new ModelError(
        'refused-key',
        `The editor does not let MLR Copilot use ${name}${words}: resume and allow it when the editor asks, or choose another model.`,
      );
    case 'quota':
      return new ModelError(
        'quota',
        `The editor takes no more requests for ${name}${words}: resume later, or choose another model.`,
      );
    case 'gone':
      return new ModelError('unknown-model', `The editor no longer has ${name}: choose another model in mlr.model.`);
    case 'failed':
      return failed(said, words, name);
  }
}

/** Whoever offers a model words its failures itself. */
function failed(said: string, words: string, name: string): ModelError {
  if (/context.?(length|window)|too many tokens|prompt is too long|token limit/i.test(said)) {
    return new ModelError(
      'context',
      `The conversation no longer fits into ${name}${words}: choose a model with a larger context.`,
    );
  }
  if (/quota|rate.?limit|too many requests/i.test(said)) return explained('quota', said, name);
  if (/off.?topic|content.?filter|responsible|refus/i.test(said)) {
    return new ModelError(
      'bad-answer',
      `${name} declined to answer${words}: say it differently and resume, or choose another model.`,
    );
  }
  const message = `${name} failed${words}: try again later, or choose another model.`;
  return new ModelError('unreachable', message, { passing: true });
}

function brief(said: string): string {
  const line = said.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
