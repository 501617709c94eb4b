import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ModelMessage, ToolCall, Usage } from '../domain/conversation.ts';
import { ModelError } from './modelError.ts';

const Entry = z.object({
  agent: z.string(),
  turn: z.number().int().min(1),
  request: z.object({
    messages: z.array(ModelMessage),
    tools: z.array(
      z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) }),
    ),
  }),
  answer: z.object({ text: z.string(), toolCalls: z.array(ToolCall), usage: Usage, cut: z.boolean().optional() }),
});
export type RecordedEntry = z.infer<typeof Entry>;
export type RecordedRequest = RecordedEntry['request'];

/** A conversation with a model, kept verbatim: what was asked, what was answered, by whom. It never holds a key. */
export const Recording = z.object({
  version: z.literal(1),
  /** Who answered, in words: a model and its endpoint. */
  model: z.string(),
  /** What whoever answered was told besides the requests. */
  brief: z.string().optional(),
  /** When the recording was begun (ISO 8601). */
  at: z.string(),
  entries: z.array(Entry),
});
export type Recording = z.infer<typeof Recording>;

/** @throws ModelError `no-recording` where the file is missing or is no recording */
export async function readRecording(file: string): Promise<Recording> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unusable(`The recording ${file} cannot be read`, error);
  }
  try {
    return Recording.parse(JSON.parse(text));
  } catch (error) {
    throw unusable(`${file} is no recording of version 1`, error);
  }
}

function unusable(what: string, cause: unknown): ModelError {
  const message = `${what} (${inWords(cause)}): name a file that --record has written.`;
  return new ModelError('no-recording', message, { cause });
}

function inWords(cause: unknown): string {
  if (cause instanceof z.ZodError) return `at ${cause.issues[0]?.path.join('.') || 'its top'}`;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return cause instanceof SyntaxError ? 'no valid JSON' : String(cause);
}
