import type { ToolCall, Usage } from '../domain/conversation.ts';
import { readCalls } from './callsInText.ts';
import type { ChatModel, ModelAnswer, ModelRequest } from './chatModel.ts';
import { ModelError } from './modelError.ts';
import { proseOnly } from './proseOnly.ts';
import { inWords } from './toolsInText.ts';

/** Serves the same tools to a model without tool calling: told of them in words, it writes its calls as text.
 *  A model is known to need it by its endpoint's refusal of tools, from which on it stays so, or by `always`, for
 *  servers that drop tools without a word. An answer whose calls cannot be read is asked for once more, where the
 *  budget allows; one that stays so is an answer without calls. */
export function withTextTools(model: ChatModel, { always = false }: { readonly always?: boolean } = {}): ChatModel {
  let inText = always;
  return {
    name: model.name,
    recorded: model.recorded,
    ...(model.contextTokens !== undefined && { contextTokens: model.contextTokens }),
    ...(model.lacks && { lacks: model.lacks }),
    ...(model.price && { price: (usage: Usage) => model.price?.(usage) ?? null }),
    async complete(request) {
      if (inText) return completeInText(model, request);
      try {
        return await model.complete(request);
      } catch (error) {
        if (!ModelError.is(error, 'no-tools') || request.tools.length === 0) throw error;
        inText = true;
        return completeInText(model, request);
      }
    },
  };
}

async function completeInText(model: ChatModel, request: ModelRequest): Promise<ModelAnswer> {
  const names = request.tools.map(({ name }) => name);
  const messages = inWords(request.messages, request.tools);
  const first = await ask(model, request, messages);
  if (names.length === 0) return first;
  const read = readCalls(first.text, names);
  if ('calls' in read) return understood(first, read, request);
  if (request.mayAskAgain?.(first.usage) === false) return first;
  request.onRetry?.(`The calls in the answer of ${model.name} cannot be read (${read.wrong})`, 0);
  const again = await ask(model, request, [
    ...messages,
    { role: 'assistant', content: first.text, toolCalls: [] },
    { role: 'user', content: complaint(read.wrong, first.cut ?? false) },
  ]);
  const second = { ...again, usage: sum(first.usage, again.usage) };
  const reread = readCalls(second.text, names);
  return 'calls' in reread ? understood(second, reread, request) : second;
}

function ask(model: ChatModel, request: ModelRequest, messages: ModelRequest['messages']): Promise<ModelAnswer> {
  const { onText, ...rest } = request;
  return model.complete({ ...rest, messages, tools: [], ...(onText && { onText: proseOnly(onText) }) });
}

function understood(
  answer: ModelAnswer,
  { text, calls }: { readonly text: string; readonly calls: readonly Omit<ToolCall, 'id'>[] },
  { agent, turn }: ModelRequest,
): ModelAnswer {
  return { ...answer, text, toolCalls: calls.map((call, i) => ({ id: `call_${agent}_${turn}_${i + 1}`, ...call })) };
}

function complaint(wrong: string, cut: boolean): string {
  const length = cut ? ' Your answer ended at the length limit: send less at a time.' : '';
  return `None of your calls was executed, because your answer cannot be read. ${wrong}.${length} Write the whole answer again, each call as one block that begins with \`\`\`tool and holds one JSON object.`;
}

function sum(a: Usage, b: Usage): Usage {
  const cached = (a.cachedTokens ?? 0) + (b.cachedTokens ?? 0);
  const known = a.cachedTokens !== undefined || b.cachedTokens !== undefined;
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    ...(known && { cachedTokens: cached }),
  };
}
