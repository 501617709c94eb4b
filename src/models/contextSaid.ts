import { ModelError } from './modelError.ts';

/** How servers name their context where they refuse what is longer. OpenAI and vLLM: "maximum context length is 8192
 *  tokens"; llama.cpp: "exceeds the available context size (8192 tokens)"; LM Studio: "context length of only 4096
 *  tokens"; TGI: "must be <= 4096". */
const SAID = [
  /maximum context length (?:is|of) (\d+)/i,
  /context size \(?(\d+)/i,
  /context length of (?:only )?(\d+)/i,
  /must be <= (\d+)/i,
];

/** @returns the tokens that an endpoint says it holds, in refusing a longer conversation; null where it does not say, or
 *  refused something else */
export function contextSaid(error: unknown): number | null {
  if (!ModelError.is(error, 'context') || !(error.cause instanceof Error)) return null;
  const { message } = error.cause;
  const found = SAID.map((pattern) => pattern.exec(message)?.[1]).find((digits) => digits !== undefined);
  return found === undefined ? null : Number(found);
}
