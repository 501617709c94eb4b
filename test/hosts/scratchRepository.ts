import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

// These tests start git dozens of times each, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** A folder that is gone after the test. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mlr-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** git as the user would call it, with an identity of his own. */
export function userGit(cwd: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' };
  const identity = ['-c', 'user.name=User', '-c', 'user.email=user@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

export function put(root: string, files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** A repository with one commit of these files. */
export function scratchRepository(files: Record<string, string | Buffer>): string {
  const root = scratchFolder();
  userGit(root, 'init', '--quiet');
  put(root, files);
  userGit(root, 'add', '-A');
  userGit(root, 'commit', '--quiet', '--allow-empty', '-m', 'start');
  return root;
}

/** All that a user would notice: status, staged content, the index's bytes, branches, stash, configuration and HEAD. */
export function userState(root: string): Record<string, string> {
  const quiet = (...args: string[]) =>
    userGit(root, '--no-optional-locks', '-c', 'diff.autoRefreshIndex=false', ...args);
  return {
    index: createHash('sha256')
      .update(readFileSync(join(root, '.git/index')))
      .digest('hex'),
    status: quiet('status', '--porcelain', '--untracked-files=all'),
    staged: quiet('diff', '--cached'),
    unstaged: quiet('diff'),
    branches: quiet('for-each-ref', 'refs/heads', 'refs/tags', 'refs/remotes', 'refs/stash'),
    stash: quiet('stash', 'list'),
    configuration: readFileSync(join(root, '.git/config'), 'utf8'),
    head: readFileSync(join(root, '.git/HEAD'), 'utf8'),
  };
}

/** Every file below a folder with its content; '-> target' for a link and '(empty)' for an empty folder. */
export function filesBelow(root: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(root, below))) {
    const path = below === '' ? name : `${below}/${name}`;
    const facts = lstatSync(join(root, path));
    if (facts.isDirectory()) {
      const inside = filesBelow(root, path);
      Object.assign(found, Object.keys(inside).length > 0 ? inside : { [path]: '(empty)' });
    } else {
      found[path] = facts.isSymbolicLink()
        ? `-> ${readlinkSync(join(root, path))}`
        : readFileSync(join(root, path), 'utf8');
    }
  }
  return found;
}
