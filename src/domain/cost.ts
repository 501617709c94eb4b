import type { AgentName, Price, Usage } from './conversation.ts';
import type { NewEvent } from './event.ts';
import { phaseOf, type ThinkingPhase } from './phase.ts';
import { hasEnded, type RunPurpose } from './run.ts';

/** What an agent's thinking took in one phase with one model. */
export interface ThinkingCost {
  agent: AgentName;
  phase: ThinkingPhase;
  /** Null in logs of older versions, which did not say. */
  model: string | null;
  answers: number;
  promptTokens: number;
  /** Of the prompt's tokens, those that endpoints said they had in their cache. */
  cachedTokens: number;
  completionTokens: number;
  usd: number;
  /** Answers of which nobody knows the price; `usd` lacks them. */
  unpriced: number;
  /** How long the models took. */
  seconds: number;
}

/** What runs of one kind took. */
export interface RunCost {
  purpose: RunPurpose;
  runs: number;
  seconds: number;
}

/** What a session has cost so far; a fold over its events. */
export interface SessionCost {
  thinking: ThinkingCost[];
  runs: RunCost[];
  /** The days of the prices that were reckoned with, the oldest first (ISO 8601); those of nothing are none. */
  pricedOn: string[];
}

export type ThinkingTotal = Omit<ThinkingCost, 'agent' | 'phase' | 'model'>;

export function emptyCost(): SessionCost {
  return { thinking: [], runs: [], pricedOn: [] };
}

export function costOf(events: readonly NewEvent[]): SessionCost {
  const cost = emptyCost();
  for (const event of events) addCost(cost, event);
  return cost;
}

/** Takes one event into a cost. */
export function addCost(cost: SessionCost, event: NewEvent): void {
  switch (event.type) {
    case 'agent.message':
      addThinking(rowOf(cost, event.agent, phaseOf(event.call), event.model ?? null), event.usage, event);
      addDay(cost, event.price);
      return;
    case 'agent.compacted':
      if (event.usage) addThinking(rowOf(cost, event.agent, phaseOf(event.call), event.by), event.usage, event);
      addDay(cost, event.price);
      return;
    case 'run.ended': {
      if (!hasEnded(event.run)) return;
      const { purpose, resources } = event.run;
      const row = cost.runs.find((one) => one.purpose === purpose) ?? { purpose, runs: 0, seconds: 0 };
      if (row.runs === 0) cost.runs.push(row);
      row.runs++;
      row.seconds += resources.wallSeconds;
    }
  }
}

/** All thinking together, or that of one phase. */
export function thinkingTotal({ thinking }: SessionCost, phase?: ThinkingPhase): ThinkingTotal {
  const total = { ...NOTHING };
  for (const row of thinking) {
    if (phase !== undefined && row.phase !== phase) continue;
    for (const key of Object.keys(NOTHING) as (keyof ThinkingTotal)[]) total[key] += row[key];
  }
  return total;
}

/** A row for other programs: money is null where nobody knows any of it, which is not nothing. */
export type ToldCost<Row extends ThinkingTotal> = Omit<Row, 'usd'> & { readonly usd: number | null };

/** What a session cost for other programs, with all thinking together. */
export interface ToldSessionCost {
  readonly thinking: readonly ToldCost<ThinkingCost>[];
  readonly total: ToldCost<ThinkingTotal>;
  readonly runs: readonly RunCost[];
  readonly pricedOn: readonly string[];
}

export function toldCost(cost: SessionCost): ToldSessionCost {
  const { thinking, runs, pricedOn } = cost;
  return { thinking: thinking.map(told), total: told(thinkingTotal(cost)), runs, pricedOn };
}

function told<Row extends ThinkingTotal>(row: Row): ToldCost<Row> {
  const unknown = row.answers > 0 && row.unpriced === row.answers;
  return { ...row, usd: unknown ? null : row.usd };
}

const NOTHING: ThinkingTotal = {
  answers: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  usd: 0,
  unpriced: 0,
  seconds: 0,
};

function rowOf({ thinking }: SessionCost, agent: AgentName, phase: ThinkingPhase, model: string | null): ThinkingCost {
  const known = thinking.find((row) => row.agent === agent && row.phase === phase && row.model === model);
  if (known) return known;
  const row = { agent, phase, model, ...NOTHING };
  thinking.push(row);
  return row;
}

function addDay({ pricedOn }: SessionCost, price: Price | null | undefined): void {
  if (!price || price.usd === 0 || pricedOn.includes(price.dated)) return;
  pricedOn.push(price.dated);
  pricedOn.sort();
}

function addThinking(
  row: ThinkingCost,
  { promptTokens, completionTokens, cachedTokens = 0 }: Usage,
  { seconds = 0, price }: { seconds?: number | undefined; price?: Price | null | undefined },
): void {
  row.answers++;
  row.promptTokens += promptTokens;
  row.cachedTokens += cachedTokens;
  row.completionTokens += completionTokens;
  row.seconds += seconds;
  if (price) row.usd += price.usd;
  else row.unpriced++;
}
