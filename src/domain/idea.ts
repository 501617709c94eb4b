import * as z from 'zod';

/** The six criteria an idea is scored on, each from 1 (poor) to 5 (excellent). */
export const IdeaScores = z.object({
  clarity: z.number().min(1).max(5).describe('Hypothesis and method leave no question open.'),
  validity: z.number().min(1).max(5).describe('The reasoning from gap to hypothesis holds.'),
  rigor: z
    .number()
    .min(1)
    .max(5)
    .describe('The one comparison, variant against baseline, would tell this explanation from others.'),
  innovativeness: z.number().min(1).max(5).describe('It differs from what the paper and its references did.'),
  generalizability: z.number().min(1).max(5).describe('It would hold beyond this data and code.'),
  feasibility: z.number().min(1).max(5).describe('It can be done here, within the limits of a run.'),
});

/** A research idea: a hypothesis that a measurement can refute, and the plan that would measure it. */
export const Idea = z.object({
  id: z.string(),
  title: z.string(),
  hypothesis: z.string(),
  method: z.string(),
  rationale: z.string(),
  plan: z.array(z.string()).min(1),
  /** The model's own; null for an idea that a person brought. */
  scores: IdeaScores.nullable(),
  novelty: z.object({ closest: z.array(z.string()), verdict: z.string() }),
});
export type Idea = z.infer<typeof Idea>;

/** What the Idea agent found in a paper and proposes, as `mlr idea --json` prints it. */
export const IdeaSet = z.object({
  paper: z.object({ title: z.string() }),
  tasks: z.array(z.string()),
  gaps: z.array(z.string()),
  keywords: z.array(z.string()),
  /** Defects of the workspace's code that were seen on the way, each with its place; no part of any idea. */
  defects: z.array(z.string()).default([]),
  related: z.array(
    z.object({ title: z.string(), year: z.number().int().nullable(), source: z.string(), id: z.string() }),
  ),
  ideas: z.array(Idea).min(1),
});
export type IdeaSet = z.infer<typeof IdeaSet>;
