import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportTree } from './exportTree.ts';
import { GitError } from './gitError.ts';
import { git } from './gitProcess.ts';
import type { Place } from './place.ts';
import { listTree } from './trees.ts';

export interface RemoteRevision {
  readonly url: string;
  /** A branch, tag or commit; null for the one that the repository shows first. */
  readonly ref: string | null;
}

export interface FetchLimits {
  /** Most bytes that are transferred, and most that the files may have. */
  readonly bytes: number;
  readonly milliseconds: number;
  /** Protocols that git may speak. */
  readonly protocols: readonly string[];
  /** A proxy to go through; null where there is none. It may hold a password. */
  readonly proxy: string | null;
  readonly signal: AbortSignal;
}

/** Fetches the files of one revision of a repository elsewhere into a new folder: no history, no submodules, no hooks, no
 *  filters, links as the text of where they lead. Nothing of a person's configuration holds for it, so no credentials are
 *  sent and nothing of theirs is started.
 *  @throws GitError `no-such-revision`, `unreachable`, `too-large`, `not-empty` */
export async function fetchFiles(
  remote: RemoteRevision,
  folder: string,
  limits: FetchLimits,
): Promise<{ commit: string; files: number; bytes: number }> {
  if (remote.ref !== null && !/^[\w][\w./-]*$/.test(remote.ref))
    throw new GitError('no-such-revision', `${JSON.stringify(remote.ref)} is no branch, tag or commit`);
  const top = await mkdtemp(join(tmpdir(), 'mlr-fetch-'));
  try {
    const place = await emptyRepository(top, limits);
    const commit = await fetchOne(place, remote, limits);
    const files = await listTree(place, commit);
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    if (bytes > limits.bytes) throw tooLarge(remote, limits);
    await exportTree(place, commit, folder, { leaveOut: [] });
    return { commit, files: files.length, bytes };
  } finally {
    await rm(top, { recursive: true, force: true });
  }
}

async function emptyRepository(top: string, limits: FetchLimits): Promise<Place> {
  await git({ at: top, args: ['init', '--quiet'], env: alone(limits) });
  const gitDir = join(top, '.git');
  const place = { top, gitDir, commonDir: gitDir };
  await git({ at: place, args: ['config', 'core.symlinks', 'false'], env: alone(limits) });
  // Goes before every .gitattributes: bytes are written as they are stored.
  await mkdir(join(gitDir, 'info'), { recursive: true });
  await writeFile(join(gitDir, 'info', 'attributes'), '* -text -filter -ident -working-tree-encoding\n');
  return place;
}

/** Nobody's configuration, no other protocol, and the proxy where no list of processes shows it. */
function alone({ protocols, proxy }: FetchLimits): Record<string, string> {
  return {
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: protocols.join(':'),
    ...(proxy !== null && { http_proxy: proxy, https_proxy: proxy }),
  };
}

async function fetchOne(place: Place, { url, ref }: RemoteRevision, limits: FetchLimits): Promise<string> {
  const stop = new AbortController();
  let grown = false;
  const watch = setInterval(() => {
    void bytesBelow(join(place.gitDir, 'objects', 'pack')).then((bytes) => {
      if (bytes <= limits.bytes) return;
      grown = true;
      stop.abort();
    });
  }, 200);
  const signal = AbortSignal.any([stop.signal, limits.signal, AbortSignal.timeout(limits.milliseconds)]);
  const options = ['--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules'];
  try {
    const args = ['fetch', ...options, '--', url, ref ?? 'HEAD'];
    await git({ at: place, args, env: alone(limits), signal });
  } catch (cause) {
    limits.signal.throwIfAborted();
    if (grown) throw tooLarge({ url }, limits);
    throw unreachable(url, signal.aborted ? `not within ${limits.milliseconds / 1000} s` : wordsOf(cause), cause);
  } finally {
    clearInterval(watch);
  }
  const { stdout } = await git({ at: place, args: ['rev-parse', 'FETCH_HEAD^{commit}'] });
  return stdout.toString('utf8').trim();
}

function wordsOf(cause: unknown): string {
  const said = cause instanceof GitError ? cause.detail : String(cause);
  const line = said.split('\n').find((one) => /^(fatal|error|remote):/.test(one)) ?? said.split('\n')[0] ?? '';
  return line.replace(/^(fatal|error|remote): /, '');
}

function unreachable(url: string, why: string, cause: unknown): GitError {
  const detail = cause instanceof GitError ? cause.detail : '';
  return new GitError('unreachable', `${url} cannot be fetched: ${why}; check the address and the network`, detail, {
    cause,
  });
}

function tooLarge({ url }: Pick<RemoteRevision, 'url'>, { bytes }: FetchLimits): GitError {
  const mib = Math.round(bytes / 2 ** 20);
  return new GitError(
    'too-large',
    `${url} is larger than the ${mib} MiB that are fetched; clone it yourself, or in part`,
  );
}

async function bytesBelow(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
