import * as vscode from 'vscode';
import type { Limit } from '../domain/limit.ts';
import type { FollowedSession } from './followedSession.ts';

const RAISE = 'Raise the Limit…';

/** Says that a limit is used up, and goes on with a larger one where a person gives it. */
export async function offerLargerLimit(session: FollowedSession, message: string, limit: Limit): Promise<void> {
  const pressed = await vscode.window.showWarningMessage(message, RAISE);
  if (pressed !== RAISE) return;
  const unit = limit.unit === 'usd' ? 'US dollars' : 'tokens';
  const of = limit.phase === null ? 'the session' : `the ${limit.phase} phase`;
  const given = await vscode.window.showInputBox({
    title: `New limit of ${of}`,
    prompt: `In ${unit}, for all of ${of}: what is used already counts.`,
    value: String(limit.most * 2),
    validateInput: (text) => problemOf(text, limit),
  });
  if (given === undefined) return;
  await session.resume(raised(limit, Number(given)));
}

/** What resuming needs: the session's tokens have a place of their own. */
export function raised(limit: Limit, most: number): { budgetTokens?: number; limits?: Limit[] } {
  const whole = limit.phase === null && limit.unit === 'tokens';
  return whole ? { budgetTokens: most } : { limits: [{ ...limit, most }] };
}

export function problemOf(text: string, { unit, most }: Limit): string | null {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) return 'Enter a number.';
  if (unit === 'tokens' && !Number.isInteger(value)) return 'Enter a whole number.';
  return value > most ? null : `Enter more than ${most}, which is used up.`;
}
