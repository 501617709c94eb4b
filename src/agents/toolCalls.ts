import type { ToolCall } from '../domain/conversation.ts';
import type { Tool, ToolAnswer } from './tool.ts';

/** Splits calls into groups that may run at once: calls in a row that only look are one group, every other call is one of
 *  its own, so that effects happen in the order in which they were asked for. */
export function groupsOf<Result>(calls: readonly ToolCall[], tools: readonly Tool<Result>[]): ToolCall[][] {
  const looks = ({ name }: ToolCall) => tools.find((tool) => tool.name === name)?.looks ?? false;
  const groups: ToolCall[][] = [];
  for (const call of calls) {
    const group = groups.at(-1);
    if (group?.every(looks) && looks(call)) group.push(call);
    else groups.push([call]);
  }
  return groups;
}

/** The calls of an answer that look besides its first: together they would fill a small context. */
export function beyondOneLook<Result>(calls: readonly ToolCall[], tools: readonly Tool<Result>[]): Set<string> {
  const looks = calls.filter(({ name }) => tools.some((tool) => tool.name === name && tool.looks));
  return new Set(looks.slice(1).map(({ id }) => id));
}

/** What happened before in the same answer. */
export interface Before {
  readonly failed: boolean;
  readonly finished: boolean;
  /** Calls for which there is no room. */
  readonly crowded: ReadonlySet<string>;
}

/** Executes one call, or says why it is not done. */
export async function execute<Result>(
  tools: readonly Tool<Result>[],
  call: ToolCall,
  so: Before,
  signal: AbortSignal,
): Promise<ToolAnswer<Result>> {
  const tool = tools.find(({ name }) => name === call.name);
  if (!tool) {
    const names = tools.map(({ name }) => name).join(', ');
    return { refused: `There is no tool ${JSON.stringify(call.name)}. The tools are: ${names}.` };
  }
  if (so.finished) return { refused: 'Not done: the work was already handed in.' };
  if (so.crowded.has(call.id)) return { refused: 'Not done: one look in an answer. Look here in the next one.' };
  if (tool.finishes && so.failed) {
    return { refused: 'Not handed in: an earlier call of the same answer was refused. Look at its result first.' };
  }
  return await tool.call(call.arguments, { signal });
}
