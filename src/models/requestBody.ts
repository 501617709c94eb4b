import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ModelMessage } from '../domain/conversation.ts';
import type { ModelRequest } from './chatModel.ts';
import { readArguments } from './nearlyJson.ts';

/** A request in the words of the chat completions protocol. The same request gives the same bytes, so prefix caches hold.
 *  @param counted whether the endpoint is asked to count tokens, which not all of them understand */
export function requestBody(
  request: ModelRequest,
  { model, baseUrl, counted }: { model: string; baseUrl: string; counted: boolean },
): ChatCompletionCreateParamsStreaming {
  return {
    model,
    stream: true,
    ...(counted && { stream_options: { include_usage: true } }),
    messages: request.messages.map(asParameter),
    ...(request.tools.length > 0 && {
      tools: request.tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters: { ...parameters } },
      })),
    }),
    ...(request.maxTokens !== undefined && lengthLimit(request.maxTokens, baseUrl)),
  };
}

/** OpenAI's newer models refuse `max_tokens`; many other servers know nothing else. */
function lengthLimit(tokens: number, baseUrl: string): { max_completion_tokens: number } | { max_tokens: number } {
  return new URL(baseUrl).hostname.endsWith('.openai.com') ? { max_completion_tokens: tokens } : { max_tokens: tokens };
}

function asParameter(message: ModelMessage): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.content };
    case 'assistant':
      if (message.toolCalls.length === 0) return { role: 'assistant', content: message.content };
      return {
        role: 'assistant',
        content: message.content === '' ? null : message.content,
        tool_calls: message.toolCalls.map((call) => ({
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: acceptableArguments(call.arguments) },
        })),
      };
  }
}

/** Several servers refuse a history whose arguments are no JSON object: what was mended is shown as it was executed,
 *  and what was wrong with the rest stands in the tool's result. */
export function acceptableArguments(text: string): string {
  const read = readArguments(text);
  if (!('value' in read) || typeof read.value !== 'object' || read.value === null || Array.isArray(read.value))
    return '{}';
  return isJson(text) ? text : JSON.stringify(read.value);
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
