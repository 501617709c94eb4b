export type GitReason =
  | 'no-git'
  | 'too-old'
  | 'no-repository'
  | 'not-owned'
  | 'bare'
  | 'no-commit'
  | 'no-such-revision'
  | 'no-such-object'
  | 'bad-name'
  | 'bad-path'
  | 'not-empty'
  | 'no-worktree'
  | 'unreachable'
  | 'too-large'
  | 'failed';

/** What went wrong with git, in one sentence for a person; `detail` keeps git's own words for the log. */
export class GitError extends Error {
  readonly reason: GitReason;
  readonly detail: string;

  constructor(reason: GitReason, message: string, detail = '', options?: ErrorOptions) {
    super(message, options);
    this.name = 'GitError';
    this.reason = reason;
    this.detail = detail;
  }
}
