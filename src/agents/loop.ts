import type { AgentName, ModelMessage, ToolCall, Usage } from '../domain/conversation.ts';
import type { ChatModel } from '../models/chatModel.ts';
import { AgentError } from './agentError.ts';
import { type AgentEvent, messagesOf, standing } from './conversation.ts';
import type { Tool, ToolAnswer } from './tool.ts';

/** Who thinks: what an agent is told, what it may do, and the one tool by which it hands in its work. */
export interface AgentDefinition<Result> {
  readonly agent: AgentName;
  readonly system: string;
  /** The first user message. */
  readonly task: string;
  readonly tools: readonly Tool<Result>[];
}

export interface AgentRun<Result> extends AgentDefinition<Result> {
  readonly model: ChatModel;
  /** The conversation so far, to go on with; empty or absent for a start. */
  readonly history?: readonly ModelMessage[];
  /** Most answers, and most tokens read and written together. What `history` has used counts; see `spentTokens`. */
  readonly budget: { readonly turns: number; readonly tokens: number };
  readonly spentTokens?: number;
  /** Told of each event before the loop goes on, so that what it does next rests on a written log. */
  on(event: AgentEvent): Promise<void>;
  /** What people have said since it was last asked; each text is returned once. */
  feedback?(): readonly string[];
  /** Words as they arrive, and that they are void because the answer is asked for again. */
  readonly onText?: (delta: string) => void;
  readonly onRetry?: (why: string, waitSeconds: number) => void;
  readonly signal: AbortSignal;
}

export interface AgentOutcome<Result> {
  readonly output: Result;
  readonly turns: number;
  /** Tokens of this start; those before `history` are not in it. */
  readonly usage: Usage;
}

/** Longest tool result that a model is shown, in characters. */
const LONGEST_RESULT = 16_000;
const HANDED_IN = 'Handed in.';
const MOST_IDLE_ANSWERS = 2;

/** Lets a model work with tools until it hands in its work. Messages are only ever added at the end.
 *  @throws AgentError `budget`, `no-tool-call` or `aborted`; ModelError as the model gives it */
export async function runAgent<Result>(run: AgentRun<Result>): Promise<AgentOutcome<Result>> {
  return new Loop(run).run();
}

class Loop<Result> {
  private readonly agent: AgentRun<Result>;
  private readonly messages: ModelMessage[];
  private readonly finishing: Tool<Result>;
  private usage: Usage = { promptTokens: 0, completionTokens: 0 };

  constructor(agent: AgentRun<Result>) {
    this.agent = agent;
    this.messages = [...(agent.history ?? [])];
    const finishing = agent.tools.filter((tool) => tool.finishes);
    if (!finishing[0] || finishing.length > 1)
      throw new TypeError(`The ${agent.agent} agent needs one finishing tool.`);
    this.finishing = finishing[0];
  }

  async run(): Promise<AgentOutcome<Result>> {
    if (this.messages.length === 0) await this.start();
    for (;;) {
      this.throwIfStopped();
      const { calls, results, awaitsReply, idle, turns } = standing(this.messages);
      const finished = (await this.handedInBefore()) ?? (await this.answerCalls(calls, results));
      if (finished) return { output: finished.result, turns, usage: this.usage };
      if (results.length < calls.length) continue;
      if (awaitsReply) await this.askForCall(idle);
      else await this.ask(turns);
    }
  }

  private async start(): Promise<void> {
    const { model, system, task } = this.agent;
    const messages: ModelMessage[] = [
      { role: 'system', content: system },
      { role: 'user', content: task },
    ];
    await this.happened({ type: 'started', model: model.name, messages });
  }

  private async ask(turns: number): Promise<void> {
    for (const text of this.agent.feedback?.() ?? []) await this.happened({ type: 'heard', from: 'person', text });
    await this.mindBudget(turns);
    const { agent, model, tools, signal, onText, onRetry } = this.agent;
    const asked = model.complete({
      agent,
      turn: turns + 1,
      messages: [...this.messages],
      tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
      signal,
      ...(onText && { onText }),
      ...(onRetry && { onRetry }),
    });
    const answer = await this.whileWanted(asked);
    this.usage = {
      promptTokens: this.usage.promptTokens + answer.usage.promptTokens,
      completionTokens: this.usage.completionTokens + answer.usage.completionTokens,
    };
    const { text, toolCalls, usage } = answer;
    await this.happened({ type: 'message', turn: turns + 1, text, toolCalls: [...toolCalls], usage });
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
      text: `What was handed in no longer holds. ${shown(answer, 'start')}`,
    });
    return null;
  }

  /** Executes the calls that have no result yet, in order. */
  private async answerCalls(
    calls: readonly ToolCall[],
    results: readonly string[],
  ): Promise<{ result: Result } | null> {
    let failed = results.some(isRefusal);
    let finished: { result: Result } | null = null;
    for (const call of calls.slice(results.length)) {
      this.throwIfStopped();
      const tool = this.agent.tools.find(({ name }) => name === call.name);
      const answer = await this.execute(tool, call, { failed, finished: finished !== null });
      if (typeof answer === 'object' && 'result' in answer) finished = answer;
      const ok = typeof answer === 'string' || 'result' in answer;
      failed ||= !ok;
      const content = shown(answer, tool?.keeps ?? 'start');
      await this.happened({ type: 'tool', callId: call.id, name: call.name, ok, content });
    }
    return finished;
  }

  private async execute(
    tool: Tool<Result> | undefined,
    call: { name: string; arguments: string },
    so: { failed: boolean; finished: boolean },
  ): Promise<ToolAnswer<Result>> {
    if (!tool) {
      const names = this.agent.tools.map(({ name }) => name).join(', ');
      return { refused: `There is no tool ${JSON.stringify(call.name)}. The tools are: ${names}.` };
    }
    if (so.finished) return { refused: 'Not done: the work was already handed in.' };
    if (tool.finishes && so.failed) {
      return { refused: 'Not handed in: an earlier call of the same answer was refused. Look at its result first.' };
    }
    return this.whileWanted(tool.call(call.arguments, { signal: this.agent.signal }));
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

  private async mindBudget(turns: number): Promise<void> {
    const { agent, budget, spentTokens = 0 } = this.agent;
    const tokens = spentTokens + this.usage.promptTokens + this.usage.completionTokens;
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

  private async happened(event: AgentEvent): Promise<void> {
    await this.agent.on(event);
    this.messages.push(...messagesOf(event));
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
    if (this.agent.signal.aborted) throw new AgentError('aborted', `The ${this.agent.agent} agent was stopped.`, cause);
  }
}

const REFUSED = 'Refused: ';

function isRefusal(content: string): boolean {
  return content.startsWith(REFUSED);
}

function shown(answer: ToolAnswer<unknown>, keeps: 'start' | 'end'): string {
  if (typeof answer === 'string') return cut(isRefusal(answer) ? ` ${answer}` : answer, keeps);
  return 'refused' in answer ? cut(REFUSED + answer.refused, 'start') : HANDED_IN;
}

function cut(text: string, keeps: 'start' | 'end'): string {
  if (text.length <= LONGEST_RESULT) return text;
  const note = `[${LONGEST_RESULT} of ${text.length} characters shown: the ${keeps}. Ask for a smaller part to see the rest.]`;
  return keeps === 'start' ? `${text.slice(0, LONGEST_RESULT)}\n${note}` : `${note}\n${text.slice(-LONGEST_RESULT)}`;
}
