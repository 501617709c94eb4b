import { ANY_KEY, hostOfKeptKey, KEY_VARIABLES, PROVIDERS } from '../domain/keyNames.ts';

/** A key that there is. Its value is nobody's business here. */
export interface KeyThere {
  /** Of the environment variable; or the name it is kept under. */
  readonly name: string;
  /** Where it is good; null where that is whatever is set. */
  readonly baseUrl: string | null;
}

/** The keys that are set, and those that are kept. An empty one is none.
 *  @param kept names of keys that are kept for a host each */
export function keysThere(environment: NodeJS.ProcessEnv, kept: readonly string[] = []): KeyThere[] {
  const variables = KEY_VARIABLES.filter((name) => environment[name]).map((name) => ({
    name,
    baseUrl: name === ANY_KEY ? null : (PROVIDERS.find(({ keyName }) => keyName === name)?.baseUrl ?? null),
  }));
  return [...variables, ...kept.map((name) => ({ name, baseUrl: endpointOf(name) }))];
}

function endpointOf(name: string): string | null {
  const host = hostOfKeptKey(name);
  return PROVIDERS.find(({ baseUrl }) => new URL(baseUrl).host === host)?.baseUrl ?? null;
}
