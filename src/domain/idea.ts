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
export type IdeaScores = z.infer<typeof IdeaScores>;

const Reason = z.string();

/** A work that an idea names, by its key in the session's records. */
const NamedWork = z.object({ id: z.string(), title: z.string() });

/** What speaks for and against an idea beyond its scores: the model's own words, on records that the tool has checked. */
export const Assessment = z.object({
  /** Why each score is what it is. */
  reasons: z.object({
    clarity: Reason,
    validity: Reason,
    rigor: Reason,
    innovativeness: Reason,
    generalizability: Reason,
    feasibility: Reason,
  }),
  /** What the rationale rests on. */
  cites: z.array(NamedWork),
  closest: z.array(NamedWork.extend({ differs: z.string() })),
  /** The measurement that it implies; where a contract stands, this says how it would be used. */
  implies: z.object({
    metric: z.string(),
    /** In the metric's unit; null where it was not said. */
    minimumEffect: z.number().nullable(),
    seeds: z.number().int().nullable(),
    cost: z.string(),
  }),
  /** Comparisons that would tell why it works, once it does. */
  ablations: z.array(z.string()),
  risks: z.array(z.string()),
  /** What is weak in an idea that a person brought. */
  weak: z.array(z.string()),
});
export type Assessment = z.infer<typeof Assessment>;

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
  /** Absent for an idea that a person brought as it is, and in logs of older versions. */
  assessment: Assessment.optional(),
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
  /** The words of the paper that each gap rests on, found there by the tool. */
  grounds: z
    .array(z.object({ gap: z.string(), quotation: z.string(), section: z.string(), page: z.number().int().optional() }))
    .optional(),
  /** What was weighed, the ideas among it, each with why it was kept or not. */
  considered: z
    .array(z.object({ title: z.string(), mechanism: z.string(), kept: z.boolean(), why: z.string() }))
    .optional(),
  /** What a model said and the tool found nowhere: quotations that are not in the paper, works that no search found. */
  dropped: z
    .array(z.object({ kind: z.enum(['quotation', 'citation']), text: z.string(), where: z.string() }))
    .optional(),
  /** How the literature was searched, in words; absent where it was not. */
  searched: z.string().optional(),
});
export type IdeaSet = z.infer<typeof IdeaSet>;
