/** The endpoint that is asked where none is set. */
export const OPENAI = 'https://api.openai.com/v1';

/** A provider whose keys have a name of their own. */
export interface Provider {
  readonly name: string;
  /** The environment variable that usually holds its key. */
  readonly keyName: string;
  readonly baseUrl: string;
}

/** Where the OpenAI-compatible endpoints of providers are.
 *  Sources: https://platform.openai.com/docs/api-reference, https://platform.claude.com/docs/en/api/openai-sdk,
 *  https://ai.google.dev/gemini-api/docs/openai, https://openrouter.ai/docs/quickstart */
export const PROVIDERS: readonly Provider[] = [
  { name: 'OpenAI', keyName: 'OPENAI_API_KEY', baseUrl: OPENAI },
  { name: 'Anthropic', keyName: 'ANTHROPIC_API_KEY', baseUrl: 'https://api.anthropic.com/v1' },
  {
    name: 'Google',
    keyName: 'GEMINI_API_KEY',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
  },
  { name: 'OpenRouter', keyName: 'OPENROUTER_API_KEY', baseUrl: 'https://openrouter.ai/api/v1' },
];

/** The key for whatever endpoint is set. */
export const ANY_KEY = 'MLR_API_KEY';

/** What local servers are told where a client insists on a key; none of them is worth hiding. */
const PLACEHOLDERS = [
  'lm-studio',
  'no-key-required',
  'not-needed',
  'not-required',
  'placeholder',
  'sk-no-key-required',
];
/** Characters. No provider's key is shorter, and shorter words (`none`, `EMPTY`, `ollama`) stand in any text. */
const SHORTEST_SECRET = 8;

/** Whether a key is one to hide: taken for a secret, a word that stands for none would be struck out of every text. */
export function isSecret(key: string): boolean {
  return key.length >= SHORTEST_SECRET && !PLACEHOLDERS.includes(key.toLowerCase());
}

/** Environment variables that may hold a key. */
export const KEY_VARIABLES: readonly string[] = [ANY_KEY, ...PROVIDERS.map(({ keyName }) => keyName)];

/** The name of the key that is kept for one host alone: `MLR_API_KEY@api.openai.com`.
 *  @returns null where the base URL is none */
export function keptKeyName(baseUrl: string): string | null {
  return URL.canParse(baseUrl) ? `${ANY_KEY}@${new URL(baseUrl).host}` : null;
}

/** What the name of a kept key begins with that is for no model: MLR_API_KEY does not go before it. */
const SERVICE_KEY = 'MLR_SERVICE_KEY';

/** @returns the host whose key the name stands for; null where it is another kind of name */
export function hostOfKeptKey(name: string): string | null {
  const [, host] = /^(?:MLR_API_KEY|MLR_SERVICE_KEY)@(.*)$/s.exec(name) ?? [];
  return host ?? null;
}

/** Whether a name is of a model's kept key, which what stands in MLR_API_KEY goes before. */
export function isOfModel(name: string): boolean {
  return !name.startsWith(`${SERVICE_KEY}@`);
}

/** Environment variables with keys of services that find papers, models and data sets, and the one host each is for. */
export const SERVICE_KEYS: readonly { readonly host: string; readonly keyName: string }[] = [
  { host: 'api.semanticscholar.org', keyName: 'SEMANTIC_SCHOLAR_API_KEY' },
  { host: 'api.openalex.org', keyName: 'OPENALEX_API_KEY' },
  { host: 'huggingface.co', keyName: 'HF_TOKEN' },
];

/** The names under which the key of such a service is looked for. A mirror gets only a key that was kept for it. */
export function serviceKeyNames(baseUrl: string): readonly string[] {
  const { host, protocol } = new URL(baseUrl);
  const own = SERVICE_KEYS.filter((one) => one.host === host && protocol === 'https:');
  return [`${SERVICE_KEY}@${host}`, ...own.map(({ keyName }) => keyName)];
}

/** The names under which an endpoint's key is looked for, in their order. A key that is a provider's by its name is sent
 *  to nobody else, whatever base URL is set; nor is one that was kept for a host. */
export function keyNamesFor(baseUrl: string): readonly string[] {
  const kept = keptKeyName(baseUrl);
  if (kept === null) return [ANY_KEY];
  const url = new URL(baseUrl);
  const own = PROVIDERS.filter((provider) => url.protocol === 'https:' && isOf(provider, url.hostname));
  return [kept, ANY_KEY, ...own.map(({ keyName }) => keyName)];
}

/** OpenAI has further endpoints, such as one for Europe. */
function isOf({ baseUrl }: Provider, hostname: string): boolean {
  const own = new URL(baseUrl).hostname;
  return hostname === own || (baseUrl === OPENAI && hostname.endsWith('.openai.com'));
}
