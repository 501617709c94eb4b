/** The endpoint that is asked where none is set. */
export const OPENAI = 'https://api.openai.com/v1';

/** The names a key is asked for by, in their order. */
export const KEY_NAMES: readonly string[] = ['MLR_API_KEY', 'OPENAI_API_KEY'];

/** The names under which an endpoint's key is looked for. A key that is OpenAI's by its name is sent to nobody else,
 *  whatever base URL is set. */
export function keyNamesFor(baseUrl: string): readonly string[] {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : '';
  const isOpenAi = host === 'openai.com' || host.endsWith('.openai.com');
  return KEY_NAMES.filter((name) => name !== 'OPENAI_API_KEY' || isOpenAi);
}
