import type { Check, Measurement } from '../domain/evidence.ts';
import { rejudge } from './claims.ts';
import type { RunEvidence } from './runEvidence.ts';
import { blocksOf } from './runEvidence.ts';

/** The measurement as it is judged once a person, having seen it, has accepted a doubt: the numbers stay, the check
 *  says that it was accepted and why, and the verdict follows anew from the records of the runs.
 *  @param accepted which checks are meant */
export function acceptAfter(
  measurement: Measurement,
  evidence: readonly RunEvidence[],
  reason: string,
  accepted: (check: Check) => boolean,
): Measurement {
  const checks = measurement.checks.map((check): Check => {
    if (!accepted(check)) return check;
    const detail = `${check.detail}; accepted after seeing the result: ${reason}`;
    return { ...check, detail, acceptedAfter: reason };
  });
  const judged = rejudge({ ...measurement, checks }, blocksOf(measurement, evidence));
  const variants = measurement.variants.map((variant, i) => {
    const { verdict, reason: why } = judged.variants[i] ?? variant;
    return { ...variant, verdict, reason: why };
  });
  return { ...measurement, checks, variants, verdict: judged.verdict, reason: judged.reason };
}
