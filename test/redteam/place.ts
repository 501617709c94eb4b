import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files relative to a folder; null removes one. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

/** A temp folder with one repository, a home and room for what lies outside the repository. */
export class Place {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'mlr-redteam-')));
  readonly repository = join(this.root, 'repository');
  readonly home = join(this.root, 'home');
  readonly outside = join(this.root, 'outside');
  /** Where mlr.yaml lies. */
  workspace = this.repository;
  private readonly closers: (() => void)[] = [];

  constructor() {
    for (const folder of [this.repository, this.home, this.outside]) mkdirSync(folder, { recursive: true });
  }

  /** Starts the repository; a case of a folder without git leaves this out. */
  init(): void {
    this.git('init', '--quiet', '--initial-branch=main', '.');
    const own = '[user]\n\tname = Red Team\n\temail = red@team.invalid\n[commit]\n\tgpgsign = false\n';
    appendFileSync(join(this.repository, '.git', 'config'), own);
  }

  /** Files relative to the workspace; null removes one. */
  write(files: Files, folder = this.workspace): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      if (content === null) {
        rmSync(path, { force: true });
        continue;
      }
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  writeBytes(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.workspace, name), bytes);
  }

  /** A link at `path` (relative to the workspace) that says `target`. */
  link(target: string, path: string): void {
    mkdirSync(dirname(join(this.workspace, path)), { recursive: true });
    symlinkSync(target, join(this.workspace, path));
  }

  read(name: string): string {
    return readFileSync(join(this.workspace, name), 'utf8');
  }

  git(...words: string[]): string {
    const environment = { ...process.env, HOME: this.home, GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', words, {
      cwd: this.repository,
      encoding: 'utf8',
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  commit(message: string): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', message);
  }

  /** A branch from `main` with these files changed; `main` is checked out again. */
  branch(name: string, files: Files): void {
    this.git('checkout', '--quiet', '-b', name, 'main');
    this.write(files);
    this.commit(name);
    this.git('checkout', '--quiet', 'main');
  }

  onClose(closer: () => void): void {
    this.closers.push(closer);
  }

  remove(): void {
    for (const closer of this.closers) closer();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
