import { grouped } from './costInWords.ts';
import { isSmallContext } from './smallContext.ts';

interface Known {
  readonly contextTokens: number | null;
  readonly price: { readonly input: number; readonly output: number; readonly dated: string } | null;
  readonly local: boolean;
}

interface Served {
  readonly contextTokens: number | null;
  readonly longestTokens: number | null;
  readonly tools: boolean | null;
}

/** What a model holds and costs, as far as it is known. */
export function knownInWords({ contextTokens, price, local }: Known): string {
  const room = contextTokens === null ? 'context unknown' : contextInWords(contextTokens);
  if (price === null) return `${room}, price unknown`;
  if (local && price.input === 0 && price.output === 0) return `${room}, free`;
  return `${room}, $${price.input} in and $${price.output} out per million (${price.dated})`;
}

/** What a server on this machine says of a model. */
export function servedInWords({ contextTokens, longestTokens, tools }: Served): string {
  const room = contextTokens === null ? 'context unknown until it is loaded' : contextInWords(contextTokens);
  const longest =
    longestTokens === null || longestTokens === contextTokens ? [] : [`at most ${grouped(longestTokens)}`];
  const calls = tools === null ? [] : [tools ? 'calls tools' : 'calls no tools'];
  return [room, ...longest, ...calls].join(', ');
}

/** How much a model holds, and how it works where that is little. */
function contextInWords(tokens: number): string {
  return `${grouped(tokens)} tokens${isSmallContext(tokens) ? ' (small mode)' : ''}`;
}
