import type { Service } from './service.ts';
import { ServiceError } from './serviceError.ts';

/** Most bytes of an answer that are read: a thousand papers with their abstracts take 3 MB. */
const MOST_BYTES = 8 * 1024 * 1024;

const MOST_REDIRECTS = 3;

interface Sending {
  readonly service: Service;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
}

/** The text that a service answers with. Redirects are followed on its own host alone: whatever is asked, and the key it is
 *  asked with, go to nobody who was not chosen.
 *  @throws ServiceError; an abort of the signal as it is */
export async function readAnswer(send: typeof fetch, url: URL, sending: Sending): Promise<string> {
  const { service, headers, signal } = sending;
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await send(at.href, { headers, signal, redirect: 'manual' }).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw unreachable(service, at, cause);
    });
    const to = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && to !== null) {
      await response.body?.cancel();
      at = redirected(service, at, to);
      continue;
    }
    const text = await bounded(response, service, signal);
    if (response.ok) return text;
    throw refusal(service, response, text);
  }
  throw new ServiceError('failed', `${service.name} redirects in a circle; set ${service.setting} to where it is.`);
}

function redirected(service: Service, from: URL, location: string): URL {
  const to = URL.canParse(location, from) ? new URL(location, from) : null;
  const kept = to?.hostname === from.hostname && (to.protocol === from.protocol || to.protocol === 'https:');
  if (to && kept) return to;
  const where = to?.host ?? 'nowhere';
  throw new ServiceError(
    'failed',
    `${service.name} redirects to ${where}; if it has moved there, set ${service.setting}.`,
  );
}

async function bounded(response: Response, { name }: Service, signal: AbortSignal): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of response.body ?? []) {
      bytes += piece.byteLength;
      if (bytes > MOST_BYTES) throw new ServiceError('failed', `${name} answered with more than 8 MiB; ask for less.`);
      pieces.push(piece);
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (ServiceError.is(cause)) throw cause;
    throw new ServiceError('failed', `${name} broke off in the middle of its answer.`, { passing: true, cause });
  }
  return Buffer.concat(pieces).toString('utf8');
}

function refusal({ name, key, keyName, setting }: Service, { status, headers }: Response, text: string): ServiceError {
  if (status === 404) return new ServiceError('absent', `${name} does not know it.`);
  const waitFor = retryAfter(headers.get('retry-after'));
  if (status === 429) {
    const wayOut = key || keyName === undefined ? 'wait a while' : `wait a while, or set ${keyName}`;
    return new ServiceError('throttled', `${name} asks to be asked less often (429); ${wayOut}.`, {
      waitFor,
      passing: true,
    });
  }
  if (status === 401 || status === 403) {
    const wayOut = key ? 'set another key' : `it may want a key${keyName === undefined ? '' : ` (${keyName})`}`;
    return new ServiceError('failed', `${name} refuses the question (${status}); ${wayOut}.`);
  }
  if (status >= 500) return new ServiceError('failed', `${name} has failed (${status}).`, { waitFor, passing: true });
  const said = /"(?:error|message)"\s*:\s*"([^"]{1,160})/.exec(text)?.[1];
  const words = said === undefined ? `see ${setting}` : `it says: ${said}`;
  return new ServiceError('failed', `${name} does not take the question (${status}); ${words}.`);
}

/** Seconds, or a date. Source: RFC 9110, section 10.2.3.
 *  @returns milliseconds */
export function retryAfter(value: string | null): number | null {
  if (value === null) return null;
  const seconds = Number(value);
  if (value.trim() !== '' && seconds >= 0) return seconds * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

function unreachable({ name, setting }: Service, { host }: URL, cause: unknown): ServiceError {
  const { code } = ((cause as Error).cause ?? cause) as { code?: unknown };
  const why = typeof code === 'string' ? ` (${code})` : '';
  const message = `${name} cannot be reached at ${host}${why}; check the network or the proxy, or set ${setting}.`;
  return new ServiceError('unreachable', message, { cause });
}
