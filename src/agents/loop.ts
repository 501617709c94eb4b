import type { AgentName, ModelMessage, ToolCall, Usage } from '../domain/conversation.ts';
import type { ChatModel, ModelAnswer } from '../models/chatModel.ts';
import { ModelError } from '../models/modelError.ts';
import { AgentError } from './agentError.ts';
import { CONTEXT_TOKENS, estimatedTokens, messagesToKeep, summarize } from './compaction.ts';
import { type AgentEvent, type Conversation, emptyConversation, standing, takeIn } from './conversation.ts';
import type { OwnPrompt } from './prompt.ts';
import { type Room, roomFor, SMALL_RULES } from './room.ts';
import { HANDED_IN, isRefusal, longestResult, readMore, shownResult } from './shownResult.ts';
import { Standstill } from './standstill.ts';
import type { Tool, ToolAnswer } from './tool.ts';
import { type Before, beyondOneLook, execute, groupsOf } from './toolCalls.ts';

/** Who thinks: what an agent is told, what it may do, and the one tool by which it hands in its work. */
export interface AgentDefinition<Result> {
  readonly agent: AgentName;
  readonly system: string;
  /** The first user message. */
  readonly task: string;
  readonly tools: readonly Tool<Result>[];
  /** A researcher's own prompt, where it was used. */
  readonly prompt?: OwnPrompt | undefined;
}

export interface AgentRun<Result> extends AgentDefinition<Result> {
  readonly model: ChatModel;
  /** Who sums old turns up; the same model where it is absent. */
  readonly summarizer?: ChatModel;
  /** The conversation so far, to go on with; absent for a start. */
  readonly history?: Conversation;
  /** Most answers, and most tokens read and written together. What `history` has used counts. */
  readonly budget: { readonly turns: number; readonly tokens: number };
  /** Asked before each answer: throws where the model may not be asked. */
  mayAsk?(): Promise<void>;
  /** Told of each event before the loop goes on, so that what it does next rests on a written log. */
  on(event: AgentEvent): Promise<void>;
  /** What people have said since it was last asked; each text is returned once. */
  feedback?(): readonly string[];
  /** Words as they arrive, and that they are void because the answer is asked for again. */
  readonly onText?: (delta: string) => void;
  readonly onRetry?: (why: string, waitSeconds: number) => void;
  /** Milliseconds since some moment. */
  readonly now?: () => number;
  readonly signal: AbortSignal;
}

export interface AgentOutcome<Result> {
  readonly output: Result;
  readonly turns: number;
  /** Tokens of this start; those before `history` are not in it. */
  readonly usage: Usage;
}

const MOST_IDLE_ANSWERS = 2;

/** Lets a model work with tools until it hands in its work. Messages are only ever added at the end, but for the moments
 *  in which the oldest give way to a summary.
 *  @throws AgentError `budget`, `no-tool-call`, `standstill` or `aborted`; ModelError as the model gives it */
export async function runAgent<Result>(run: AgentRun<Result>): Promise<AgentOutcome<Result>> {
  return new Loop(run).run();
}

class Loop<Result> {
  private readonly agent: AgentRun<Result>;
  private readonly conversation: Conversation;
  private readonly finishing: Tool<Result>;
  private readonly standstill = new Standstill();
  private contextTokens: number;
  private usage = { promptTokens: 0, completionTokens: 0 };

  constructor(agent: AgentRun<Result>) {
    this.agent = agent;
    const { messages, turns, tokens, whole } = agent.history ?? emptyConversation();
    this.conversation = { messages: [...messages], turns, tokens, whole: new Map(whole) };
    this.contextTokens = agent.model.contextTokens ?? CONTEXT_TOKENS;
    const finishing = agent.tools.filter((tool) => tool.finishes);
    if (!finishing[0] || finishing.length > 1)
      throw new TypeError(`The ${agent.agent} agent needs one finishing tool.`);
    this.finishing = finishing[0];
  }

  async run(): Promise<AgentOutcome<Result>> {
    if (this.messages.length === 0) await this.start();
    for (;;) {
      this.throwIfStopped();
      const { calls, results, awaitsReply, idle } = standing(this.messages);
      const finished = (await this.handedInBefore()) ?? (await this.answerCalls(calls, results));
      if (finished) return { output: finished.result, turns: this.conversation.turns, usage: this.usage };
      if (results.length < calls.length) await this.mindStandstill();
      else if (awaitsReply) await this.askForCall(idle);
      else await this.ask();
    }
  }

  private get messages(): readonly ModelMessage[] {
    return this.conversation.messages;
  }

