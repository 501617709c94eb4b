import type OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { ProxySettings } from '../domain/proxySettings.ts';
import { AnswerAssembly } from './answerAssembly.ts';
import type { ChatModel, ModelAnswer, ModelRequest } from './chatModel.ts';
import { type EndpointInWords, explainFailure } from './explainFailure.ts';
import { assertLocal, localFetch } from './localFetch.ts';
import { ModelError } from './modelError.ts';
import { ollamaChat } from './ollamaChat.ts';
import { costOf, isLocal, type ModelProfile } from './profile.ts';
import { fetchThrough, type HttpProxy, proxyFor } from './proxy.ts';
import { requestBody } from './requestBody.ts';
import { type Retries, retrying } from './retrying.ts';
import { SilenceLimit } from './silenceLimit.ts';

export interface OpenAiCompatibleOptions extends Retries {
  /** Base URL up to and including the version, such as https://api.openai.com/v1. */
  readonly baseUrl: string;
  readonly model: string;
  /** May be absent only for an endpoint on this machine. */
  readonly key?: string | undefined;
  /** Seconds to the first word or call (default 300), and between two pieces (default 120). */
  readonly firstTokenSeconds?: number;
  readonly betweenTokensSeconds?: number;
  /** What is known of its context and price; without it, neither. */
  readonly profile?: ModelProfile;
  /** The tokens that Ollama is asked to hold, by its own protocol; absent where another server listens. */
  readonly ollamaContext?: number | undefined;
  /** Only this machine may be asked: any other endpoint is refused before anything is sent. */
  readonly localOnly?: boolean;
  /** Absent where nothing is asked through a proxy. What is on this machine never is. */
  readonly proxies?: ProxySettings | undefined;
  /** What the settings are called where this model was configured, for messages. */
  readonly settings?: { readonly baseUrl: string; readonly key: string; readonly model: string };
}

const DEFAULT_SETTINGS = {
  baseUrl: 'the base URL (MLR_BASE_URL)',
  key: 'the key (MLR_API_KEY)',
  model: 'the model (--model or MLR_MODEL)',
};

/** A model behind the chat completions protocol of OpenAI, which most servers speak; Ollama is asked by its own.
 *  @throws ModelError `no-key` where the endpoint is another machine and no key is given, `refused-key` where the
 *  key cannot be one, `unreachable` where the base URL or the proxy is none, `left-machine` where it must be this machine and is not */
export function openaiCompatible(options: OpenAiCompatibleOptions): ChatModel {
  const host = hostOf(options);
  if (options.localOnly) assertLocal(options.baseUrl);
  const key = options.key?.trim() ?? '';
  const settings = options.settings ?? DEFAULT_SETTINGS;
  const proxy = options.proxies && !options.localOnly ? proxyFor(options.baseUrl, options.proxies) : null;
  const words: EndpointInWords = { host: host.name, model: options.model, settings, key, proxy };
  if (key === '' && !host.local) {
    throw new ModelError('no-key', `No key for ${host.name}: set ${settings.key}, or choose another endpoint.`);
  }
  if (/[^\x21-\x7e]/.test(key)) {
    throw new ModelError(
      'refused-key',
      `The key for ${host.name} holds characters that no key has: check ${settings.key}.`,
    );
  }
  const { contextTokens, price } = options.profile ?? { contextTokens: null, price: null };
  const open = opener(options, key, proxy);
  return {
    name: `${options.model} at ${host.name}`,
    recorded: false,
    ...(contextTokens !== null && { contextTokens }),
    price: (usage) => price && costOf(usage, price),
    complete: (request) =>
      retrying(request, options, async () => {
        const limit = new SilenceLimit({
          first: options.firstTokenSeconds ?? 300,
          between: options.betweenTokensSeconds ?? 120,
          signal: request.signal,
          clock: options.clock,
        });
        try {
          return await attempt(open, options.model, request, limit);
        } catch (error) {
          throw explainFailure(error, words, limit);
        } finally {
          limit.end();
        }
      }),
  };
}

interface Endpoint {
  readonly model: string;
  readonly baseUrl: string;
  /** It counts tokens when asked to. Some refuse the question, and are not asked again. */
  counted: boolean;
}

/** Asks, and gives the answer piece by piece. */
type Open = (request: ModelRequest, limit: SilenceLimit) => Promise<AsyncIterable<ChatCompletionChunk>>;

function opener(options: OpenAiCompatibleOptions, key: string, proxy: HttpProxy | null): Open {
  const { model, baseUrl, ollamaContext: contextTokens, localOnly } = options;
  if (contextTokens !== undefined) {
    const { origin } = new URL(baseUrl);
    const at = { origin, model, contextTokens, fetch: localOnly ? localFetch : fetch };
    return async (request, { signal }) => ollamaChat(at, request, signal);
  }
  const client = memoised(() => connect(options, key, proxy));
  const endpoint: Endpoint = { model, baseUrl, counted: true };
  return async (request, limit) => opened(await client(), endpoint, request, limit);
}

async function attempt(open: Open, model: string, request: ModelRequest, limit: SilenceLimit): Promise<ModelAnswer> {
  const stream = await open(request, limit);
  const assembly = new AnswerAssembly(request, model);
  for await (const chunk of stream) {
    const text = assembly.add(chunk);
    if (assembly.begun) limit.heard();
    if (text !== '') request.onText?.(text);
  }
  // The stream ends without a word when its signal fires, so that has to be asked for.
  limit.signal.throwIfAborted();
  return assembly.finish();
}

async function opened(client: OpenAI, endpoint: Endpoint, request: ModelRequest, { signal }: SilenceLimit) {
  try {
    return await client.chat.completions.create(requestBody(request, endpoint), { signal });
  } catch (error) {
    const refused = error instanceof Error && /stream_options|include_usage/.test(error.message);
    if (!refused || !endpoint.counted) throw error;
    endpoint.counted = false;
    return client.chat.completions.create(requestBody(request, endpoint), { signal });
  }
}

/** Loading the client takes a tenth of a second, which only those pay who ask a model. */
async function connect(
  { baseUrl, localOnly = false }: OpenAiCompatibleOptions,
  key: string,
  proxy: HttpProxy | null,
): Promise<OpenAI> {
  const { OpenAI: Client } = await import('openai');
  const through = proxy && (await fetchThrough(proxy));
  return new Client({
    baseURL: baseUrl,
    ...(through && { fetch: through }),
    ...(localOnly && { fetch: localFetch }),
    apiKey: key === '' ? 'none' : key,
    // Headers that the environment would add belong to OpenAI's own endpoint, not to whatever is configured here.
    organization: null,
    project: null,
    defaultHeaders: key === '' ? { Authorization: null } : {},
    maxRetries: 0,
    // Wherever a redirect leads, nobody chose to send a conversation there.
    fetchOptions: { redirect: 'manual' },
    // Time limits are SilenceLimit's: this one would end a long answer that is well under way.
    timeout: 24 * 3600 * 1000,
    logLevel: 'off',
  });
}

function memoised<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function hostOf(options: OpenAiCompatibleOptions): { name: string; local: boolean } {
  const url = URL.canParse(options.baseUrl) ? new URL(options.baseUrl) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    const setting = options.settings?.baseUrl ?? DEFAULT_SETTINGS.baseUrl;
    throw new ModelError('unreachable', `Set ${setting} to a URL such as https://api.openai.com/v1.`);
  }
  return { name: url.host, local: isLocal(url.hostname) };
}
