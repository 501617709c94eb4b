/** What `mlr init` wrote, and what is left for a person to do. */
export interface FirstContract {
  /** Files written, the contract first, each with what it is for. */
  readonly files: readonly { readonly path: string; readonly what: string }[];
  /** What has to change in the person's own script, as a unified diff that `git apply` takes; null where nothing has. */
  readonly diff: string | null;
  /** Where the diff was kept, relative to the workspace folder. */
  readonly patch: string | null;
  /** What was seen and decided, in sentences. */
  readonly notes: readonly string[];
  /** What to do next, in order. */
  readonly next: readonly string[];
}