  private get small(): boolean {
    return roomFor(this.contextTokens) === 'small';
  }

  private get tools(): readonly Tool<Result>[] {
    return offeredTools(this.agent.tools, this.conversation.whole, this.contextTokens);
  }

  private async start(): Promise<void> {
    const messages = openingOf(this.agent, this.small ? 'small' : 'ample');
    await this.happened({ type: 'started', model: this.agent.model.name, messages });
  }

  private async ask(): Promise<void> {
    for (const text of this.agent.feedback?.() ?? []) await this.happened({ type: 'heard', from: 'person', text });
    await this.agent.mayAsk?.();
    await this.mindBudget();
    if (await this.makeRoom()) await this.agent.mayAsk?.();
    const { answer, seconds } = await this.timed(() => this.completed());
    const { text, toolCalls, usage } = answer;
    this.spend(usage);
    const price = this.agent.model.price?.(usage);
    const turn = this.conversation.turns + 1;
    await this.happened({ type: 'message', turn, text, toolCalls: [...toolCalls], usage, seconds, price });
  }

  /** An endpoint that holds less than was thought says so: then old turns give way once more. */
  private async completed(): Promise<ModelAnswer> {
    try {
      return await this.complete();
    } catch (error) {
      if (!ModelError.is(error, 'context')) throw error;
      this.contextTokens = Math.floor(this.requestTokens() * 0.8);
      if (!(await this.makeRoom())) throw error;
      await this.agent.mayAsk?.();
      return await this.complete();
    }
  }

  private complete(): Promise<ModelAnswer> {
    const { agent, model, signal, onText, onRetry } = this.agent;
    const asked = model.complete({
      agent,
      turn: this.conversation.turns + 1,
      messages: [...this.messages],
      tools: this.tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
      signal,
      ...(onText && { onText }),
      ...(onRetry && { onRetry }),
    });
    return this.whileWanted(asked);
  }

  /** Lets the oldest turns give way to a summary where the next request would hold too much.
   *  @returns whether anything gave way */
  private async makeRoom(): Promise<boolean> {
    const kept = messagesToKeep(this.messages, this.requestTokens(), this.contextTokens);
    if (kept === null) return false;
    const { agent, summarizer, model, signal } = this.agent;
    const room = roomFor(this.contextTokens);
    const by = { model: summarizer ?? model, agent, turn: this.conversation.turns + 1, room, signal };
    const { answer, seconds } = await this.timed(() => this.whileWanted(summarize(this.messages.slice(0, -kept), by)));
    if (answer.usage) this.spend(answer.usage);
    await this.happened({ type: 'compacted', kept, ...answer, ...(answer.usage && { seconds }) });
    return true;
  }

  private requestTokens(): number {
    return estimatedTokens(this.messages, this.tools);
  }

  /** A crash may have come between the finishing call's result and the outcome: then its arguments are read again. */
  private async handedInBefore(): Promise<{ result: Result } | null> {
    const { calls, results } = standing(this.messages);
    const call = calls.find(({ name }, i) => name === this.finishing.name && results[i] === HANDED_IN);
    if (!call || this.messages.at(-1)?.role !== 'tool') return null;
    const answer = await this.finishing.call(call.arguments, { signal: this.agent.signal });
    if (typeof answer === 'object' && 'result' in answer) return answer;
    await this.happened({
      type: 'heard',
      from: 'loop',
      text: `What was handed in no longer holds. ${this.shown(answer).content}`,
    });
    return null;
  }

  /** Executes the calls that have no result yet: those that look at once, those that change in order. */
  private async answerCalls(
    calls: readonly ToolCall[],
    results: readonly string[],
  ): Promise<{ result: Result } | null> {
    let failed = results.some(isRefusal);
    let finished: { result: Result } | null = null;
    const crowded = this.small ? beyondOneLook(calls, this.tools) : new Set<string>();
    for (const group of groupsOf(calls.slice(results.length), this.tools)) {
      this.throwIfStopped();
      const so: Before = { failed, finished: finished !== null, crowded };
      const ended = await Promise.allSettled(group.map((call) => this.execute(call, so)));
      for (const [i, call] of group.entries()) {
        const answer: ToolAnswer<Result> = settled(ended[i]);
        if (typeof answer === 'object' && 'result' in answer) finished = answer;
        failed ||= typeof answer === 'object' && 'refused' in answer;
        await this.answered(call, answer);
      }
    }
    return finished;
  }

