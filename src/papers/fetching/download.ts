import { version } from '../../domain/version.ts';
import { PaperError, type PaperErrorReason } from '../paperError.ts';
import { MAX_PAPER_BYTES } from '../read.ts';
import { retryAfter } from '../services/readAnswer.ts';
import type { Surroundings } from '../services/serviceDoor.ts';
import { isPrivateHost } from './privateHost.ts';

/** A file as somebody's server gave it. Whatever it says it is, it is data. */
export interface Downloaded {
  readonly bytes: Uint8Array;
  /** Where it came from in the end. */
  readonly url: string;
  /** What the server calls it, such as `text/html; charset=utf-8`; empty where it says nothing. */
  readonly type: string;
}

/** Milliseconds. */
export interface DownloadPatience {
  /** For the first and every further piece of an answer. */
  readonly silence: number;
  /** For everything that one file needs: a turn, the answer, and a second try. */
  readonly whole: number;
}

export const DOWNLOAD_PATIENCE: DownloadPatience = { silence: 15_000, whole: 90_000 };

export type DownloadSurroundings = Pick<Surroundings, 'reach' | 'turnstile' | 'clock'> & {
  readonly patience: DownloadPatience;
};

const MOST_REDIRECTS = 8;

/** Milliseconds between two requests to one host; arXiv's terms of use ask for three seconds.
 *  Source: https://info.arxiv.org/help/api/tou.html */
const EVERY = 500;
const ARXIV_EVERY = 3_250;

interface Failed {
  readonly error: PaperError;
  /** Milliseconds that the server asks for; null where it asks for none. */
  readonly waitFor: number | null;
  /** Asking the same again at once may succeed. */
  readonly passing: boolean;
}

/** Fetches one file: in turn, within limits of time and size, by redirects to other hosts too, and a second time where
 *  that may help.
 *  @throws PaperError `not-asked`, `unreachable`, `throttled`, `refused`, `missing` or `too-large` */
export async function download(
  address: string,
  around: DownloadSurroundings,
  signal: AbortSignal,
): Promise<Downloaded> {
  const { clock, patience } = around;
  const until = clock.now() + patience.whole;
  for (let tries = 1; ; tries++) {
    const outcome = await attempt(new URL(address), around, signal);
    if ('bytes' in outcome) return outcome;
    const wait = Math.max(outcome.waitFor ?? 0, 1_000);
    if (!outcome.passing || tries > 1 || clock.now() + wait > until) throw outcome.error;
    await clock.sleep(wait, signal);
  }
}

async function attempt(address: URL, around: DownloadSurroundings, signal: AbortSignal): Promise<Downloaded | Failed> {
  let at = address;
  const asked = new Set<string>();
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const way = await around.reach(at.href);
    if ('refused' in way) return failed(at, 'not-asked', `not fetched; ${way.refused.replace(/\.$/, '')}`);
    // Where a host leads on to itself, both are one request.
    const busy = asked.has(at.host) ? null : await waitForTurn(at, around, signal);
    if (busy) return busy;
    asked.add(at.host);
    const answer = await ask(way.fetch, at, around, signal);
    if (!('location' in answer)) return answer;
    const to = redirected(at, answer.location);
    if ('error' in to) return to;
    at = to;
  }
  return failed(at, 'unreachable', 'redirects in a circle; download the paper and give its path');
}

/** @returns why there is no turn in time */
async function waitForTurn(
  { host, href }: URL,
  around: DownloadSurroundings,
  signal: AbortSignal,
): Promise<Failed | null> {
  const { turnstile, clock, patience } = around;
  const turn = await turnstile.take(
    `papers@${host}`,
    /(^|\.)arxiv\.org$/.test(host) ? ARXIV_EVERY : EVERY,
    patience.whole,
  );
  if ('shut' in turn) {
    const seconds = Math.max(1, Math.round(turn.for / 1000));
    return failed(new URL(href), 'throttled', `not asked, because ${turn.shut}; try again in ${seconds} s`);
  }
  if (turn.wait > 0) await clock.sleep(turn.wait, signal);
  return null;
}

type Answer = Downloaded | Failed | { readonly location: string };

