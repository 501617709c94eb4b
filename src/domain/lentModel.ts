import type { ModelMessage, ToolCall } from './conversation.ts';

/** A language model that an editor has and lends; `id` is its vendor's name, a slash, and its own. */
export interface LentModel {
  readonly id: string;
  /** As the editor shows it. */
  readonly name: string;
  /** Tokens that a request may hold. */
  readonly contextTokens: number;
}

export interface LentRequest {
  readonly id: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  }[];
}

/** Why an editor gave no answer: nobody allowed it, nothing is left to use, the model is gone, whoever offers it
 *  failed, the editor went away in the middle, or none is attached that lends this model. */
export type LentFailure = 'consent' | 'quota' | 'gone' | 'failed' | 'left' | 'nobody';

export type LentAnswer =
  | {
      readonly kind: 'answered';
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      /** Tokens, counted by the model's own tokenizer; null where it did not count. */
      readonly counted: { readonly promptTokens: number; readonly completionTokens: number } | null;
    }
  /** `said`: the words of whoever failed. */
  | { readonly kind: 'none'; readonly why: LentFailure; readonly said: string };

/** Who lends models: the editors that are attached to an engine. */
export interface Lender {
  models(): Promise<readonly LentModel[]>;
  /** @param onText words as they arrive; when the signal fires, the answer is asked for no longer */
  ask(request: LentRequest, onText: (delta: string) => void, signal: AbortSignal): Promise<LentAnswer>;
}

const PREFIX = 'editor:';

/** How a lent model is written where a model is chosen: `editor:copilot/gpt-4.1`. */
export function lentModelName(id: string): string {
  return PREFIX + id;
}

/** @returns the id of the lent model that is chosen; null where another kind of model is */
export function lentModelId(model: string | null): string | null {
  return model?.startsWith(PREFIX) ? model.slice(PREFIX.length) : null;
}
