import { isSecret } from '../domain/keyNames.ts';
import { BrokenAnswer } from './answerAssembly.ts';
import { ModelError } from './modelError.ts';
import type { HttpProxy } from './proxy.ts';
import { explainProxyFailure } from './proxyFailure.ts';
import type { SilenceLimit } from './silenceLimit.ts';

/** An endpoint as messages speak of it; `key` is here so that it can be kept out of them. */
export interface EndpointInWords {
  readonly host: string;
  readonly model: string;
  readonly key: string;
  /** What it is asked through; absent where it is asked directly. */
  readonly proxy?: HttpProxy | null;
  readonly settings: { readonly baseUrl: string; readonly key: string; readonly model: string };
}

/** What an HTTP answer that is an error says of itself. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly said: string;
  readonly waitSeconds: number | null;
  /** Where a redirect leads, as the end of a phrase; often empty. */
  readonly location: string;
}

/** One sentence for a failed attempt: what happened, where, and what to do. */
export function explainFailure(error: unknown, at: EndpointInWords, limit: SilenceLimit): ModelError {
  const own = ownIn(error);
  if (own) return own;
  if (limit.calledOff) return new ModelError('aborted', `The answer of ${at.model} was stopped.`);
  const cause = withoutKey(error, at.key);
  if (limit.passed !== null) {
    const message = `${at.model} at ${at.host} ${limit.passed}: try again, or raise the model's time limit.`;
    return new ModelError('timeout', message, { passing: true, cause });
  }
  const byProxy = at.proxy ? explainProxyFailure(error, at.proxy, at.host, cause) : null;
  if (byProxy) return byProxy;
  const refusal = refusalIn(error, at.key);
  if (refusal) return explainRefusal(refusal, at, cause);
  if (/^UND_ERR_\w*TIMEOUT|^(Headers|Body) Timeout/.test(innermost(error))) {
    const message = `${at.model} at ${at.host} was silent for as long as a connection may be: try again, or use an endpoint that streams.`;
    return new ModelError('timeout', message, { passing: true, cause });
  }
  if (error instanceof BrokenAnswer || error instanceof SyntaxError) {
    const what = error instanceof BrokenAnswer ? error.message : 'a piece of it is no valid JSON';
    const message = `The answer of ${at.model} at ${at.host} cannot be used, ${what}: try again, or change ${at.settings.model}.`;
    return new ModelError('bad-answer', message, { passing: true, cause });
  }
  if (isUnknownCertificate(error)) {
    const through = at.proxy ? `, which came through the proxy ${at.proxy.host},` : '';
    const message = `The certificate of ${at.host}${through} is not one that this program trusts (${brief(innermost(error), at.key)}): if it is your institution's own, start mlr or the editor with its root in NODE_EXTRA_CA_CERTS; http.proxyStrictSSL of VS Code changes nothing here.`;
    return new ModelError('unreachable', message, { cause });
  }
  const message = `${at.host} cannot be reached (${brief(innermost(error), at.key)}): check that it is running and ${at.settings.baseUrl}.`;
  return new ModelError('unreachable', message, { passing: isConnectionLoss(error), cause });
}

/** How servers say that a model, or the way they were started, has no tool calling. Ollama: 400 "NAME does not support
 *  tools"; vLLM: 400 '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'; llama.cpp:
 *  500 "tools param requires --jinja flag", before that "Unsupported param: tools"; OpenRouter: 404 "No endpoints found
 *  that support tool use". */
