import type { ToolCall } from '../domain/conversation.ts';
import { isRefusal } from './shownResult.ts';

/** Answers in a row without anything new before the agent is told, and before it is stopped. */
const STALE = { told: 2, stopped: 5 };
/** The same for answers of which every call was refused: each refusal may teach something. */
const REFUSED = { told: 5, stopped: 12 };

/** Notices that an agent goes round in circles: the same calls with the same results, one after the other or in turns,
 *  or nothing but refusals. Begins anew whenever the agent is started or resumed. */
export class Standstill {
  private readonly seen = new Set<string>();
  private stale = 0;
  private refused = 0;
  private last = '';

  /** Takes in an answer's calls and their results. */
  take(calls: readonly ToolCall[], results: readonly string[]): void {
    const keys = calls.map((call, i) => keyOf(call, results[i] ?? ''));
    const known = keys.every((key) => this.seen.has(key));
    const refused = results.every(isRefusal);
    for (const key of keys) this.seen.add(key);
    if (known) this.stale++;
    // A refusal that was not heard before is no step forward, and no circle either.
    else if (!refused) this.stale = 0;
    this.refused = refused ? this.refused + 1 : 0;
    const newest = calls.at(-1);
    if (newest) this.last = `${newest.name} ${brief(newest.arguments)}`;
  }

  /** What the agent is to be told after its newest answer; null where it gets on. */
  get reminder(): string | null {
    if (this.stale === STALE.told) {
      return `Your last ${STALE.told} answers brought nothing new: the same calls gave the same results, and will again. Use what you know, try something else, or hand in.`;
    }
    if (this.refused === REFUSED.told) {
      return `Every call of your last ${REFUSED.told} answers was refused. Read what the newest refusal asks for, and do that or something else.`;
    }
    return null;
  }

  /** Why there is no point in going on, for a person; null where there is. */
  get end(): string | null {
    if (this.stale >= STALE.stopped) {
      return `repeats itself (${this.last}): its last ${this.stale} answers brought nothing new`;
    }
    if (this.refused >= REFUSED.stopped) {
      return `does not get on (${this.last}): every call of its last ${this.refused} answers was refused`;
    }
    return null;
  }
}

/** The same call with the same result; how the arguments are spaced does not count. */
function keyOf({ name, arguments: args }: ToolCall, result: string): string {
  return JSON.stringify([name, compact(args), result]);
}

function compact(args: string): string {
  try {
    return JSON.stringify(JSON.parse(args));
  } catch (error) {
    if (error instanceof SyntaxError) return args.trim();
    throw error;
  }
}

function brief(args: string): string {
  const text = compact(args);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
