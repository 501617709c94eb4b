import * as z from 'zod';

/** Who answers gates: a person always, a person for what matters, or nobody within the limits given. */
export const Policy = z.enum(['step', 'review', 'autopilot']);
export type Policy = z.infer<typeof Policy>;

export const GateKind = z.enum(['chooseIdea', 'approvePlan', 'reviewChanges', 'approveCommand', 'adopt']);
export type GateKind = z.infer<typeof GateKind>;

/** A question that only a person, or the policy they chose, may answer. */
export const Gate = z.object({
  id: z.string(),
  kind: GateKind,
  question: z.string(),
  /** What is being decided on, as Markdown. */
  detail: z.string(),
  options: z.array(z.object({ choice: z.string(), label: z.string() })).min(1),
});
export type Gate = z.infer<typeof Gate>;

export const GateAnswer = z.object({
  choice: z.string(),
  /** Words that go with the choice: what to change, or why. */
  comment: z.string().optional(),
  /** For `reviewChanges` and `adopt`: the hunks accepted; absent means all. */
  hunks: z.array(z.string()).optional(),
});
export type GateAnswer = z.infer<typeof GateAnswer>;
