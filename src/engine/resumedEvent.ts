import type { NewEvent } from '../domain/event.ts';
import type { SessionState } from '../session/state.ts';
import type { ResumeParams } from './protocol.ts';

/** That a session goes on, from where, and what is different from now on: that stays so when it is resumed once more. */
export function resumedEvent({ status, phase }: SessionState, params: ResumeParams): NewEvent {
  const { model, budgetTokens, limits, policy, unconfined, jobs, why } = params;
  // Cut off or answered at a gate: either way it was at work.
  const last = status === 'working' || status === 'waiting' ? '' : ` it was ${status}, and`;
  return {
    type: 'session.resumed',
    why: why ?? `Resumed in phase ${phase};${last} nothing that had finished is done again.`,
    ...(model !== null && { model }),
    ...(typeof budgetTokens === 'number' && { budgetTokens }),
    ...(limits !== undefined && { limits }),
    ...(policy !== undefined && { policy }),
    ...(unconfined !== undefined && { unconfined }),
    ...(jobs !== undefined && { jobs }),
  };
}
