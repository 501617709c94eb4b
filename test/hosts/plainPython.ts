import { execFileSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

/**
 * vitest's global set-up: puts the folder of the interpreter itself first on PATH. A version manager's `python3` is a
 * shell script that takes longer (0.3 s) than the training scripts of the tests, which start it thousands of times.
 */
export function setup(): void {
  const words = ['-I', '-c', 'import os, sys; print(os.path.realpath(sys.executable))'];
  const interpreter = execFileSync('python3', words, { encoding: 'utf8' }).trim();
  process.env.PATH = [dirname(interpreter), process.env.PATH].join(delimiter);
}
