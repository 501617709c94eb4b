import type { ModelMessage, ToolCall } from '../domain/conversation.ts';
import { isRefusal } from './shownResult.ts';

/** Newest results of runs that are kept, and the lines of each. */
const RUNS = { most: 6, lines: 8, line: 200 };
const NUMBER = /\d/;
const SPOKEN = 400;

/** A call with its result. */
interface Step {
  readonly call: ToolCall;
  readonly args: Readonly<Record<string, unknown>>;
  readonly result: string;
}

/** What happened in a conversation, as the tools' own words have it: files read and changed, what runs printed, what
 *  people said. Earlier summaries are kept as they stand. */
export function factsOf(messages: readonly ModelMessage[]): string {
  const steps = stepsOf(messages);
  const done = steps.filter(({ result }) => !isRefusal(result));
  const read = pathsOf(done.filter(({ call }) => call.name === 'read_file'));
  const changed = pathsOf(done.filter(({ call }) => ['edit_file', 'write_file'].includes(call.name)));
  const runs = done.filter(({ call }) => /^(run|rerun)_/.test(call.name)).slice(-RUNS.most);
  const refused = steps.length - done.length;
  const parts = [
    ...messages.flatMap((message) => (message.role === 'user' ? [message.content] : [])),
    read === '' ? '' : `Read: ${read}.`,
    changed === '' ? '' : `Changed: ${changed}.`,
    ...runs.map(({ call, result }) => `${call.name} gave:\n${telling(result)}`),
    refused === 0 ? '' : `Calls that were refused: ${refused}.`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The agent's own words, in order. */
export function spokenIn(messages: readonly ModelMessage[]): string {
  const said = messages.flatMap((message) => (message.role === 'assistant' ? [message.content.trim()] : []));
  return said
    .filter((text) => text !== '')
    .map((text) => (text.length > SPOKEN ? `${text.slice(0, SPOKEN)}…` : text))
    .join('\n');
}

function stepsOf(messages: readonly ModelMessage[]): Step[] {
  const results = new Map(messages.flatMap((m) => (m.role === 'tool' ? [[m.callId, m.content] as const] : [])));
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  return calls.map((call) => ({ call, args: argumentsOf(call), result: results.get(call.id) ?? '' }));
}

function argumentsOf({ arguments: text }: ToolCall): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Each path once, with how often where that is more than once. */
function pathsOf(steps: readonly Step[]): string {
  const counts = new Map<string, number>();
  for (const { args } of steps) {
    if (typeof args.path === 'string') counts.set(args.path, (counts.get(args.path) ?? 0) + 1);
  }
  return [...counts].map(([path, count]) => (count === 1 ? path : `${path} (${count} times)`)).join(', ');
}

/** The first line of a run's result, and its last lines that hold numbers. */
function telling(result: string): string {
  const [first = '', ...others] = result.split('\n').filter((line) => line.trim() !== '');
  const numbers = others.filter((line) => NUMBER.test(line)).slice(-RUNS.lines);
  return [first, ...numbers].map((line) => line.slice(0, RUNS.line)).join('\n');
}
