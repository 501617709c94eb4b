import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { ToolCall, Usage } from '../domain/conversation.ts';
import type { ModelAnswer, ModelRequest } from './chatModel.ts';

/** An answer that cannot be used as it came: broken off, empty, or declined. */
export class BrokenAnswer extends Error {}

type Piece = NonNullable<ChatCompletionChunk.Choice.Delta['tool_calls']>[number];

/** Puts an answer together from the pieces in which it is streamed; several calls may arrive interleaved. */
export class AnswerAssembly {
  private readonly request: ModelRequest;
  private model: string;
  private text = '';
  private readonly calls: { index: number | undefined; call: ToolCall }[] = [];
  private usage: Usage | null = null;
  private ending: string | null = null;
  private thinks = false;

  constructor(request: ModelRequest, model: string) {
    this.request = request;
    this.model = model;
  }

  /** Something of the answer has arrived, be it the thoughts that some models send before it. */
  get begun(): boolean {
    return this.thinks || this.text !== '' || this.calls.length > 0 || this.ending !== null;
  }

  /** Takes one piece and returns the words in it. */
  add(chunk: ChatCompletionChunk): string {
    if (typeof chunk !== 'object' || chunk === null) throw new BrokenAnswer('a piece of it is no JSON object');
    if (chunk.model) this.model = chunk.model;
    if (chunk.usage) this.usage = usageIn(chunk.usage);
    const choice = chunk.choices?.[0];
    if (!choice) return '';
    if (choice.finish_reason) this.ending = choice.finish_reason;
    this.thinks ||= Object.entries(choice.delta ?? {}).some(([name, value]) => /^reason/.test(name) && Boolean(value));
    for (const piece of choice.delta?.tool_calls ?? []) this.addCall(piece);
    const text = choice.delta?.content ?? '';
    this.text += text;
    return text;
  }

  /** @throws BrokenAnswer where the stream ended early, or with nothing in it */
  finish(): ModelAnswer {
    if (this.ending === null) throw new BrokenAnswer('it broke off before its end');
    if (this.ending === 'content_filter') throw new BrokenAnswer('the endpoint withheld it (content filter)');
    const toolCalls = distinct(this.calls.map(({ call }) => call));
    if (this.text.trim() === '' && toolCalls.length === 0) throw new BrokenAnswer('it is empty');
    return {
      text: this.text,
      toolCalls,
      usage: this.usage ?? this.estimate(toolCalls),
      model: this.model,
      ...(this.ending === 'length' && { cut: true }),
    };
  }

  private addCall(piece: Piece): void {
    const call = this.callOf(piece);
    if (piece.function?.name) call.name += piece.function.name;
    if (piece.function?.arguments) call.arguments += piece.function.arguments;
  }

  /** Calls are told apart by their index; some servers give none, or 0 to all, and then a new id begins a new call. */
  private callOf(piece: Piece): ToolCall {
    const index: number | undefined = piece.index;
    const known = this.calls.findLast((entry) => entry.index === index);
    const same = known && (!piece.id || piece.id === known.call.id);
    if (same) return known.call;
    const id = piece.id || `call_${this.request.agent}_${this.request.turn}_${this.calls.length + 1}`;
    const call = { id, name: '', arguments: '' };
    this.calls.push({ index, call });
    return call;
  }

  private estimate(toolCalls: ToolCall[]): Usage {
    const asked = JSON.stringify(this.request.messages).length + JSON.stringify(this.request.tools).length;
    const said = this.text.length + JSON.stringify(toolCalls).length;
    return { promptTokens: Math.ceil(asked / 4), completionTokens: Math.ceil(said / 4) };
  }
}

/** Some servers give several calls one id, by which results could not be told apart. */
export function distinct(calls: readonly ToolCall[]): ToolCall[] {
  const taken = new Set<string>();
  return calls.map((call) => {
    let id = call.id;
    for (let n = 2; taken.has(id); n++) id = `${call.id}_${n}`;
    taken.add(id);
    return { ...call, id };
  });
}

function usageIn(usage: NonNullable<ChatCompletionChunk['usage']>): Usage {
  const cached = usage.prompt_tokens_details?.cached_tokens;
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    ...(typeof cached === 'number' && { cachedTokens: cached }),
  };
}
