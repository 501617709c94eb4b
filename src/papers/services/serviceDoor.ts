import { version } from '../../domain/version.ts';
import type { AnswerCache } from './answerCache.ts';
import { readAnswer } from './readAnswer.ts';
import type { Service } from './service.ts';
import type { ServiceClock } from './serviceClock.ts';
import { ServiceError } from './serviceError.ts';
import type { Turnstile } from './turnstile.ts';

/** How a base URL is reached: by a `fetch`, or not at all, with the reason as a sentence. */
export type Reach = (baseUrl: string) => Promise<{ readonly fetch: typeof fetch } | { readonly refused: string }>;

/** Milliseconds. */
export interface Patience {
  /** For one answer. */
  readonly answer: number;
  /** For everything that one question needs: a turn, the answer, and a second try. */
  readonly whole: number;
}

export const PATIENCE: Patience = { answer: 6_000, whole: 9_000 };

/** What the doors of all services share. */
export interface Surroundings {
  readonly reach: Reach;
  readonly cache: AnswerCache;
  readonly turnstile: Turnstile;
  readonly clock: ServiceClock;
  readonly patience: Patience;
}

export interface Question<T> {
  /** Behind the base URL. */
  readonly path: string;
  /** @throws Error where the text is no such answer */
  readonly parse: (text: string) => T;
  /** How old an earlier answer may be. Milliseconds. */
  readonly freshFor: number;
  readonly signal: AbortSignal;
}

export interface ServiceAnswer<T> {
  readonly value: T;
  /** Milliseconds since it was given; absent where it is new. */
  readonly age?: number;
  /** Why an old answer was taken, as a sentence. */
  readonly instead?: string;
}

/** An answer as it came, and what it says. */
interface Read<T> {
  readonly text: string;
  readonly value: T;
}

/** Asks one service politely: an earlier answer first, then in turn, within limits of time, and a second time where that
 *  may help. Where it fails, an old answer is better than none. */
export class ServiceDoor {
  readonly service: Service;
  private readonly around: Surroundings;

  constructor(service: Service, around: Surroundings) {
    this.service = service;
    this.around = around;
  }

  /** @throws ServiceError where there is neither an answer nor an earlier one */
  async ask<T>(question: Question<T>): Promise<ServiceAnswer<T>> {
    const { cache, clock } = this.around;
    const url = `${this.service.baseUrl}${question.path}`;
    const kept = await cache.get(url);
    const earlier = kept && parsedOr(kept.text, question.parse);
    const age = kept ? clock.now() - kept.at : 0;
    if (earlier && age <= question.freshFor) return { ...earlier, age };
    try {
      const { text, value } = await this.askInTime(url, question);
      await cache.put(url, text, clock.now());
      return { value };
    } catch (error) {
      if (!earlier || !(error instanceof ServiceError) || error.reason === 'absent') throw error;
      return { ...earlier, age, instead: error.message };
    }
  }

  private async askInTime<T>(url: string, question: Question<T>): Promise<Read<T>> {
    const { reach, clock, patience, turnstile } = this.around;
    const until = clock.now() + patience.whole;
    const way = await reach(this.service.baseUrl);
    if ('refused' in way) throw new ServiceError('not asked', `${this.service.name} was not asked: ${way.refused}`);
    // A mirror may hold several services, and one of them fail alone.
    const host = `${this.service.name}@${new URL(url).host}`;
    for (let tries = 1; ; tries++) {
      await this.waitForTurn(host, until - clock.now(), question.signal);
      try {
        const read = await this.attempt(way.fetch, url, question);
        await turnstile.answered(host);
        return read;
      } catch (error) {
        if (!ServiceError.is(error)) throw error;
        const wait = Math.max(error.waitFor ?? 0, 1_000);
        const again = error.passing && tries === 1 && clock.now() + wait < until;
        if (!again) {
          await this.giveUp(host, error);
          throw error;
        }
        await clock.sleep(wait, question.signal);
      }
    }
  }

  private async waitForTurn(host: string, patience: number, signal: AbortSignal): Promise<void> {
    const { turnstile, clock } = this.around;
    const turn = await turnstile.take(host, this.service.every, Math.max(0, patience));
    if ('shut' in turn) {
      const words = `${this.service.name} was not asked: ${turn.shut}; it is asked again in ${inWords(turn.for)}.`;
      throw new ServiceError('not asked', words);
    }
    if (turn.wait > 0) await clock.sleep(turn.wait, signal);
  }

  /** An answer that reads as one. */
  private async attempt<T>(send: typeof fetch, url: string, { parse, signal }: Question<T>): Promise<Read<T>> {
    const limit = AbortSignal.timeout(this.around.patience.answer);
    const { key } = this.service;
    const asked = new URL(url);
    if (key && 'query' in key.in) asked.searchParams.set(key.in.query, key.value);
    const headers = {
      'user-agent': `mlr-copilot/${version}`,
      ...(key && 'header' in key.in && { [key.in.header]: `${key.in.scheme ?? ''} ${key.value}`.trim() }),
    };
    const text = await readAnswer(send, asked, {
      service: this.service,
      headers,
      signal: AbortSignal.any([limit, signal]),
    }).catch((error: unknown) => {
      if (limit.aborted) throw this.silent(error);
      throw error;
    });
    try {
      return { text, value: parse(text) };
    } catch (cause) {
      if (ServiceError.is(cause)) throw cause;
      throw new ServiceError('failed', `${this.service.name} answered with ${whatItIs(text)}.`, {
        passing: true,
        cause,
      });
    }
  }

  private silent(cause: unknown): ServiceError {
    const { answer } = this.around.patience;
    return new ServiceError('silent', `${this.service.name} gave no answer within ${inWords(answer)}.`, { cause });
  }

  /** One that is not reached at all costs nothing to try again, and may be back with the network; one that refuses a question
   *  may take the next. */
  private async giveUp(host: string, error: ServiceError): Promise<void> {
    if (error.reason === 'failed' && !error.passing) return;
    const why = { throttled: 'it asked to be asked less often', silent: 'it gave no answer', failed: 'it failed' };
    if (error.reason in why)
      await this.around.turnstile.failed(host, why[error.reason as keyof typeof why], error.waitFor ?? 0);
  }
}

function parsedOr<T>(text: string, parse: (text: string) => T): { value: T } | null {
  try {
    return { value: parse(text) };
  } catch (error) {
    // Kept by another version, which read it otherwise: it is asked for anew.
    if (error instanceof Error) return null;
    throw error;
  }
}

function whatItIs(text: string): string {
  if (text.trim() === '') return 'nothing';
  if (/^\s*<(!doctype html|html)/i.test(text)) return 'a web page instead of data';
  return 'data that breaks off or has another shape';
}

function inWords(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds >= 90) return `${Math.round(seconds / 60)} min`;
  return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
}
