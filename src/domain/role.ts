import type { AgentName } from './conversation.ts';

/** What a model is wanted for: ideas, plans and judgement; writing and mending code; summing up what was said. */
export const ROLES = ['think', 'code', 'cheap'] as const;
export type Role = (typeof ROLES)[number];

/** A model for each role that has one of its own, as `NAME`, or `NAME@URL` where it is at another endpoint. */
export type RoleModels = Partial<Record<Role, string>>;

export function roleOf(agent: AgentName): Role {
  return agent === 'experiment' || agent === 'debug' ? 'code' : 'think';
}

interface Choice {
  readonly model: string | null;
  readonly baseUrl: string | null;
  readonly roles?: { readonly [role in Role]?: string | undefined } | undefined;
}

/** The model and endpoint of a role: its own, or the one that was chosen for all. */
export function modelFor<C extends Choice>(choice: C, role: Role): C {
  const own = choice.roles?.[role];
  if (own === undefined) return choice;
  // A name may hold an @ itself; an endpoint begins with its protocol.
  const at = own.search(/@https?:\/\//);
  return at === -1 ? { ...choice, model: own } : { ...choice, model: own.slice(0, at), baseUrl: own.slice(at + 1) };
}
