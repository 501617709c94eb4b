import { z } from 'zod';
import { type AgentEvent, type Conversation, emptyConversation } from '../../../src/agents/conversation.ts';
import { type AgentRun, runAgent } from '../../../src/agents/loop.ts';
import { finishingTool, tool } from '../../../src/agents/tool.ts';
import { type Line, type ScriptedModel, scriptedModel } from './scriptedModel.ts';

/** What the agent of the test that runs has told, in order. */
export const events: AgentEvent[] = [];
export const looked: string[] = [];

/** Before each test. */
export function beginAnew(): void {
  events.length = 0;
  looked.length = 0;
}

const look = tool({
  name: 'look',
  description: 'Look at a place.',
  parameters: z.object({ place: z.string() }),
  async run({ place }) {
    looked.push(place);
    return place === 'nowhere' ? { refused: 'It does not exist.' } : `${place} is empty`;
  },
});

export const submit = finishingTool({
  name: 'submit',
  description: 'Hand in the number found.',
  parameters: z.object({ found: z.number() }),
  run: async ({ found }) => (found < 0 ? { refused: 'Numbers are positive here.' } : { result: found }),
});

export const lookAt = (place: string): Line => ({ calls: [['look', { place }]] });
export const handIn = (found: unknown): Line => ({ calls: [['submit', { found }]] });

type Options = Partial<AgentRun<number>>;

export function start(...parts: (Line | Options)[]): {
  model: ScriptedModel;
  outcome: ReturnType<typeof runAgent<number>>;
} {
  const isLine = (part: Line | Options): part is Line => typeof part === 'string' || 'calls' in part;
  const model = scriptedModel(...parts.filter(isLine));
  const run: AgentRun<number> = {
    agent: 'idea',
    system: 'S',
    task: 'T',
    tools: [look, submit],
    model,
    budget: { turns: 20, tokens: 10_000 },
    now: () => 0,
    on: async (event) => {
      events.push(event);
    },
    signal: new AbortController().signal,
    ...parts.find((part): part is Options => !isLine(part)),
  };
  return { model, outcome: runAgent(run) };
}

/** A conversation that has cost so much and said nothing. */
export function spent(tokens: number): Conversation {
  return { ...emptyConversation(), tokens };
}

export function told(): string[] {
  return events.flatMap((event) => (event.type === 'tool' ? [event.content] : []));
}
