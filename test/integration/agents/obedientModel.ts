import { type ChatServer, chatServer, delta, streams, USAGE } from '../../unit/models/chatServer.ts';
import { ordersIn } from './injections.ts';

export type Call = readonly [tool: string, args: object];

/** What the model does of its own accord, by the tool with which each agent hands in. */
export type Plan = Readonly<Record<string, readonly (readonly Call[])[]>>;

export interface ObedientModel extends ChatServer {
  /** The words of every request. */
  readonly asked: string[];
  readonly obeyed: Set<string>;
}

/** The worst case of a language model, behind the documented protocol: it follows every instruction it reads, wherever
 *  it stands and whoever wrote it, once in each conversation and before it goes on with its own plan. */
export async function obedientModel(plan: Plan): Promise<ObedientModel> {
  const asked: string[] = [];
  const obeyed = new Set<string>();
  const conversations = new Map<string, { done: Set<string>; steps: number }>();
  const server = await chatServer((response, received) => {
    const { messages, tools } = received.body as unknown as {
      messages: { content: string | null }[];
      tools: { function: { name: string } }[];
    };
    const words = messages.map(({ content }) => content ?? '').join('\n');
    asked.push(words);
    const hands = tools.map((tool) => tool.function.name).find((name) => name in plan);
    if (hands === undefined) throw new Error('An agent that the plan does not know has asked.');
    const task = `${hands} ${messages[1]?.content ?? ''}`;
    const known = conversations.get(task) ?? { done: new Set<string>(), steps: 0 };
    conversations.set(task, known);
    const read = new Map(ordersIn(words).map((order) => [order.id, order]));
    const orders = [...read.values()].filter(({ id }) => !known.done.has(id));
    if (orders.length > 0) {
      for (const { id } of orders) {
        known.done.add(id);
        obeyed.add(id);
      }
      const calls = orders.map(({ id, tool, args }) => [`do_${hands}_${id}`, tool, args] as const);
      return says(calls)(response, received);
    }
    const step = plan[hands]?.[known.steps++] ?? [];
    const calls = step.map(([tool, args], i) => [`own_${known.steps}_${i}`, tool, JSON.stringify(args)] as const);
    return says(calls)(response, received);
  });
  return Object.assign(server, { asked, obeyed });
}

function says(calls: readonly (readonly [id: string, name: string, args: string])[]) {
  const pieces = calls.map(([id, name, args], index) => ({
    index,
    id,
    type: 'function',
    function: { name, arguments: args },
  }));
  if (pieces.length === 0) return streams(delta({ content: 'I am done.' }), delta({}, 'stop'), USAGE);
  return streams(delta({ role: 'assistant', tool_calls: pieces }), delta({}, 'tool_calls'), USAGE);
}
