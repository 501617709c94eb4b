import type { ChangeSet } from '../domain/change.ts';
import { authorsOf, type BundledTree, fetchBundle, filesWith, writeBundle } from './bundle.ts';
import { changeSet } from './changeSet.ts';
import { checkedOutContent } from './checkedOut.ts';
import { commitTree, keep, type Revision, resolveRevision, setBranch, treeOf } from './commits.ts';
import { diffText } from './diff.ts';
import { type ExportOptions, exportTree } from './exportTree.ts';
import { locate } from './locate.ts';
import { objectId, repositoryPath } from './names.ts';
import type { Place } from './place.ts';
import { type Snapshot, type SnapshotOptions, snapshot, workingTree } from './snapshot.ts';
import { type Transplant, transplant } from './transplant.ts';
import {
  listTree,
  pathBytes,
  pathText,
  readBlob,
  readTreeFile,
  submoduleMode,
  type TreeChange,
  type TreeFile,
  writeTree,
  writeTreeWith,
} from './trees.ts';
import {
  addWorktree,
  commitWorktree,
  pruneWorktrees,
  removeWorktree,
  resetWorktree,
  worktreeTree,
} from './worktree.ts';

/** The git repository that holds a workspace folder. It never changes the user's index, branches, stash, configuration or
 *  files: it writes objects, refs under refs/mlr/, branches mlr/<slug>, and the folders it is told to write. */
export class Repository {
  /** Root of the working tree: absolute, free of symbolic links. */
  readonly top: string;
  /** The workspace folder relative to `top`, with slashes; '' at the top. */
  readonly folder: string;
  readonly #place: Place;

  private constructor(place: Place, folder: string) {
    this.#place = place;
    this.top = place.top;
    this.folder = folder;
  }

  /** @throws GitError `no-git`, `too-old`, `no-repository`, `not-owned`, `bare`, `no-commit`, each with the way out */
  static async open(workspaceFolder: string): Promise<Repository> {
    const { place, folder } = await locate(workspaceFolder);
    return new Repository(place, folder);
  }

