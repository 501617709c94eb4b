import { type AgentEvent, type Conversation, emptyConversation, OPENING } from '../agents/conversation.ts';
import { type AgentDefinition, runAgent } from '../agents/loop.ts';
import { type Room, roomFor } from '../agents/room.ts';
import type { AgentName, Usage } from '../domain/conversation.ts';
import { grouped } from '../domain/costInWords.ts';
import type { NewEvent } from '../domain/event.ts';
import { roleOf } from '../domain/role.ts';
import { isSmallContext } from '../domain/smallContext.ts';
import type { ChatModel } from '../models/chatModel.ts';
import { contextSaid } from '../models/contextSaid.ts';
import { assertPriced, leavesRoom, mindLimits, tokensLeft } from './budget.ts';
import { chatModel } from './model.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** What one agent may use for one task, and again after each resume, unless the session's own budget is smaller. */
const TURNS = 40;
const TOKENS = 1_500_000;

/** A task before it is known how much the model that gets it can hold. */
export interface Task<Result> {
  readonly agent: AgentName;
  define(room: Room): AgentDefinition<Result> | Promise<AgentDefinition<Result>>;
}

/** Lets an agent work on a task, each step in the log before the next is taken. A task that was finished before is
 *  not done again: its output comes from the log.
 *  @param call names the task within the session, and its conversation
 *  @throws AgentError, ModelError */
export async function consult<Result>(
  session: Session,
  ports: Ports,
  call: string,
  { agent, define }: Task<Result>,
): Promise<Result> {
  const known = session.state.conversations.get(call);
  // The log holds what the agent's own schema let through; the same program wrote it.
  if (known?.output !== undefined) return known.output as Result;
  const model = await chatModel(session, ports, roleOf(agent));
  const summarizer = await chatModel(session, ports, 'cheap');
  for (const one of [model, summarizer]) assertPriced(session, call, one);
  const work: Work<Result> = { session, ports, call, agent, define, summarizer };
  try {
    return await workWith(work, model, known);
  } catch (error) {
    const smaller = asSmallAsSaid(model, error, session.state.conversations.get(call));
    if (smaller === null) throw error;
    const text = `${model.name} holds ${grouped(smaller.contextTokens)} tokens, as it says itself: the ${agent} agent begins anew in small mode.`;
    await session.append({ type: 'notice', text });
    return await workWith(work, smaller, undefined);
  }
}

interface Work<Result> extends Task<Result> {
  readonly session: Session;
  readonly ports: Ports;
  readonly call: string;
  readonly summarizer: ChatModel;
}

async function workWith<Result>(
  { session, ports, call, agent, define, summarizer }: Work<Result>,
  model: ChatModel,
  known: Conversation | undefined,
): Promise<Result> {
  const definition = await define(roomFor(model.contextTokens));
  const outcome = await runAgent({
    ...definition,
    model: withinLimits(model, session, call),
    summarizer,
    ...(known && { history: known }),
    budget: {
      turns: (known?.turns ?? 0) + TURNS,
      tokens: (known?.tokens ?? 0) + Math.min(TOKENS, tokensLeft(session, call)),
    },
    mayAsk: () => mindLimits(session, call),
    on: (event) => session.append(asSessionEvent(event, definition, call, model.name)),
    feedback: () => [...session.state.unheard],
    onText: (text) => ports.onDelta(call, text),
    onRetry: (why) => ports.onDelta(call, `\n(${why}; asking again)\n`),
    signal: session.signal,
  });
  await session.append({ type: 'agent.finished', agent, call, output: outcome.output });
  return outcome.output;
}

/** The same model, known to hold little, where an endpoint refused the very first request for its length and said so;
 *  null where something else is wrong. What was said to the agent in the meantime must not be lost. */
function asSmallAsSaid(
  model: ChatModel,
  error: unknown,
  { turns, messages }: Conversation = emptyConversation(),
): (ChatModel & { contextTokens: number }) | null {
  const contextTokens = contextSaid(error);
  if (contextTokens === null || turns > 0 || messages.length > OPENING) return null;
  if (!isSmallContext(contextTokens) || isSmallContext(model.contextTokens)) return null;
  return { ...model, contextTokens };
}

/** What is asked once more within one answer stands in no log in between, so it is counted here. */
function withinLimits(model: ChatModel, session: Session, call: string): ChatModel {
  const mayAskAgain = (used: Usage) => leavesRoom(session, call, used, model.price?.(used) ?? null);
  return { ...model, complete: (request) => model.complete({ ...request, mayAskAgain }) };
}

function asSessionEvent(
  event: AgentEvent,
  { agent, prompt }: AgentDefinition<unknown>,
  call: string,
  model: string,
): NewEvent {
  switch (event.type) {
    case 'started':
      return {
        ...event,
        type: 'agent.started',
        agent,
        call,
        ...(prompt && { prompt: { file: prompt.file, sha256: prompt.sha256 } }),
      };
    case 'message':
      return { ...event, type: 'agent.message', agent, call, model };
    case 'tool':
      return { ...event, type: 'agent.tool', agent, call };
    case 'heard':
      return { ...event, type: 'agent.heard', agent, call };
    case 'compacted':
      return { ...event, type: 'agent.compacted', agent, call };
  }
}
