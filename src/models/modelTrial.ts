import * as z from 'zod';
import type { ToolCall } from '../domain/conversation.ts';
import type { ChatModel, ModelAnswer, ToolDescription } from './chatModel.ts';
import { ModelError } from './modelError.ts';
import { readArguments } from './nearlyJson.ts';
import { withTextTools } from './textTools.ts';

/** What a model did when it was really asked. */
export const Trial = z.object({
  /** The day (ISO 8601). */
  tried: z.iso.date(),
  /** Tools in the protocol, in words, or not at all. */
  tools: z.enum(['protocol', 'words', 'none']),
  /** An exact edit of a file, and nested arguments as their schema asks; false where it calls no tools. */
  edits: z.boolean(),
  schema: z.boolean(),
  /** Tokens of the longest prompt of which it still knew the beginning; null where it knew none. */
  remembers: z.number().int().nullable(),
  /** Tokens of the shortest prompt of which it did not, or that was refused; null where none was that long. */
  forgets: z.number().int().nullable(),
});
export type Trial = z.infer<typeof Trial>;

/** How much a model holds, as far as anybody knows. A beginning that was forgotten goes before whatever is said of it, unless
 *  that lies between what was known and what was forgotten; one that was known tells something only where nothing else
 *  does.
 *  @param said tokens by a table or its server; null where nobody says */
export function contextFound(said: number | null, trial: Trial | null): number | null {
  if (trial === null) return said;
  const { remembers, forgets } = trial;
  if (said !== null && said >= (remembers ?? said) && said < (forgets ?? 0)) return said;
  if (forgets !== null) return Math.min(remembers ?? forgets, said ?? Number.POSITIVE_INFINITY);
  return said ?? remembers;
}

export interface TrialOptions {
  /** Longest prompt to try, in tokens. */
  readonly longest: number;
  readonly signal: AbortSignal;
  /** Told of each question before it is asked. */
  readonly onStep?: (what: string) => void;
  readonly today?: string;
}

/** Asks a model what agents will ask of it: to call a tool, to edit exactly, to keep to a schema, and what stood at the
 *  beginning of ever longer prompts. Some servers cut the beginning off without a word.
 *  @param model without help for tools in words
 *  @throws ModelError where it cannot be asked at all */
export async function tryModel(model: ChatModel, options: TrialOptions): Promise<Trial> {
  const asked: Asking = { ...options, turn: 0 };
  const tools = await toolsOf(model, asked);
  const able = tools === 'words' ? withTextTools(model, { always: true }) : model;
  const edits = tools !== 'none' && (await editsExactly(able, asked));
  const schema = tools !== 'none' && (await keepsToSchema(able, asked));
  const context = await contextOf(model, asked);
  return { tried: options.today ?? new Date().toISOString().slice(0, 10), tools, edits, schema, ...context };
}

type Asking = TrialOptions & { turn: number };

function ask(model: ChatModel, asking: Asking, content: string, tools: readonly ToolDescription[]) {
  asking.turn++;
  const { turn, signal } = asking;
  const maxTokens = 2_000;
  return model.complete({ agent: 'trial', turn, messages: [{ role: 'user', content }], tools, maxTokens, signal });
}

async function toolsOf(model: ChatModel, asking: Asking): Promise<Trial['tools']> {
  const tool = described('report_sum', 'Report a sum.', z.object({ sum: z.number() }));
  const question = 'What is 19 + 23? Report it with the tool report_sum.';
  const calls = async (one: ChatModel) => {
    const answer = await ask(one, asking, question, [tool]);
    return argumentsOf(answer, 'report_sum').some((args) => z.object({ sum: z.literal(42) }).safeParse(args).success);
  };
  asking.onStep?.('a tool');
  try {
    if (await calls(model)) return 'protocol';
  } catch (error) {
    if (!ModelError.is(error, 'no-tools') && !ModelError.is(error, 'bad-answer')) throw error;
  }
  asking.onStep?.('a tool, in words');
  return (await calls(withTextTools(model, { always: true }))) ? 'words' : 'none';
}

const FILE = 'def mean(values):\n    total = 0\n    for value in values:\n        total += value\n    return total\n';
const MENDED = FILE.replace('return total\n', 'return total / len(values)\n');

