import * as z from 'zod';
import { THINKING_PHASES } from './phase.ts';

/** Most that models may use: in one phase, or, without one, in the whole session. */
export const Limit = z.object({
  phase: z.enum(THINKING_PHASES).nullable(),
  unit: z.enum(['tokens', 'usd']),
  most: z.number().positive(),
});
export type Limit = z.infer<typeof Limit>;

/** Limits as they hold once some are set anew: what is not named stays. */
export function limitsAfter(limits: readonly Limit[], anew: readonly Limit[]): Limit[] {
  const replaced = (one: Limit) => anew.some(({ phase, unit }) => phase === one.phase && unit === one.unit);
  return [...limits.filter((one) => !replaced(one)), ...anew];
}