const NO_TOOLS =
  /does(?: not|n't) support (?:tools|tool use|(?:tool|function) calling)|requires --enable-auto-tool-choice|tools param requires --jinja|unsupported param: tools|no endpoints found that support tool use/i;

function explainRefusal(refusal: Refusal, at: EndpointInWords, cause: Error): ModelError {
  const { status, said } = refusal;
  if (status === 401 || status === 403) {
    const message =
      at.key === ''
        ? `${at.host} asks for a key (${status}): set ${at.settings.key}.`
        : `${at.host} refused the key (${status}): check ${at.settings.key} and that it may use ${at.model}.`;
    return new ModelError(at.key === '' ? 'no-key' : 'refused-key', message, { cause });
  }
  if (status >= 300 && status < 400) {
    const message = `${at.host} points to another address${refusal.location} (${status}), which is not followed: set ${at.settings.baseUrl} to the right one.`;
    return new ModelError('unreachable', message, { cause });
  }
  if (isContext(refusal)) {
    const message = `The conversation no longer fits into ${at.model} at ${at.host}: choose a model with a larger context in ${at.settings.model}, or let mlr models test find out how much it holds, so that it is told less.`;
    return new ModelError('context', message, { cause });
  }
  if (NO_TOOLS.test(said)) {
    const message = `${at.model} at ${at.host} is given no tools (${status}: ${said}): change ${at.settings.model} to one that can call them.`;
    return new ModelError('no-tools', message, { cause });
  }
  if (status === 404) return explainMissing(refusal, at, cause);
  if (status === 429 || status === 402) return explainQuota(refusal, at, cause);
  if (status === 0 || status === 408 || status === 409 || status >= 500) {
    const message = `${at.host} failed (${status === 0 ? 'in its stream' : status}: ${said}): try again later, or change ${at.settings.baseUrl}.`;
    return new ModelError('unreachable', message, { passing: true, waitSeconds: refusal.waitSeconds, cause });
  }
  const message = `${at.host} refused the request (${status}: ${said}): check that ${at.model} can call tools, or change ${at.settings.model}.`;
  return new ModelError('bad-answer', message, { cause });
}

function explainMissing(refusal: Refusal, at: EndpointInWords, cause: Error): ModelError {
  if (/model/i.test(refusal.code + refusal.said)) {
    const message = `${at.host} does not know the model ${at.model}: change ${at.settings.model} to one that it offers.`;
    return new ModelError('unknown-model', message, { cause });
  }
  const message = `${at.host} has no chat completions at this address (404): check ${at.settings.baseUrl}, which usually ends in /v1.`;
  return new ModelError('unreachable', message, { cause });
}

function explainQuota(refusal: Refusal, at: EndpointInWords, cause: Error): ModelError {
  const spent = refusal.status === 402 || /insufficient_quota|billing/i.test(refusal.code);
  const message = spent
    ? `The account behind ${at.settings.key} at ${at.host} has nothing left to spend: top it up, or use another key.`
    : `${at.host} takes no more requests for now (${refusal.status}): resume later, or use another model.`;
  return new ModelError('quota', message, { passing: !spent, waitSeconds: refusal.waitSeconds, cause });
}

function isContext({ status, code, said }: Refusal): boolean {
  if (status === 413) return true;
  const words =
    /context.?length|context.?window|maximum context|too many tokens|prompt is too long|exceeds? the .*context/i;
  return (status === 400 || status === 422 || status === 0) && words.test(`${code} ${said}`);
}

/** The client's errors are told by their shape, so that its package need not be loaded to explain one. */
function refusalIn(error: unknown, key: string): Refusal | null {
  if (!(error instanceof Error) || !('status' in error) || !('headers' in error)) return null;
  const connectionLost = error.status === undefined && !('error' in error && error.error);
  if (connectionLost) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const location = headersOf(error.headers)?.get('location') ?? null;
  return {
    status: typeof error.status === 'number' ? error.status : 0,
    code: `${code} ${'type' in error && typeof error.type === 'string' ? error.type : ''}`.trim(),
    said: brief(error.message.replace(/^\d{3} /, ''), key),
    waitSeconds: retryAfter(headersOf(error.headers)),
    location: location === null ? '' : `, ${brief(location, key)}`,
  };
}

/** Those of a `fetch` that is not Node's own are of another class. */
function headersOf(headers: unknown): Pick<Headers, 'get'> | null {
  const got = headers as Headers | null | undefined;
  return typeof got?.get === 'function' ? got : null;
}

function retryAfter(headers: Pick<Headers, 'get'> | null): number | null {
  if (headers === null) return null;
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds / 1000);
  const given = headers.get('retry-after');
  if (given === null) return null;
  const seconds = Number(given);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const until = (Date.parse(given) - Date.now()) / 1000;
  return Number.isFinite(until) ? Math.max(0, until) : null;
}

/** A sentence of ours, be it wrapped by the client that it came through. */
function ownIn(error: unknown): ModelError | null {
  if (ModelError.is(error)) return error;
  return error instanceof Error && error.cause !== undefined ? ownIn(error.cause) : null;
}

/** As OpenSSL words it: self-signed, or signed by nobody who is known. An expired one is another matter. */
function isUnknownCertificate(error: unknown): boolean {
  return /self[- ]signed certificate|unable to (verify the first certificate|get (local )?issuer certificate)/i.test(
    innermost(error),
  );
}

function isConnectionLoss(error: unknown): boolean {
  return !/invalid header|ByteString|certificate|ENOTFOUND/i.test(String(innermost(error)));
}

function innermost(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  return inner.message || code || inner.name;
}

/** A stranger's words, fit to stand in one sentence of ours. */
function brief(text: string, key: string): string {
  const line = redacted(text, key).replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

function withoutKey(error: unknown, key: string): Error {
  const cause = new Error(redacted(innermost(error), key));
  if (error instanceof Error) cause.name = error.name;
  return cause;
}

/** Endpoints quote keys back, whole or masked in the middle, and gateways quote whole requests, encoded in their way. */
function redacted(text: string, key: string): string {
  const whole = !isSecret(key) ? text : encodedForms(key).reduce((rest, form) => rest.replaceAll(form, '[key]'), text);
  return whole
    .replace(/\bBearer\s+\S+/g, 'Bearer [key]')
    .replace(/\bBasic\s+(?=\S*[A-Z\d=])[\w+/=-]{8,}/g, 'Basic [key]')
    .replace(/\bsk-[\w*-]{6,}/g, '[key]');
}

function encodedForms(key: string): string[] {
  const bytes = Buffer.from(key);
  const encoded = [encodeURIComponent(key), JSON.stringify(key).slice(1, -1), bytes.toString('base64')];
  return [key, ...encoded, bytes.toString('base64url'), bytes.toString('hex')];
}
