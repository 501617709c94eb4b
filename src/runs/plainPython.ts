import { execFile } from 'node:child_process';
import { open, realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute } from 'node:path';
import { promisify } from 'node:util';
import { onPath } from './environmentFingerprint.ts';
import { supervisorEnvironment } from './runEnvironment.ts';

/** A version manager's script takes a third of a second; one that asks the network is not waited for. Milliseconds. */
const PATIENCE = 15_000;

const known = new Map<string, Promise<string>>();

/**
 * A search path on which `python3` is an interpreter itself. With pyenv, asdf or mise what is found first is a script
 * or a launcher that chooses one by the folder it is started in: every start takes ten times as long, a run's copy of
 * the code is another folder than the workspace, and what the record names would not be what computed. So it is asked
 * once, in the workspace, and the folder of what it chose goes first.
 * @param search a PATH
 * @param workspace absolute; where the version manager looks for its own file, e.g. `.python-version`
 * @returns `search` as it is where its python3 is an interpreter, is not there, or does not answer
 */
export function withPlainPython(search: string, workspace: string): Promise<string> {
  const key = `${workspace}\0${search}`;
  const found = known.get(key) ?? look(search, workspace);
  known.set(key, found);
  return found;
}

async function look(search: string, workspace: string): Promise<string> {
  const launcher = onPath('python3', search);
  if (!isAbsolute(launcher)) return search;
  try {
    if (await isInterpreter(launcher)) return search;
    const env = { ...supervisorEnvironment(process.env), PATH: search };
    const words = ['-I', '-c', 'import sys; print(sys.executable)'];
    const { stdout } = await promisify(execFile)(launcher, words, { cwd: workspace, env, timeout: PATIENCE });
    const chosen = stdout.trim();
    return isAbsolute(chosen) ? [dirname(chosen), search].join(delimiter) : search;
  } catch {
    // What cannot be read or started here fails in a run too, which tells it.
    return search;
  }
}

/** A program of Python's own name that is no script. */
async function isInterpreter(file: string): Promise<boolean> {
  const real = await realpath(file);
  if (!/^(?:python|pypy)/.test(basename(real))) return false;
  const opened = await open(real);
  try {
    const { buffer } = await opened.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString('latin1') !== '#!';
  } finally {
    await opened.close();
  }
}
