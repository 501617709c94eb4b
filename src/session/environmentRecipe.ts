import { createHash } from 'node:crypto';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, posix } from 'node:path';
import type { Contract } from '../domain/contract.ts';
import type { Arm } from '../domain/evidence.ts';
import { splitWords } from '../evidence/command.ts';
import { interpreterOf } from '../evidence/runSpecs.ts';
import type { Repository } from '../git/repository.ts';
import { environmentFingerprint } from '../runs/environmentFingerprint.ts';
import { SessionError } from './errors.ts';

/** What an environment is made of. Equal ones are one folder, whichever session or arm asks. */
export interface Recipe {
  /** Names it: the hash of everything below. */
  readonly lock: string;
  /** The interpreter that it stands over, absolute. */
  readonly python: string;
  /** The contract's `prepare`. */
  readonly prepare: string | null;
  /** Installed besides, each approved by a person. */
  readonly packages: readonly string[];
  /** The files of the arm that say what is installed, by path, with their blobs. */
  readonly files: Readonly<Record<string, string>>;
}

/** Files that say what is installed, as pip, uv, poetry, pdm, pipenv and conda call them. */
const LOCKS =
  /^(?:(?:requirements|constraints)[\w.-]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|(?:poetry|uv|pdm)\.lock|Pipfile(?:\.lock)?|environment\.ya?ml|pylock[\w.-]*\.toml|conda-lock\.ya?ml)$/;

/** @throws SessionError `bad-input` where this machine has no Python to stand over */
export async function recipeOf(
  { contract, workspace, repository }: { contract: Contract; workspace: string; repository: Repository },
  arm: Arm,
  packages: readonly string[],
): Promise<Recipe> {
  const python = await pythonOf(contract, workspace);
  const prepare = contract.prepare ?? null;
  const files = prepare === null ? {} : await locksOf(repository, arm, prepare);
  const { python: version = '', platform = '' } = await environmentFingerprint(python);
  const made = { python: realpathSync(python), version, platform, prepare, packages: [...packages].sort(), files };
  const lock = createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 16);
  return { lock, python, prepare, packages: made.packages, files };
}

/** Those, and files that the command names. */
async function locksOf(repository: Repository, { tree }: Arm, prepare: string): Promise<Record<string, string>> {
  const named = new Set(splitWords(prepare).map((word) => posix.join(repository.folder, word)));
  const files = (await repository.listFiles(tree)).filter(
    ({ path }) => LOCKS.test(posix.basename(path)) || named.has(path),
  );
  return Object.fromEntries(files.map(({ path, blob }) => [path, blob]));
}

async function pythonOf(contract: Contract, workspace: string): Promise<string> {
  const named =
    contract.python === undefined ? null : join(isAbsolute(contract.python) ? '/' : workspace, contract.python);
  if (named !== null && !(statSync(named, { throwIfNoEntry: false })?.isDirectory() ?? true)) return named;
  const { PATH: search = '' } = await interpreterOf({ contract, workspace });
  const found = search
    .split(delimiter)
    .map((folder) => join(folder, 'python3'))
    .find(isProgram);
  if (found !== undefined) return found;
  throw new SessionError(
    'bad-input',
    'mlr.yaml `prepare`: there is no python3 on PATH; name an interpreter under `python`.',
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us to start: the same to whoever looks for a program.
    return false;
  }
}