  private execute(call: ToolCall, so: Before): Promise<ToolAnswer<Result>> {
    return this.whileWanted(execute(this.tools, call, so, this.agent.signal));
  }

  private async answered({ id, name }: ToolCall, answer: ToolAnswer<Result>): Promise<void> {
    const ok = typeof answer === 'string' || 'result' in answer;
    const keeps = this.tools.find((tool) => tool.name === name)?.keeps ?? 'start';
    await this.happened({ type: 'tool', callId: id, name, ok, ...this.shown(answer, ok ? keeps : 'start') });
  }

  private shown(answer: ToolAnswer<unknown>, keeps: 'start' | 'end' = 'start') {
    const kept = this.conversation.whole.size;
    return shownResult(answer, { keeps, kept, longest: longestResult(this.contextTokens) });
  }

  private async askForCall(idle: number): Promise<void> {
    const { agent, model } = this.agent;
    if (idle > MOST_IDLE_ANSWERS) {
      throw new AgentError(
        'no-tool-call',
        `${model.name} answers the ${agent} agent without calling a tool: choose a model that can call tools, or say what it should do and resume.`,
      );
    }
    const text = `Nothing was handed in. Go on by calling a tool; when you are done, call ${this.finishing.name}.`;
    await this.happened({ type: 'heard', from: 'loop', text });
  }

  /** After an answer whose calls all have their results. */
  private async mindStandstill(): Promise<void> {
    const { calls, results } = standing(this.messages);
    this.standstill.take(calls, results);
    const { end, reminder } = this.standstill;
    if (end !== null) {
      const { agent, model } = this.agent;
      const message = `The ${agent} agent ${end}: say in the chat what it should do instead and resume, or resume with another model than ${model.name}.`;
      throw new AgentError('standstill', message);
    }
    if (reminder !== null) await this.happened({ type: 'heard', from: 'loop', text: reminder });
  }

  private async mindBudget(): Promise<void> {
    const { agent, budget } = this.agent;
    const { turns, tokens } = this.conversation;
    const spent = turns >= budget.turns ? `${budget.turns} answers` : `${budget.tokens} tokens`;
    if (turns >= budget.turns || tokens >= budget.tokens) {
      const message = `The ${agent} agent has used its ${spent} without handing in its work: raise its budget and resume.`;
      throw new AgentError('budget', message);
    }
    const text = `Little of your budget is left. Call ${this.finishing.name} within the next answers with what you have.`;
    const said = this.messages.some((message) => message.role === 'user' && message.content === text);
    const little = turns > 0 && (budget.turns - turns <= 2 || tokens > 0.85 * budget.tokens);
    if (little && !said) await this.happened({ type: 'heard', from: 'loop', text });
  }

  private spend({ promptTokens, completionTokens }: Usage): void {
    this.usage.promptTokens += promptTokens;
    this.usage.completionTokens += completionTokens;
  }

  private async happened(event: AgentEvent): Promise<void> {
    await this.agent.on(event);
    takeIn(this.conversation, event);
  }

  private async timed<T>(work: () => Promise<T>): Promise<{ answer: T; seconds: number }> {
    const { now = () => performance.now() } = this.agent;
    const from = now();
    const answer = await work();
    return { answer, seconds: Math.round(now() - from) / 1000 };
  }

  /** What fails because it was stopped is no failure: it is done again when the agent goes on. */
  private async whileWanted<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.throwIfStopped(error);
      throw error;
    }
  }

  private throwIfStopped(cause?: unknown): void {
    if (this.agent.signal.aborted)
      throw new AgentError('aborted', `The ${this.agent.agent} agent was stopped.`, { cause });
  }
}

/** What an agent is told before its first answer. */
export function openingOf(
  { system, task }: Pick<AgentDefinition<unknown>, 'system' | 'task'>,
  room: Room,
): ModelMessage[] {
  return [
    { role: 'system', content: room === 'small' ? `${system}\n\n${SMALL_RULES}` : system },
    { role: 'user', content: task },
  ];
}

/** The agent's own, and the one that shows the rest of a result that was shown in part. It is offered from the start:
 *  a list of tools that grew would make a provider read the whole conversation again. */
export function offeredTools<Result>(
  tools: readonly Tool<Result>[],
  whole: ReadonlyMap<string, string> = new Map(),
  contextTokens = CONTEXT_TOKENS,
): readonly Tool<Result>[] {
  return [...tools, readMore(whole, longestResult(contextTokens))];
}

function settled<T>(ended: PromiseSettledResult<T> | undefined): T {
  if (ended?.status === 'fulfilled') return ended.value;
  throw ended?.reason;
}
