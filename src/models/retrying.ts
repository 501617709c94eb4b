import type { ModelAnswer, ModelRequest } from './chatModel.ts';
import { CLOCK, type Clock } from './clock.ts';
import { ModelError } from './modelError.ts';

export interface Retries {
  /** How often a passing failure is tried again (default 2): 429, 5xx, a lost connection, a broken answer. */
  readonly retries?: number;
  /** Seconds before the first new try (default 0.5), doubled at each; an endpoint's own Retry-After goes before. */
  readonly retryAfterSeconds?: number;
  /** By how much of itself such a wait is longer, from 0 to 1 (default: at random), so that those whom one failure
   *  struck do not all come back at once. */
  readonly jitter?: () => number;
  readonly clock?: Clock;
}

/** Longest wait that an endpoint's Retry-After is obeyed for; beyond it a person decides. Seconds. */
const LONGEST_WAIT = 120;

/** Asks again what may succeed when asked again, and says so before each wait.
 *  @throws ModelError the last failure; `aborted` where the signal fires while waiting */
export async function retrying(
  request: ModelRequest,
  { retries = 2, retryAfterSeconds = 0.5, jitter = Math.random, clock = CLOCK }: Retries,
  attemptOnce: () => Promise<ModelAnswer>,
): Promise<ModelAnswer> {
  for (let failures = 0; ; failures++) {
    try {
      return await attemptOnce();
    } catch (error) {
      if (!ModelError.is(error) || !error.passing || failures >= retries) throw error;
      const wait = error.waitSeconds ?? retryAfterSeconds * 2 ** failures * (1 + jitter());
      if (wait > LONGEST_WAIT) throw error;
      request.onRetry?.(error.message, wait);
      await pause(wait, request.signal, clock);
    }
  }
}

function pause(seconds: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      callOff();
      reject(new ModelError('aborted', 'Stopped while waiting to ask the model again.'));
    };
    const callOff = clock.after(seconds * 1000, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
