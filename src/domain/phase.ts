/** Phases of a session in which an agent thinks. */
export const THINKING_PHASES = ['idea', 'plan', 'experiment', 'review', 'debug', 'validate'] as const;
export type ThinkingPhase = (typeof THINKING_PHASES)[number];

/** The phase of an agent's task, by the task's name in the session. */
export function phaseOf(call: string): ThinkingPhase {
  if (call.startsWith('idea')) return 'idea';
  if (call.startsWith('contract')) return 'plan';
  if (call.startsWith('debug')) return 'debug';
  if (call.startsWith('validate-')) return 'review';
  return call === 'validate' ? 'validate' : 'experiment';
}
