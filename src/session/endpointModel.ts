import type { ModelChoice } from '../domain/event.ts';
import { OPENAI } from '../domain/keyNames.ts';
import type { ProxySettings } from '../domain/proxySettings.ts';
import type { ChatModel } from '../models/chatModel.ts';
import { ModelError } from '../models/modelError.ts';
import { contextFound, type Trial, tryModel } from '../models/modelTrial.ts';
import { openaiCompatible } from '../models/openaiCompatible.ts';
import { proxiesIn } from '../models/proxy.ts';
import { withTextTools } from '../models/textTools.ts';
import { keepTrial, trialOf } from '../models/trialFile.ts';
import { profiled } from './modelsHere.ts';

/** Milliseconds that a server on this machine may take to say how much its model holds: one that is loading others is
 *  slow, and taken for something else it would be asked in another way. */
const PATIENCE = 5_000;

/** The model at an endpoint, with what was found out when it was tried.
 *  @param proxies null for those of this process's environment
 *  @throws ModelError `no-key`, `unknown-model` naming the setting, `prices`, `unreachable` */
export async function endpointModel(
  choice: ModelChoice,
  key: string | null,
  proxies: ProxySettings | null = null,
): Promise<ChatModel> {
  const named = nameOf(choice);
  const trial = await trialOf(named);
  return withTextTools(await asItIs(choice, key, trial, proxies), { always: trial?.tools === 'words' });
}

/** Tries the model that is chosen, and keeps what it did for every session from now on.
 *  @throws ModelError as above, and where it cannot be asked at all */
export async function tryEndpoint(
  choice: ModelChoice,
  key: string | null,
  options: { readonly longest: number; readonly signal: AbortSignal; readonly onStep?: (what: string) => void },
): Promise<{ model: string; baseUrl: string; trial: Trial; contextTokens: number | null; file: string }> {
  const named = nameOf(choice);
  const trial = await tryModel(await asItIs(choice, key, null, null), options);
  const { contextTokens = null } = await asItIs(choice, key, trial, null);
  return { ...named, trial, contextTokens, file: await keepTrial(named, trial) };
}

function nameOf({ baseUrl, model }: ModelChoice): { baseUrl: string; model: string } {
  if (model !== null) return { baseUrl: baseUrl ?? OPENAI, model };
  throw new ModelError(
    'unknown-model',
    'No language model is chosen: set mlr.model in the settings with “MLR Copilot: Choose Model…”, or MLR_MODEL or --model on the command line.',
  );
}

async function asItIs(
  choice: ModelChoice,
  key: string | null,
  trial: Trial | null,
  proxies: ProxySettings | null,
): Promise<ChatModel> {
  const named = nameOf(choice);
  const profile = await profiled(named, PATIENCE);
  const contextTokens = contextFound(profile.contextTokens, trial);
  return openaiCompatible({
    ...named,
    profile: { ...profile, contextTokens },
    ...(profile.ollama && profile.contextTokens !== null && { ollamaContext: profile.contextTokens }),
    ...(key !== null && { key }),
    ...(choice.firstTokenSeconds !== null && { firstTokenSeconds: choice.firstTokenSeconds }),
    ...(choice.retries !== null && { retries: choice.retries }),
    localOnly: choice.localOnly ?? false,
    proxies: proxies ?? proxiesIn(process.env),
  });
}
