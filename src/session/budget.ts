import { AgentError } from '../agents/agentError.ts';
import type { Price, Usage } from '../domain/conversation.ts';
import { thinkingTotal } from '../domain/cost.ts';
import { dollars, grouped } from '../domain/costInWords.ts';
import type { Limit } from '../domain/limit.ts';
import { phaseOf } from '../domain/phase.ts';
import type { ChatModel } from '../models/chatModel.ts';
import { SessionError } from './errors.ts';
import type { Session } from './session.ts';

/** From this share of a limit on, it is said that little is left. */
const WARNED = 0.8;

/** The limits that hold for an agent's task: the session's own and its phase's. */
export function limitsOf({ begun }: Session, call: string): Limit[] {
  const { budgetTokens, limits = [] } = begun;
  const phase = phaseOf(call);
  const own: Limit[] = budgetTokens === null ? [] : [{ phase: null, unit: 'tokens', most: budgetTokens }];
  return [...own, ...limits].filter((limit) => limit.phase === null || limit.phase === phase);
}

/** Tokens that are left for a task; infinite where nothing limits them. */
export function tokensLeft(session: Session, call: string): number {
  const left = limitsOf(session, call).flatMap((limit) =>
    limit.unit === 'tokens' ? [limit.most - usedOf(session, limit)] : [],
  );
  return Math.max(0, Math.min(Number.POSITIVE_INFINITY, ...left));
}

/** Before a model is asked: a limit in money can be kept only where its price is known.
 *  @throws SessionError `budget` */
export function assertPriced(session: Session, call: string, model: ChatModel): void {
  const limit = limitsOf(session, call).find(({ unit }) => unit === 'usd');
  if (limit === undefined || model.recorded) return;
  const price = model.price?.({ promptTokens: 1, completionTokens: 1 }) ?? null;
  if (price !== null) return;
  throw new SessionError(
    'budget',
    `Nobody knows what ${model.name} costs, so a limit of ${dollars(limit.most)} cannot be kept: limit its tokens with --budget-tokens instead, or choose a model whose price is known.`,
  );
}

/** Asked before each answer of a model: says once that little is left of a limit, and ends what has used it up. So a limit
 *  is passed by one answer at most.
 *  @throws AgentError `budget` */
export async function mindLimits(session: Session, call: string): Promise<void> {
  for (const limit of limitsOf(session, call)) {
    const used = usedOf(session, limit);
    if (used >= limit.most) throw new AgentError('budget', usedUp(limit, used), { limit });
    if (used < WARNED * limit.most) continue;
    const text = `More than ${WARNED * 100} % of ${inWords(limit)} is used.`;
    const said = session.log.events.some((event) => event.type === 'notice' && event.text === text);
    if (!said) await session.append({ type: 'notice', text });
  }
}

/** Whether a task's limits leave room for one more answer, after one that is not in the log yet.
 *  @param used what that one took */
export function leavesRoom(session: Session, call: string, used: Usage, price: Price | null): boolean {
  return limitsOf(session, call).every((limit) => {
    const more = limit.unit === 'usd' ? (price?.usd ?? 0) : used.promptTokens + used.completionTokens;
    return usedOf(session, limit) + more < limit.most;
  });
}

/** The limit that ended a session's work; null where something else did. */
export function limitUsedUp(error: unknown): Limit | null {
  return AgentError.is(error, 'budget') ? error.limit : null;
}

function usedOf({ state }: Session, { phase, unit }: Limit): number {
  const total = thinkingTotal(state.cost, phase ?? undefined);
  return unit === 'usd' ? total.usd : total.promptTokens + total.completionTokens;
}

function usedUp(limit: Limit, used: number): string {
  const flag = limit.unit === 'usd' ? '--budget-money' : '--budget-tokens';
  const named = limit.phase === null ? 'N' : `${limit.phase}=N`;
  return `${inWords(limit)} is used up (${amount(used, limit.unit)}): resume with a larger one (${flag} ${named}).`.replace(
    /^the/,
    'The',
  );
}

function inWords({ phase, unit, most }: Limit): string {
  return `the ${phase === null ? 'session' : `${phase} phase`}'s limit of ${amount(most, unit)}`;
}

function amount(value: number, unit: Limit['unit']): string {
  return unit === 'usd' ? dollars(value) : `${grouped(value)} tokens`;
}