  /** @throws GitError `no-such-revision` */
  resolve(revision: string): Promise<Revision> {
    return resolveRevision(this.#place, revision);
  }

  /** Commits the working tree as it is, but for .mlr/ and ignored files, to refs/mlr/<session>/worktree; null when clean.
   *  Untracked files in `leaveOut` (files or folders, relative to the top) stay out: large inputs, say.
   *  @throws GitError `bad-name`, `bad-path`, `failed` for a file that cannot be read */
  snapshot(session: string, options: SnapshotOptions = {}): Promise<Snapshot | null> {
    return snapshot(this.#place, session, options);
  }

  /** The id of the tree that a snapshot taken now would have. */
  async workingTree(options: SnapshotOptions = {}): Promise<string> {
    return workingTree(this.#place, (await this.resolve('HEAD')).tree, options);
  }

  /** The tree of a commit, or the tree itself.
   *  @throws GitError `no-such-revision` */
  treeOf(treeish: string): Promise<string> {
    return treeOf(this.#place, treeish);
  }

  /** The tree that holds nothing. */
  emptyTree(): Promise<string> {
    return writeTree(this.#place, []);
  }

  /** Writes the files of a tree or commit into a new or empty folder, without .git.
   *  @throws GitError `not-empty`, `bad-path`, `no-such-revision` */
  exportTree(tree: string, folder: string, options: ExportOptions): Promise<void> {
    return exportTree(this.#place, tree, folder, options);
  }

  /** Keeps commits alive as refs/mlr/<session>/<arm>.
   *  @param commits by arm
   *  @throws GitError `bad-name` */
  keep(session: string, commits: Readonly<Record<string, string>>): Promise<void> {
    return keep(this.#place, session, commits);
  }

  /** A worktree for an agent on a new branch; returns the branch, which has a suffix where the name was taken.
   *  @throws GitError `bad-name`, `failed` where the folder is not empty */
  addWorktree(folder: string, branch: string, commit: string): Promise<string> {
    return addWorktree(this.#place, folder, branch, commit);
  }

  /** Removes a worktree's folder; its branch stays.
   *  @throws GitError `no-worktree` */
  removeWorktree(folder: string): Promise<void> {
    return removeWorktree(this.#place, folder);
  }

  /** Forgets those of our worktrees whose folders are gone. */
  pruneWorktrees(): Promise<void> {
    return pruneWorktrees(this.#place);
  }

  /** Commits all changes in an agent's worktree onto its branch; null when there are none.
   *  @throws GitError `no-worktree` */
  commitWorktree(folder: string, message: string): Promise<{ commit: string; tree: string } | null> {
    return commitWorktree(this.#place, folder, message);
  }

  /** The tree that a worktree's files make as they stand; nothing is committed.
   *  @throws GitError `no-worktree` */
  worktreeTree(folder: string): Promise<string> {
    return worktreeTree(this.#place, folder);
  }

  /** Moves a worktree's branch to a commit and makes its files that commit's; what it held besides is gone, but for ignored
   *  files.
   *  @throws GitError `no-worktree` */
  resetWorktree(folder: string, commit: string): Promise<void> {
    return resetWorktree(this.#place, folder, commit);
  }

  /** Commits a tree without touching a ref; returns the commit's id. */
  commitTree(tree: string, parents: readonly string[], message: string): Promise<string> {
    return commitTree(this.#place, tree, parents, message);
  }

  /** The base tree (or a commit's) with some files put, replaced or, with null content, removed; returns the tree's id.
   *  @throws GitError `bad-path`, `no-such-revision` */
  async writeTreeWith(baseTree: string, changes: readonly TreeChange[]): Promise<string> {
    return writeTreeWith(this.#place, await treeOf(this.#place, baseTree), changes);
  }

  /** @throws GitError `bad-name` for a branch other than mlr/<slug> */
  setBranch(branch: string, commit: string): Promise<void> {
    return setBranch(this.#place, branch, commit);
  }

  /** A file's stored bytes (of a symbolic link: its target); null where the tree has no such file.
   *  @throws GitError `bad-path`, `no-such-revision` */
  async readFile(treeish: string, path: string): Promise<Buffer | null> {
    const file = await this.#file(treeish, path);
    return file === undefined || file.mode === submoduleMode ? null : readTreeFile(this.#place, file);
  }

  /** A file's bytes as a checkout would write them, line ends and filters applied; null where the tree has no such file.
   *  @throws GitError `bad-path`, `no-such-revision` */
  async checkedOutFile(treeish: string, path: string): Promise<{ content: Buffer; mode: string } | null> {
    const file = await this.#file(treeish, path);
    if (file === undefined || file.mode === submoduleMode) return null;
    return { content: await checkedOutContent(this.#place, file, path), mode: file.mode };
  }

  /** @throws GitError `no-such-object` */
  blob(id: string): Promise<Buffer> {
    return readBlob(this.#place, id);
  }

  /** Every file of a tree or commit, submodules among them (mode 160000).
   *  @throws GitError `no-such-revision` */
  async listFiles(treeish: string): Promise<TreeFile[]> {
    return (await listTree(this.#place, treeish)).map((file) => ({ ...file, path: pathText(file.path) }));
  }

  /** Unified diff for people to read; no renames, binary files only named. */
  diff(from: string, to: string): Promise<string> {
    return diffText(this.#place, from, to);
  }

  /** What a tree or commit proposes against a base commit, every hunk open.
   *  @throws GitError `no-such-revision` */
  changeSet(base: string, proposal: string, title: string): Promise<ChangeSet> {
    return changeSet(this.#place, objectId(base), proposal, title);
  }

  /** Applies what changed between two commits to a third; where both changed the same lines, the third's text is kept.
   *  @throws GitError `no-such-revision` */
  transplant(repair: { from: string; to: string }, onto: string): Promise<Transplant> {
    return transplant(this.#place, repair, onto);
  }

  /** Writes trees, each as a commit without history or author, into a bundle; returns the commits by name.
   *  @throws GitError `bad-name`, `failed` */
  writeBundle(file: string, group: string, trees: readonly BundledTree[]): Promise<Record<string, string>> {
    return writeBundle(this.#place, file, group, trees);
  }

  /** Names and addresses of a commit's author and committer. */
  authorsOf(commits: readonly string[]): Promise<string[]> {
    return authorsOf(this.#place, commits);
  }

  /** Paths of a tree whose content, taken as text, holds one of some texts. */
  filesWith(tree: string, texts: readonly string[]): Promise<string[]> {
    return filesWith(this.#place, tree, texts);
  }

  /** Takes what a bundle holds into refs/mlr/<group>/….
   *  @throws GitError `failed` */
  fetchBundle(file: string, group: string): Promise<void> {
    return fetchBundle(this.#place, file, group);
  }

  async #file(treeish: string, path: string): Promise<TreeFile | undefined> {
    const bytes = pathBytes(repositoryPath(path));
    return (await listTree(this.#place, treeish, path)).find((file) => file.path === bytes);
  }
}
