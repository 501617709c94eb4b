import type { Gate, GateAnswer, GateKind, Policy } from '../domain/gate.ts';

/** Gates that a policy leaves to a person. `review` trusts commands that are known; unknown ones come as `approveCommand`. */
const ASKS: Record<Policy, ReadonlySet<GateKind>> = {
  step: new Set(['chooseIdea', 'approvePlan', 'reviewChanges', 'approveCommand', 'adopt']),
  review: new Set(['chooseIdea', 'approvePlan', 'reviewChanges', 'approveCommand', 'adopt']),
  autopilot: new Set(),
};

/** The policy's own answer to a gate, or nothing where a person must decide.
 *  @param proposed what is chosen where nobody is asked */
export function policyAnswer(policy: Policy, gate: Gate, proposed: GateAnswer): GateAnswer | undefined {
  if (ASKS[policy].has(gate.kind)) return undefined;
  return proposed;
}
