import * as z from 'zod';
import { Verdict } from '../domain/evidence.ts';

/** One registration of a family, as its session recorded it: what was tried on the same test set, and what came of it. */
export const Try = z.object({
  session: z.string(),
  registration: z.string(),
  tryNumber: z.number().int(),
  variants: z.array(
    z.object({
      name: z.string(),
      revision: z.string(),
      /** null where it was never measured to its end. */
      verdict: Verdict.nullable(),
      /** Mean paired difference, signed so that larger is better. */
      mean: z.number().nullable(),
    }),
  ),
});
export type Try = z.infer<typeof Try>;
