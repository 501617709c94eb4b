import dns from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { ModelError } from './modelError.ts';
import { isLocal } from './profile.ts';

/** What a person has switched on, as messages call it. */
const SWITCH = 'local only (mlr.localOnly, --local-only or MLR_LOCAL_ONLY)';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** A `fetch` that reaches this machine and nothing else: no other address, no proxy of the environment, and no
 *  redirect is followed. A name other than localhost is not even looked up, for that would already be told to others;
 *  what localhost resolves to is checked before a socket is opened.
 *  @throws ModelError `left-machine` before anything is sent */
export const localFetch: typeof fetch = async (input, init = {}) => {
  const url = new URL(input instanceof Request ? input.url : input);
  assertLocal(url.href);
  // One agent a request, and its own: the global one may lead through a proxy.
  const options = {
    agent: false as const,
    method: init.method ?? 'GET',
    headers: Object.fromEntries(new Headers(init.headers)),
    lookup: localLookup,
    ...(init.signal && { signal: init.signal }),
  };
  if (typeof init.body !== 'string' && init.body != null) throw new TypeError('localFetch sends text alone');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    send(url, options)
      .once('response', resolve)
      .on('error', reject)
      .end(init.body ?? undefined);
  });
  return asResponse(response);
};

/** @throws ModelError `left-machine` where a URL leads, or may lead, to another machine */
export function assertLocal(url: string): void {
  const { hostname, host } = new URL(url);
  if (isLocal(hostname)) return;
  throw elsewhere(host);
}

/** Nobody can tell where a model is asked that an editor lends. */
export function lentElsewhere(id: string): ModelError {
  const message = `${id} is lent by the editor, which may ask another machine, and ${SWITCH} is on: choose a model on localhost, or switch it off.`;
  return new ModelError('left-machine', message);
}

const localLookup: LookupFunction = (hostname, options, done) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const other = addresses?.find(({ address }) => !isLoopback(address));
    const [first] = addresses ?? [];
    if (error || !first) done(error ?? new Error(`${hostname} has no address`), '', 0);
    else if (other) done(elsewhere(`${hostname} (${other.address})`), '', 0);
    else if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function elsewhere(host: string): ModelError {
  const message = `${host} is not this machine, and ${SWITCH} is on: choose a model on localhost, or switch it off.`;
  return new ModelError('left-machine', message);
}

/** Statuses that go without a body by their definition, which `Response` insists on. */
const BODILESS = new Set([101, 204, 205, 304]);

function asResponse(message: IncomingMessage): Response {
  const status = message.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) headers.set(name, String(value));
  const body = BODILESS.has(status) ? null : (Readable.toWeb(message) as ReadableStream);
  return new Response(body, { status, headers });
}
