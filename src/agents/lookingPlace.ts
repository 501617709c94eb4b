/** A folder that an agent may look into. */
export interface LookingPlace {
  readonly root: string;
  /** Files and folders, relative to the root, that no agent may see. */
  readonly hidden: readonly string[];
  /** The researcher's workspace, where data lies that git does not bring into a worktree; absent where it is the root. */
  readonly workspace?: string;
  /** Where an index of the code is kept between questions; absent: it is made anew for each, in memory. */
  readonly index?: string;
}
