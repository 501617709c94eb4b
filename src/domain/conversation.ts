import * as z from 'zod';

export const ToolCall = z.object({ id: z.string(), name: z.string(), arguments: z.string() });
export type ToolCall = z.infer<typeof ToolCall>;

/** Tokens of one answer. */
export const Usage = z.object({
  promptTokens: z.number().int(),
  completionTokens: z.number().int(),
  /** How many of the prompt's the endpoint had in its cache; absent where it does not say. */
  cachedTokens: z.number().int().optional(),
});
export type Usage = z.infer<typeof Usage>;

/** What an answer cost, in US dollars, and of which day the price is. */
export const Price = z.object({ usd: z.number(), dated: z.string() });
export type Price = z.infer<typeof Price>;

/** One message to or from a language model. */
export const ModelMessage = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: z.string() }),
  z.object({ role: z.literal('user'), content: z.string() }),
  z.object({ role: z.literal('assistant'), content: z.string(), toolCalls: z.array(ToolCall) }),
  z.object({ role: z.literal('tool'), callId: z.string(), content: z.string() }),
]);
export type ModelMessage = z.infer<typeof ModelMessage>;

export const AgentName = z.enum(['idea', 'experiment', 'debug', 'validate']);
export type AgentName = z.infer<typeof AgentName>;
