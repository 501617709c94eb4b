/** Below so many tokens a model works in small mode: a paper section by section, one file a request. */
const SMALL_CONTEXT = 16_000;

/** @param contextTokens null or absent where nobody knows: then it is taken for ample */
export function isSmallContext(contextTokens: number | null | undefined): boolean {
  return contextTokens !== null && contextTokens !== undefined && contextTokens < SMALL_CONTEXT;
}
