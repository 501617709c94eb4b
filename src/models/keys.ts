/** The names a key is asked for by, in their order. */
export const KEY_NAMES = ['MLR_API_KEY', 'OPENAI_API_KEY'] as const;

/** The names under which an endpoint's key is looked for. A key that is OpenAI's by its name is sent to nobody else,
 *  whatever base URL is set. */
export function keyNamesFor(baseUrl: string): readonly string[] {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : '';
  const isOpenAi = host === 'openai.com' || host.endsWith('.openai.com');
  return KEY_NAMES.filter((name) => name !== 'OPENAI_API_KEY' || isOpenAi);
}

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
  OPENAI_API_KEY: 'https://api.openai.com/v1',
  ANTHROPIC_API_KEY: 'https://api.anthropic.com/v1',
  GEMINI_API_KEY: 'https://generativelanguage.googleapis.com/v1beta/openai',
  OPENROUTER_API_KEY: 'https://openrouter.ai/api/v1',
};

/** The keys that are set. An empty one is none. */
export function keysThere(environment: NodeJS.ProcessEnv): KeyThere[] {
  return Object.entries(ENDPOINTS)
    .filter(([name]) => environment[name])
    .map(([name, baseUrl]) => ({ name, baseUrl, read: KEY_NAMES.some((read) => read === name) }));
}