async function editsExactly(model: ChatModel, asking: Asking): Promise<boolean> {
  asking.onStep?.('an exact edit');
  const tool = described(
    'replace_text',
    'Replace a text that stands in the file exactly once.',
    z.object({ old: z.string().describe('The text, exactly as it stands in the file.'), new: z.string() }),
  );
  const question = `This file returns the sum, not the mean. Mend its last line with replace_text: divide by len(values).\n\n${FILE}`;
  const answer = await ask(model, asking, question, [tool]);
  const edit = z.object({ old: z.string().min(1), new: z.string() });
  return argumentsOf(answer, 'replace_text').some((args) => {
    const { data } = edit.safeParse(args);
    return data !== undefined && FILE.replace(data.old, () => data.new) === MENDED;
  });
}

async function keepsToSchema(model: ChatModel, asking: Asking): Promise<boolean> {
  asking.onStep?.('arguments by a schema');
  const shape = z.object({
    title: z.string().min(1),
    scores: z.object({ clarity: z.number().int().min(1).max(5), rigor: z.number().int().min(1).max(5) }),
    steps: z.array(z.object({ what: z.string().min(1), minutes: z.number() })).length(2),
  });
  const question = 'Propose how to tell whether a coin is fair: a title, scores from 1 to 5, and exactly two steps.';
  const answer = await ask(model, asking, `${question} Hand it in with propose.`, [
    described('propose', 'Hand in a proposal.', shape),
  ]);
  return argumentsOf(answer, 'propose').some((args) => shape.safeParse(args).success);
}

const SHORTEST = 2_000;
const MARKER = 'violet-4417-heron';
/** English has about four characters a token. */
const CHARACTERS_A_TOKEN = 4;

async function contextOf(model: ChatModel, asking: Asking): Promise<Pick<Trial, 'remembers' | 'forgets'>> {
  let remembers: number | null = null;
  for (let tokens = SHORTEST; tokens <= asking.longest; tokens *= 2) {
    const read = await beginningKnown(model, asking, tokens);
    if (read === null) return between(model, asking, remembers, tokens);
    remembers = read;
  }
  return { remembers, forgets: null };
}

/** One question halfway: doubling alone would leave half of a context unused. */
async function between(model: ChatModel, asking: Asking, remembers: number | null, forgets: number) {
  if (remembers === null) return { remembers, forgets };
  const halfway = (forgets / 4) * 3;
  const read = await beginningKnown(model, asking, halfway);
  return read === null ? { remembers, forgets: halfway } : { remembers: read, forgets };
}

/** @returns the tokens of the prompt where its beginning was known, else null */
async function beginningKnown(model: ChatModel, asking: Asking, tokens: number): Promise<number | null> {
  asking.onStep?.(`a prompt of ${tokens} tokens`);
  const { known, read } = await knowsBeginning(model, asking, tokens);
  if (!known) return null;
  // A server that counts a prompt without what it had in its cache counts far too few.
  return read > tokens / 2 ? read : tokens;
}

async function knowsBeginning(model: ChatModel, asking: Asking, tokens: number) {
  const line = (n: number) => `Line ${n}: nothing of interest stands in this line either.\n`;
  const lines = Math.ceil((tokens * CHARACTERS_A_TOKEN) / line(1000).length);
  const filler = Array.from({ length: lines }, (_, i) => line(i + 1)).join('');
  const question = 'Which password stands in the very first line? Answer with the password alone, or with "none".';
  try {
    const answer = await ask(model, asking, `The password is ${MARKER}.\n${filler}\n${question}`, []);
    return { known: answer.text.includes(MARKER), read: answer.usage.promptTokens };
  } catch (error) {
    if (ModelError.is(error, 'context')) return { known: false, read: 0 };
    throw error;
  }
}

function described(name: string, description: string, parameters: z.ZodType): ToolDescription {
  const { $schema: _, ...schema } = z.toJSONSchema(parameters);
  return { name, description, parameters: schema };
}

function argumentsOf({ toolCalls }: ModelAnswer, name: string): unknown[] {
  const read = (call: ToolCall) => readArguments(call.arguments);
  return toolCalls
    .filter((call) => call.name === name)
    .map(read)
    .flatMap((args) => ('value' in args ? [args.value] : []));
}
