import type { ToolCall } from '../../../src/domain/conversation.ts';
import type { ChatModel, ModelRequest } from '../../../src/models/chatModel.ts';

/** What the model says at one turn: words, or the tools it calls with their arguments. */
export type Line = string | { calls: readonly (readonly [name: string, args: object | string])[]; text?: string };

export interface ScriptedModel extends ChatModel {
  readonly requests: ModelRequest[];
}

/** A model that says its lines in order of the turn asked for, and remembers what it was asked. */
export function scriptedModel(...lines: Line[]): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    name: 'script',
    recorded: false,
    requests,
    async complete(request) {
      requests.push(request);
      const line = lines[request.turn - 1];
      if (line === undefined) throw new Error(`The script has no line ${request.turn}.`);
      const calls = typeof line === 'string' ? [] : line.calls;
      return {
        text: typeof line === 'string' ? line : (line.text ?? ''),
        toolCalls: calls.map(([name, args], i) => toolCall(`c${request.turn}_${i}`, name, args)),
        usage: { promptTokens: 10, completionTokens: 5 },
        model: 'script',
      };
    },
  };
}

function toolCall(id: string, name: string, args: object | string): ToolCall {
  return { id, name, arguments: typeof args === 'string' ? args : JSON.stringify(args) };
}
