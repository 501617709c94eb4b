import * as vscode from 'vscode';

/** What a model of this extension was asked. */
export interface Asked {
  readonly roles: readonly vscode.LanguageModelChatMessageRole[];
  readonly text: string;
  readonly tools: readonly string[];
  /** The results of calls that stand in its messages. */
  readonly results: readonly string[];
}

/** Plays the model's part for one request; the last part is played for ever. */
export type Part = (
  progress: vscode.Progress<vscode.LanguageModelResponsePart>,
  token: vscode.CancellationToken,
) => Promise<void> | void;

export interface ModelProvider {
  /** What is asked from now on is answered with these, and kept anew. */
  play(...parts: Part[]): void;
  readonly asked: readonly Asked[];
  /** Parts of the answer, and errors, of the API that this extension has: those of another are strangers to it. */
  readonly text: (value: string) => vscode.LanguageModelTextPart;
  readonly call: (id: string, name: string, input: object) => vscode.LanguageModelToolCallPart;
  readonly refusal: (kind: 'NoPermissions' | 'Blocked' | 'NotFound', message: string) => Error;
}

const information: vscode.LanguageModelChatInformation = {
  id: 'scripted',
  name: 'Scripted',
  family: 'scripted',
  version: '1',
  maxInputTokens: 30_000,
  maxOutputTokens: 4_000,
  capabilities: { toolCalling: true },
};

/** An extension of its own that offers a language model to the whole editor: it says what a test has told it. */
export function activate(context: vscode.ExtensionContext): ModelProvider {
  let parts: Part[] = [];
  let asked: Asked[] = [];
  const provider: vscode.LanguageModelChatProvider = {
    // Newer editors want it said that a model may be chosen.
    provideLanguageModelChatInformation: () => [{ ...information, ...{ isUserSelectable: true } }],
    async provideLanguageModelChatResponse(_model, messages, options, progress, token) {
      asked.push(asAsked(messages, options));
      await parts[Math.min(asked.length, parts.length) - 1]?.(progress, token);
    },
    // A word is a token.
    provideTokenCount: async (_model, text) => (typeof text === 'string' ? text.split(/\s+/).length : 1),
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('mlr-test', provider));
  return {
    play(...next) {
      parts = next;
      asked = [];
    },
    get asked() {
      return asked;
    },
    text: (value) => new vscode.LanguageModelTextPart(value),
    call: (id, name, input) => new vscode.LanguageModelToolCallPart(id, name, input),
    refusal: (kind, message) => vscode.LanguageModelError[kind](message),
  };
}

function asAsked(
  messages: readonly vscode.LanguageModelChatRequestMessage[],
  { tools = [] }: vscode.ProvideLanguageModelChatResponseOptions,
): Asked {
  const content = messages.flatMap((message) => message.content);
  return {
    roles: messages.map((message) => message.role),
    text: content.map(textOf).join('\n'),
    tools: tools.map(({ name }) => name),
    results: content.flatMap((part) =>
      part instanceof vscode.LanguageModelToolResultPart ? [part.content.map(textOf).join('')] : [],
    ),
  };
}

function textOf(part: unknown): string {
  return part instanceof vscode.LanguageModelTextPart ? part.value : '';
}
