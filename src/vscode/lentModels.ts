import * as vscode from 'vscode';
import type { ModelMessage, ToolCall } from '../domain/conversation.ts';
import type { Lender, LentAnswer, LentFailure, LentModel, LentRequest } from '../domain/lentModel.ts';

/** The language models that this editor has from other extensions, lent to the engine.
 *  Source: https://code.visualstudio.com/api/extension-guides/ai/language-model */
export const editorModels: Lender = {
  async models(): Promise<LentModel[]> {
    const models = await vscode.lm.selectChatModels();
    return models.map((model) => ({ id: idOf(model), name: model.name, contextTokens: model.maxInputTokens }));
  },

  async ask(request, onText, signal) {
    const source = new vscode.CancellationTokenSource();
    try {
      const model = await modelNamed(request.id);
      if (!model) return { kind: 'none', why: 'gone', said: request.id };
      return await orCancelled(answered(model, request, onText, source.token), source, signal);
    } catch (error) {
      return { kind: 'none', ...failureIn(error) };
    }
  },
};

async function modelNamed(id: string): Promise<vscode.LanguageModelChat | undefined> {
  const [vendor = ''] = id.split('/', 1);
  const models = await vscode.lm.selectChatModels({ vendor });
  return models.find((model) => idOf(model) === id);
}

async function answered(
  model: vscode.LanguageModelChat,
  { messages, tools }: LentRequest,
  onText: (delta: string) => void,
  token: vscode.CancellationToken,
): Promise<LentAnswer> {
  const response = await model.sendRequest(
    asEditors(messages),
    {
      justification: 'MLR Copilot thinks with it about your paper and the code of this workspace.',
      tools: tools.map(({ name, description, parameters }) => ({ name, description, inputSchema: parameters })),
    },
    token,
  );
  let text = '';
  const toolCalls: ToolCall[] = [];
  for await (const part of response.stream) {
    if (part instanceof vscode.LanguageModelTextPart) {
      text += part.value;
      onText(part.value);
    } else {
      onText('');
      if (part instanceof vscode.LanguageModelToolCallPart) {
        toolCalls.push({ id: part.callId, name: part.name, arguments: JSON.stringify(part.input) });
      }
    }
  }
  const said = text + toolCalls.map((call) => call.name + call.arguments).join('');
  return { kind: 'answered', text, toolCalls, counted: await counted(model, asked(messages, tools), said) };
}

/** The model's tokenizer counts one text each, for every count is a question to another extension.
 *  @returns null where it fails: an answer is not lost for its count */
async function counted(model: vscode.LanguageModelChat, prompt: string, answer: string) {
  try {
    const [promptTokens, completionTokens] = await Promise.all([model.countTokens(prompt), model.countTokens(answer)]);
    const whole = Number.isInteger(promptTokens) && Number.isInteger(completionTokens);
    return whole ? { promptTokens, completionTokens } : null;
  } catch {
    return null;
  }
}

function asked(messages: readonly ModelMessage[], tools: LentRequest['tools']): string {
  const said = messages.map((message) =>
    message.role === 'assistant'
      ? message.content + message.toolCalls.map((call) => call.name + call.arguments).join('')
      : message.content,
  );
  return [...said, ...(tools.length === 0 ? [] : [JSON.stringify(tools)])].join('\n');
}

/** Results of one answer's calls go in one message, since some models want all of them at once. */
function asEditors(messages: readonly ModelMessage[]): vscode.LanguageModelChatMessage[] {
  const told: vscode.LanguageModelChatMessage[] = [];
  let results: vscode.LanguageModelToolResultPart[] | undefined;
  for (const message of messages) {
    if (message.role === 'tool') {
      const content = [new vscode.LanguageModelTextPart(message.content)];
      const result = new vscode.LanguageModelToolResultPart(message.callId, content);
      if (results) {
        results.push(result);
        told[told.length - 1] = vscode.LanguageModelChatMessage.User(results);
      } else {
        results = [result];
        told.push(vscode.LanguageModelChatMessage.User(results));
      }
      continue;
    }
    results = undefined;
    told.push(
      message.role === 'assistant' ? assistant(message) : vscode.LanguageModelChatMessage.User(message.content),
    );
  }
  return told;
}

function assistant({ content, toolCalls }: Extract<ModelMessage, { role: 'assistant' }>) {
  const words = content === '' ? [] : [new vscode.LanguageModelTextPart(content)];
  const calls = toolCalls.map(
    (call) => new vscode.LanguageModelToolCallPart(call.id, call.name, JSON.parse(call.arguments) as object),
  );
  return vscode.LanguageModelChatMessage.Assistant([...words, ...calls]);
}

function failureIn(error: unknown): { why: LentFailure; said: string } {
  const said = error instanceof Error ? error.message : String(error);
  if (!(error instanceof vscode.LanguageModelError)) return { why: 'failed', said };
  switch (error.code) {
    case vscode.LanguageModelError.NoPermissions.name:
      return { why: 'consent', said };
    case vscode.LanguageModelError.Blocked.name:
      return { why: 'quota', said };
    case vscode.LanguageModelError.NotFound.name:
      return { why: 'gone', said };
    default:
      return { why: 'failed', said: error.cause instanceof Error ? error.cause.message : said };
  }
}

/** Editors as old as 1.104 tell whoever offers a model of a cancellation only before its answer begins: the model then
 *  talks on, but nobody waits for it. */
function orCancelled(
  answer: Promise<LentAnswer>,
  source: vscode.CancellationTokenSource,
  signal: AbortSignal,
): Promise<LentAnswer> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      source.cancel();
      resolve({ kind: 'none', why: 'failed', said: 'Cancelled' });
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    void answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function idOf({ vendor, id }: vscode.LanguageModelChat): string {
  return `${vendor}/${id}`;
}
