import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Ignore rules of one folder; a rule of a deeper folder goes before. */
export interface Rules {
  readonly folder: string;
  readonly matcher: Ignore;
}

/** What no researcher means by "my files", whatever .gitignore says. */
const NEVER = ['.git', '.mlr', 'node_modules', '__pycache__', '.venv', 'venv', '.ipynb_checkpoints', '.DS_Store'];
/** Files whose rules are honoured; what the second says goes before. */
export const RULE_FILES = ['.gitignore', '.mlrignore'];

/** The rules for a workspace folder: of every folder above it up to the repository's top, and what is never listed.
 *  @param ignored patterns in .gitignore's language that are left out besides
 *  @param alone whether the folders above it say nothing of it */
export function rulesFor(root: string, ignored: readonly string[] = [], alone = false): Rules[] {
  return [...(alone ? [] : rulesAbove(root)), { folder: root, matcher: ignore().add([...NEVER, ...ignored]) }];
}

/** The rules that stand in a folder itself. */
export function rulesOf(folder: string): Rules[] {
  return RULE_FILES.flatMap((name) => {
    const text = textIfThere(join(folder, name));
    return text === null ? [] : [{ folder, matcher: ignore().add(text) }];
  });
}

export function isIgnored(path: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (let i = rules.length - 1; i >= 0; i -= 1) {
    const { folder, matcher } = rules[i] ?? unreachable();
    const within = path.slice(folder.length + 1).replaceAll('\\', '/');
    const { ignored, unignored } = matcher.test(isFolder ? `${within}/` : within);
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** Errors of a file or folder that is not there, or not for us. */
export function isOutOfReach(error: unknown): boolean {
  const codes = ['ENOENT', 'EISDIR', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function unreachable(): never {
  throw new RangeError('A list of rules was left.');
}

/** A workspace folder may lie below the top of its repository, whose rules hold there too. */
function rulesAbove(root: string): Rules[] {
  const rules: Rules[] = [];
  for (let folder = root; !isTop(folder); folder = dirname(folder)) {
    if (dirname(folder) === folder) return [];
    rules.unshift(...rulesOf(dirname(folder)));
  }
  return rules;
}

function isTop(folder: string): boolean {
  try {
    lstatSync(join(folder, '.git'));
    return true;
  } catch (error) {
    if (isOutOfReach(error)) return false;
    throw error;
  }
}

function textIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}
