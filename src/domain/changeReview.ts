import * as z from 'zod';

/** One thing that a reviewer found in a change before anything of it ran. */
export const Finding = z.object({
  concern: z.enum(['plan', 'labels', 'synthetic data', 'evaluation', 'fairness', 'other']),
  severity: z.enum(['blocking', 'worth a look']),
  /** `file:line`, the line found by the tool: of the changed file, or of the baseline's where the quote was removed. */
  where: z.string(),
  /** The line that is meant, as the tool found it: behind `+`, `-` or a space, as in a diff. */
  quote: z.string(),
  why: z.string(),
  /** What would mend it; '' where nothing needs to be. */
  mend: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** A language model's opinion of a change before it was run. It decides nothing that is measured. */
export const ChangeReview = z.object({
  doesWhatThePlanSays: z.boolean(),
  summary: z.string(),
  findings: z.array(Finding),
  /** Findings left out because what they quote stands nowhere in the change or its files. */
  dropped: z.number().int(),
});
export type ChangeReview = z.infer<typeof ChangeReview>;
