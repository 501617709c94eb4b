import type { ModelChoice } from '../domain/event.ts';
import { keyNamesFor, OPENAI } from '../domain/keyNames.ts';
import { lentModelId } from '../domain/lentModel.ts';
import { type KeyThere, keysThere } from '../models/keys.ts';
import { type LocalServer, localServers, serverAt } from '../models/localServers.ts';
import { ModelError } from '../models/modelError.ts';
import { contextFound } from '../models/modelTrial.ts';
import { readPrices } from '../models/priceTable.ts';
import { type ModelProfile, profileOf } from '../models/profile.ts';
import { proxiesIn, proxyFor } from '../models/proxy.ts';
import { trialOf } from '../models/trialFile.ts';

/** What there is to think with on this machine and in its environment. */
export interface ModelsHere {
  /** Null where no model is chosen. */
  readonly chosen: ChosenModel | null;
  readonly keys: readonly KeyThere[];
  readonly servers: readonly LocalServer[];
  /** Models whose price and context stand in the table, at endpoints for which there is a key. */
  readonly priced: readonly ChosenModel[];
}

export interface ChosenModel extends ModelProfile {
  readonly model: string;
  readonly baseUrl: string;
  /** The name of the key it will be asked with; null where none is set, or none needed. */
  readonly key: string | null;
  /** Host and port of the proxy that leads there by the environment; absent where it is asked directly. */
  readonly proxy?: string;
}

/** A model that an editor lends: what it holds is known when one is attached. */
const LENT = { baseUrl: 'the editor', key: null, local: false, contextTokens: null, price: null };

/** Where to look: the variables that may hold keys, the names of keys that are kept, and the origins of servers on this
 *  machine (absent: the usual ports). */
interface Places {
  readonly environment?: NodeJS.ProcessEnv;
  readonly kept?: readonly string[];
  readonly origins?: readonly string[];
  /** Milliseconds that a server may take for an answer. */
  readonly patience?: number;
}

/** @throws ModelError `prices`, `unreachable` where the chosen base URL is none */
export async function modelsHere(
  choice: Pick<ModelChoice, 'model' | 'baseUrl'>,
  { environment = process.env, kept = [], origins, patience }: Places = {},
): Promise<ModelsHere> {
  const keys = keysThere(environment, kept);
  const [servers, table] = await Promise.all([localServers(origins, patience), readPrices()]);
  const priced = table.providers.flatMap(({ host, models }) => {
    const found = keys.find(({ baseUrl }) => baseUrl !== null && new URL(baseUrl).host === host);
    if (!found?.baseUrl) return [];
    const { baseUrl, name } = found;
    return Object.keys(models).map((model) => ({ model, baseUrl, key: name, ...profileOf({ baseUrl, model }, table) }));
  });
  const { model, baseUrl } = choice;
  if (model === null) return { chosen: null, keys, servers, priced };
  if (lentModelId(model) !== null) return { chosen: { ...LENT, model }, keys, servers, priced };
  const endpoint = { model, baseUrl: baseUrl ?? OPENAI };
  const key = keyNamesFor(endpoint.baseUrl).find((name) => kept.includes(name) || environment[name]) ?? null;
  const [profile, trial] = await Promise.all([profiled(endpoint), trialOf(endpoint, environment)]);
  const proxy = proxyFor(endpoint.baseUrl, proxiesIn(environment));
  const contextTokens = contextFound(profile.contextTokens, trial);
  const chosen = { ...endpoint, key, ...profile, contextTokens, ...(proxy && { proxy: proxy.host }) };
  return { chosen, keys, servers, priced };
}

/** What the price table knows of a model; a server on this machine is asked for the tokens that it takes.
 *  @param patience milliseconds that it may take for each answer
 *  @throws ModelError `prices`, `unreachable` where the base URL is none */
export async function profiled(
  endpoint: { readonly baseUrl: string; readonly model: string },
  patience?: number,
): Promise<ModelProfile> {
  const { baseUrl, model } = endpoint;
  if (!URL.canParse(baseUrl)) {
    throw new ModelError(
      'unreachable',
      `Set the base URL (MLR_BASE_URL) to a URL such as ${OPENAI}, not "${baseUrl}".`,
    );
  }
  const profile = profileOf(endpoint, await readPrices());
  if (!profile.local) return profile;
  const server = await serverAt(new URL(baseUrl).origin, patience);
  // Ollama calls by its name the newest of those with several.
  const served = server?.models.find(({ id }) => id === model || id === `${model}:latest`);
  const contextTokens = profile.contextTokens ?? served?.contextTokens ?? null;
  return { ...profile, contextTokens, ...(server?.name === 'Ollama' && { ollama: true as const }) };
}
