/** Where a repository is on disk; all paths absolute and free of symbolic links. */
export interface Place {
  /** Root of the working tree. */
  readonly top: string;
  /** Its git directory: of a linked worktree, the one of that worktree. */
  readonly gitDir: string;
  /** The git directory that all worktrees share. */
  readonly commonDir: string;
}
