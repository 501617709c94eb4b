import { expect, it } from 'vitest';
import { contextSaid } from '../../../src/models/contextSaid.ts';
import { ModelError } from '../../../src/models/modelError.ts';

it.each([
  ["This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.", 8192],
  ['request (9012 tokens) exceeds the available context size (4096 tokens), try increasing it', 4096],
  ['Trying to keep the first 5000 tokens when context length of only 4096 tokens is loaded', 4096],
  ['prompt is too long', null],
])('what a server says of its context is heard: %s', (said, tokens) => {
  const refusal = (reason: 'context' | 'quota') => new ModelError(reason, 'Too long.', { cause: new Error(said) });
  expect(contextSaid(refusal('context'))).toBe(tokens);
  expect(contextSaid(refusal('quota'))).toBeNull();
});
