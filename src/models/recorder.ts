import { rename, writeFile } from 'node:fs/promises';
import { isSecret } from '../domain/keyNames.ts';
import type { ChatModel, ModelAnswer, ModelRequest } from './chatModel.ts';
import { withoutHome } from './homePath.ts';
import { ModelError } from './modelError.ts';
import { type RecordedEntry, type Recording, readRecording } from './recording.ts';

export interface RecorderOptions {
  readonly file: string;
  /** What whoever answers was told besides the requests. */
  readonly brief?: string;
  /** Keys in use: an entry that quotes one is not written. */
  readonly secrets?: readonly string[];
  /** Goes on with a recording that a stopped session began; otherwise the file is begun anew. */
  readonly goesOn?: boolean;
}

/** The same model, with every question and answer written to a file as it comes; the file is whole at any time. */
export async function recorder(model: ChatModel, options: RecorderOptions): Promise<ChatModel> {
  return (await recorders(model.name, options))(model);
}

/** Several models that one file records.
 *  @param by who answers, in words */
export async function recorders(by: string, options: RecorderOptions): Promise<(model: ChatModel) => ChatModel> {
  const recording = options.goesOn ? await readRecording(options.file) : begun(by, options);
  let writing = options.goesOn ? Promise.resolve() : write(recording, options);
  await writing;
  return (model) => ({
    name: model.name,
    recorded: model.recorded,
    ...(model.contextTokens !== undefined && { contextTokens: model.contextTokens }),
    ...(model.lacks && { lacks: model.lacks }),
    price: (usage) => model.price?.(usage) ?? null,
    async complete(request) {
      const answer = await model.complete(request);
      recording.entries.push(entryOf(request, answer));
      writing = writing.then(() => write(recording, options));
      await writing;
      return answer;
    },
  });
}

function begun(by: string, options: RecorderOptions): Recording {
  return {
    version: 1,
    model: by,
    ...(options.brief !== undefined && { brief: options.brief }),
    at: new Date().toISOString(),
    entries: [],
  };
}

function entryOf({ agent, turn, messages, tools }: ModelRequest, answer: ModelAnswer): RecordedEntry {
  const { text, toolCalls, usage, cut } = answer;
  const request = { messages: [...messages], tools: tools.map((tool) => ({ ...tool })) };
  return withoutHome({ agent, turn, request, answer: { text, toolCalls: [...toolCalls], usage, ...(cut && { cut }) } });
}

async function write(recording: Recording, { file, secrets = [] }: RecorderOptions): Promise<void> {
  const text = `${JSON.stringify(recording, null, 1)}\n`;
  if (secrets.some((secret) => isSecret(secret) && text.includes(JSON.stringify(secret).slice(1, -1)))) {
    const message = `The recording ${file} would hold a key that a message quotes: take the key out of the workspace's files.`;
    throw new ModelError('bad-answer', message);
  }
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, text);
  await rename(unfinished, file);
}
