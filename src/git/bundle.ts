import { git } from './gitProcess.ts';
import { objectId, sessionRef } from './names.ts';
import type { Place } from './place.ts';

/** A tree that goes into a bundle under a name. */
export interface BundledTree {
  readonly name: string;
  readonly tree: string;
}

/** The same trees make the same commits: no history, no author, no date. */
const TIMELESS = { GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z' };

/** Writes trees, each as a commit of its own without history, into a bundle that any git can fetch from.
 *  @param group first part of their refs, `refs/mlr/<group>/<name>`
 *  @returns the id of each commit, by name
 *  @throws GitError `bad-name`, `failed` where the file cannot be written */
export async function writeBundle(
  place: Place,
  file: string,
  group: string,
  trees: readonly BundledTree[],
): Promise<Record<string, string>> {
  const commits: Record<string, string> = {};
  for (const { name, tree } of trees) {
    const made = await git({
      at: place,
      args: ['commit-tree', objectId(tree), '-F', '-'],
      input: Buffer.from(`${name}\n`),
      env: TIMELESS,
    });
    commits[name] = made.stdout.toString('latin1').trim();
  }
  const refs = Object.entries(commits).map(([name, commit]) => [sessionRef(group, name), commit] as const);
  for (const [ref, commit] of refs) await git({ at: place, args: ['update-ref', ref, commit] });
  try {
    // One thread: several cut a pack differently each time.
    const args = ['-c', 'pack.threads=1', 'bundle', 'create', '--quiet', file, ...refs.map(([ref]) => ref)];
    await git({ at: place, args });
  } finally {
    for (const [ref] of refs) await git({ at: place, args: ['update-ref', '-d', ref] });
  }
  return commits;
}

/** Takes everything that a bundle holds into the repository, under the refs that it names.
 *  @throws GitError `failed` for a file that is no bundle */
export async function fetchBundle(place: Place, file: string, group: string): Promise<void> {
  const own = `refs/mlr/${group}/*`;
  await git({
    at: place,
    args: ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', file, `+refs/mlr/*:${own}`],
  });
}

/** Names and addresses of the authors and committers of commits, each once. */
export async function authorsOf(place: Place, commits: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const commit of commits) {
    const args = [
      'log',
      '-1',
      '--no-color',
      '--no-show-signature',
      '--format=%an%n%ae%n%cn%n%ce',
      objectId(commit),
      '--',
    ];
    const answer = await git({ at: place, args });
    for (const name of answer.stdout.toString('utf8').split('\n')) if (name !== '') found.add(name);
  }
  return [...found];
}

/** Paths of a tree whose content, taken as text, holds one of some texts. */
export async function filesWith(place: Place, tree: string, texts: readonly string[]): Promise<string[]> {
  const patterns = texts.flatMap((text) => ['-e', text]);
  const args = ['grep', '-l', '-z', '-a', '-F', '--no-color', '--full-name', ...patterns, objectId(tree)];
  const answer = await git({ at: place, args, exits: [0, 1] });
  return answer.stdout
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((name) => name.slice(tree.length + 1));
}
