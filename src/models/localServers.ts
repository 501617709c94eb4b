import * as z from 'zod';
import { localFetch } from './localFetch.ts';
import { ModelError } from './modelError.ts';

/** A model that a server on this machine offers. */
export interface ServedModel {
  readonly id: string;
  /** Tokens it takes as it is served now, or as it will be asked for; null where the server does not say. */
  readonly contextTokens: number | null;
  /** Tokens it could take, were it served so; null where the server does not say. */
  readonly longestTokens: number | null;
  /** Whether it was made to call tools; null where the server does not say. */
  readonly tools: boolean | null;
}

export interface LocalServer {
  /** Such as `Ollama`. */
  readonly name: string;
  /** What to set as the base URL. */
  readonly baseUrl: string;
  readonly models: readonly ServedModel[];
}

/** Where servers listen unless told otherwise. */
export const USUAL_ORIGINS: readonly string[] = [11434, 1234, 8000, 8080].map((port) => `http://127.0.0.1:${port}`);

/** How long a server on this machine may take for an answer, in milliseconds. */
const PATIENCE = 300;

/** The servers that answer, all asked at once; one that says nothing within 0.3 s is not there. */
export async function localServers(
  origins: readonly string[] = USUAL_ORIGINS,
  patience = PATIENCE,
): Promise<LocalServer[]> {
  const found = await Promise.all(origins.map((origin) => serverAt(origin, patience)));
  return found.filter((server) => server !== null);
}

/** What listens at an origin, told by what it answers: its port may be any.
 *  @param patience milliseconds for each answer */
export async function serverAt(origin: string, patience = PATIENCE): Promise<LocalServer | null> {
  const ask: Ask = (place, shape, body) => asked(`${origin}${place}`, patience, shape, body);
  const [ollama, lmStudio, others] = await Promise.all([ollamaModels(ask), lmStudioModels(ask), listed(ask)]);
  const baseUrl = `${origin}/v1`;
  if (ollama) return { name: 'Ollama', baseUrl, models: ollama };
  if (lmStudio) return { name: 'LM Studio', baseUrl, models: lmStudio };
  return others && { ...others, baseUrl };
}

type Ask = <T>(place: string, shape: z.ZodType<T>, body?: object) => Promise<T | null>;

const Tags = z.object({ models: z.array(z.object({ name: z.string() })) });
const Running = z.object({ models: z.array(z.object({ name: z.string(), context_length: z.number().optional() })) });
const Shown = z.object({
  parameters: z.string().optional(),
  model_info: z.record(z.string(), z.unknown()).optional(),
  capabilities: z.array(z.string()).optional(),
});

/** What Ollama is asked to hold of a model that sets no `num_ctx` itself; what it is loaded with, where that is more. A model
 *  of 8 billion parameters takes 2 GiB of memory for it, besides its own. */
const OLLAMA_CONTEXT = 16_384;

/** Ollama serves fewer tokens than a model could take, and cuts what is longer without a word, so each request says how
 *  many it is to hold.
 *  Source: https://github.com/ollama/ollama/blob/main/docs/api.md (List Local Models, Show Model Information, List
 *  Running Models) */
async function ollamaModels(ask: Ask): Promise<ServedModel[] | null> {
  const [tags, running] = await Promise.all([ask('/api/tags', Tags), ask('/api/ps', Running)]);
  if (tags === null) return null;
  const loaded = new Map(running?.models.map((one) => [one.name, one.context_length]));
  return Promise.all(
    tags.models.map(async ({ name }) => {
      const shown = await ask('/api/show', Shown, { model: name });
      const own = /^num_ctx\s+(\d+)/m.exec(shown?.parameters ?? '')?.[1];
      const longestTokens = longestOf(shown?.model_info ?? {});
      const wanted = own === undefined ? Math.max(OLLAMA_CONTEXT, loaded.get(name) ?? 0) : Number(own);
      return {
        id: name,
        contextTokens: Math.min(wanted, longestTokens ?? wanted),
        longestTokens,
        tools: shown?.capabilities?.includes('tools') ?? null,
      };
    }),
  );
}

function longestOf(info: Record<string, unknown>): number | null {
  const value = info[`${String(info['general.architecture'])}.context_length`];
  return typeof value === 'number' ? value : null;
}

const LmStudio = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      state: z.string(),
      max_context_length: z.number(),
      loaded_context_length: z.number().optional(),
    }),
  ),
});

/** Source: https://lmstudio.ai/docs/developer/rest/endpoints (GET /api/v0/models) */
async function lmStudioModels(ask: Ask): Promise<ServedModel[] | null> {
  const answer = await ask('/api/v0/models', LmStudio);
  if (answer === null) return null;
  return answer.data
    .filter(({ type }) => type !== 'embeddings')
    .map(({ id, max_context_length, loaded_context_length }) => ({
      id,
      contextTokens: loaded_context_length ?? null,
      longestTokens: max_context_length,
      tools: null,
    }));
}

const Listed = z.object({
  data: z.array(
    z.object({ id: z.string(), owned_by: z.string().optional(), max_model_len: z.number().nullish() }).loose(),
  ),
});
const Props = z.object({ default_generation_settings: z.object({ n_ctx: z.number() }) });

/** Any other server that lists its models; vLLM tells the tokens beside each, llama.cpp those of the one it serves.
 *  Sources: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html (`ModelCard` of its protocol),
 *  https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (GET /props) */
async function listed(ask: Ask): Promise<{ name: string; models: ServedModel[] } | null> {
  const [answer, props] = await Promise.all([ask('/v1/models', Listed), ask('/props', Props)]);
  if (answer === null) return null;
  const models = answer.data.map(({ id, max_model_len }) => ({
    id,
    contextTokens: max_model_len ?? props?.default_generation_settings.n_ctx ?? null,
    longestTokens: null,
    tools: null,
  }));
  const other = answer.data[0]?.owned_by === 'vllm' ? 'vLLM' : 'a server';
  return { name: props ? 'llama.cpp' : other, models };
}

/** Null where nobody answers in time, or with something else: then it is not the server that was looked for. Neither a
 *  proxy of the environment nor a redirect leads the question elsewhere.
 *  @throws ModelError `left-machine` where the origin is not this machine */
async function asked<T>(url: string, patience: number, shape: z.ZodType<T>, body?: object): Promise<T | null> {
  try {
    const response = await localFetch(url, {
      signal: AbortSignal.timeout(patience),
      ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return response.ok ? (shape.safeParse(await response.json()).data ?? null) : null;
  } catch (error) {
    if (ModelError.is(error)) throw error;
    // Refused, reset, out of time, no JSON, no HTTP.
    if (error instanceof Error) return null;
    throw error;
  }
}
