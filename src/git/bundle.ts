import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './gitProcess.ts';
import { objectId, sessionRef } from './names.ts';
import type { Place } from './place.ts';
import { withOwnFolder } from './trees.ts';

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
  const made = trees.map(async ({ name, tree }) => {
    const args = ['commit-tree', objectId(tree), '-F', '-'];
    const { stdout } = await git({ at: place, args, input: Buffer.from(`${name}\n`), env: TIMELESS });
    return [name, stdout.toString('latin1').trim()] as const;
  });
  const commits = Object.fromEntries(await Promise.all(made));
  await withOwnFolder(async (folder) => {
    await layRefs(folder, new Map(Object.entries(commits).map(([name, commit]) => [sessionRef(group, name), commit])));
    const env = { GIT_DIR: folder, GIT_OBJECT_DIRECTORY: join(place.commonDir, 'objects') };
    // One thread: several cut a pack differently each time.
    await git({ at: place, args: ['-c', 'pack.threads=1', 'bundle', 'create', '--quiet', file, '--all'], env });
  });
  return commits;
}

/** Makes a folder a git directory that has refs and nothing else: a bundle names refs, and in the user's repository two
 *  reports that are written at the same time would have taken each other's away. */
async function layRefs(folder: string, refs: ReadonlyMap<string, string>): Promise<void> {
  const [commit = ''] = refs.values();
  const sha256 = '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n';
  for (const made of ['refs', 'objects']) await mkdir(join(folder, made));
  await writeFile(join(folder, 'config'), commit.length === 64 ? sha256 : '');
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  const lines = [...refs].map(([ref, id]) => `${id} ${ref}\n`).sort(byRef);
  await writeFile(join(folder, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${lines.join('')}`);
}

function byRef(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a.slice(a.indexOf(' '))), Buffer.from(b.slice(b.indexOf(' '))));
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
