import { KEY_NAMES, OPENAI } from '../domain/keyNames.ts';

/** A key that stands in the environment. Its value is nobody's business here. */
export interface KeyThere {
  readonly name: string;
  /** Where it is good; null where that is whatever is set. */
  readonly baseUrl: string | null;
  /** It is read as it is; the others must be given as MLR_API_KEY, with their endpoint as MLR_BASE_URL. */
  readonly read: boolean;
}

/** Where the compatible endpoints of other providers are, by the name that their keys usually have.
 *  Sources: https://platform.claude.com/docs/en/api/openai-sdk, https://ai.google.dev/gemini-api/docs/openai,
 *  https://openrouter.ai/docs/quickstart */
const ENDPOINTS: Readonly<Record<string, string | null>> = {
  MLR_API_KEY: null,
  OPENAI_API_KEY: OPENAI,
  ANTHROPIC_API_KEY: 'https://api.anthropic.com/v1',
  GEMINI_API_KEY: 'https://generativelanguage.googleapis.com/v1beta/openai',
  OPENROUTER_API_KEY: 'https://openrouter.ai/api/v1',
};

/** The keys that are set. An empty one is none. */
export function keysThere(environment: NodeJS.ProcessEnv): KeyThere[] {
  return Object.entries(ENDPOINTS)
    .filter(([name]) => environment[name])
    .map(([name, baseUrl]) => ({ name, baseUrl, read: KEY_NAMES.includes(name) }));
}