async function ask(send: typeof fetch, at: URL, around: DownloadSurroundings, signal: AbortSignal): Promise<Answer> {
  const silence = new Silence(around.patience.silence);
  const stop = AbortSignal.any([signal, silence.signal]);
  // An order of forms that keeps the registries of DOIs from answering with records instead of the page.
  const headers = { 'user-agent': `mlr-copilot/${version}`, accept: 'text/html,application/pdf;q=0.9,*/*;q=0.5' };
  try {
    const response = await send(at.href, { headers, signal: stop, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      return { location };
    }
    if (!response.ok) return await refusal(at, response, around);
    return await bodyOf(response, at, silence);
  } catch (cause) {
    signal.throwIfAborted();
    if (silence.signal.aborted) {
      const seconds = around.patience.silence / 1000;
      return failed(at, 'unreachable', `no answer within ${seconds} s; try again later, or ${BY_HAND}`, { cause });
    }
    return failed(at, 'unreachable', `${whyNot(cause)}; check the network or the proxy, or ${BY_HAND}`, {
      cause,
      passing: isBrokenOff(cause),
    });
  } finally {
    silence.end();
  }
}

const BY_HAND = 'download the paper in a browser and give its path';

async function bodyOf(response: Response, at: URL, silence: Silence): Promise<Downloaded | Failed> {
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > MAX_PAPER_BYTES) {
    await response.body?.cancel();
    return tooLarge(at);
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    silence.heard();
    bytes += piece.byteLength;
    if (bytes > MAX_PAPER_BYTES) return tooLarge(at);
    pieces.push(piece);
  }
  if (bytes === 0) return failed(at, 'unreachable', `the server answers with nothing; ${BY_HAND}`);
  const type = response.headers.get('content-type') ?? '';
  return { bytes: new Uint8Array(Buffer.concat(pieces)), url: at.href, type };
}

async function refusal(at: URL, { status, headers, body }: Response, around: DownloadSurroundings): Promise<Failed> {
  await body?.cancel();
  const waitFor = retryAfter(headers.get('retry-after'));
  if (status === 404 || status === 410) {
    return failed(at, 'missing', `the server has no such paper (${status}); check what you wrote`);
  }
  if (status === 429) {
    await around.turnstile.failed(`papers@${at.host}`, 'it asked to be asked less often', waitFor ?? 0);
    return failed(at, 'throttled', 'the server asks to be asked less often (429); wait a while', { waitFor });
  }
  if (status >= 500) {
    return failed(at, 'unreachable', `the server has failed (${status}); try again later`, { waitFor, passing: true });
  }
  return failed(at, 'refused', `the server wants a login, or answers no programs (${status}); ${BY_HAND}`);
}

/** A public page may not lead into the network that this machine is in, and no page from a secret to an open line. */
function redirected(from: URL, location: string): URL | Failed {
  const to = URL.canParse(location, from) ? new URL(location, from) : null;
  const isWeb = to !== null && /^https?:$/.test(to.protocol) && to.username === '';
  const isDowngrade = from.protocol === 'https:' && to?.protocol === 'http:';
  if (to === null || !isWeb || isDowngrade || (isPrivateHost(to.hostname) && !isPrivateHost(from.hostname))) {
    const where = to === null ? 'nowhere' : to.origin;
    return failed(from, 'refused', `redirects to ${where}, which is not followed; ${BY_HAND}`);
  }
  return to;
}

function tooLarge(at: URL): Failed {
  const most = Math.floor(MAX_PAPER_BYTES / 1024 / 1024);
  return failed(at, 'too-large', `the file is larger than the ${most} MiB that are read; give the paper alone`);
}

function failed(
  { href }: URL,
  reason: PaperErrorReason,
  words: string,
  more: { waitFor?: number | null; passing?: boolean; cause?: unknown } = {},
): Failed {
  const error = new PaperError(
    reason,
    `${href}: ${words}.`,
    more.cause === undefined ? undefined : { cause: more.cause },
  );
  return { error, waitFor: more.waitFor ?? null, passing: more.passing ?? false };
}

function whyNot(cause: unknown): string {
  const { code } = ((cause as Error).cause ?? cause) as { code?: unknown };
  const why = typeof code === 'string' ? ` (${code})` : '';
  return isBrokenOff(cause) ? `the answer breaks off in the middle${why}` : `the server cannot be reached${why}`;
}

/** A connection that ends before its answer does, as Node's own `fetch` calls it. */
function isBrokenOff(cause: unknown): boolean {
  return cause instanceof TypeError && cause.message === 'terminated';
}

/** Ends what says nothing for too long. */
class Silence {
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;

  /** @param longest milliseconds */
  constructor(longest: number) {
    this.#timer = setTimeout(() => this.#stop.abort(), longest);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  heard(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
