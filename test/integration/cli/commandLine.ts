import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const bundle = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));

export interface Said {
  code: number | null;
  out: string;
  err: string;
}

export interface Surroundings {
  cwd: string;
  env?: Record<string, string>;
}

/** A command line under way: what it has said so far, and its end. */
export interface Started {
  process: ChildProcessWithoutNullStreams;
  said: Said;
  ended: Promise<Said>;
}

/** The command line as its users start it: a process of its own, with nobody at a terminal. */
export async function mlr(words: string[], around: Surroundings): Promise<Said> {
  const started = start(words, around);
  started.process.stdin.end();
  return await started.ended;
}

export function start(words: string[], around: Surroundings): Started {
  return follow(spawn(process.execPath, [bundle, ...words], { cwd: around.cwd, env: environment(around) }));
}

/** The same at a terminal: what is written to its input is typed. Standard output and error are one there. */
export function startAtTerminal(words: string[], around: Surroundings): Started {
  const argv = JSON.stringify([process.execPath, bundle, ...words]);
  const program = `import os, pty, sys\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(${argv})))`;
  return follow(spawn('/usr/bin/env', ['python3', '-c', program], { cwd: around.cwd, env: environment(around) }));
}

/** A folder for PATH with these programs alone. */
export function pathWith(...programs: string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mlr-path-'));
  // What a version manager puts first on PATH may be a script that needs more programs.
  const places = ['/usr/bin', ...(process.env.PATH ?? '').split(path.delimiter)];
  for (const program of programs) {
    const found = places.map((place) => path.join(place, program)).find((file) => existsSync(file));
    if (found !== undefined) symlinkSync(found, path.join(folder, program));
  }
  return folder;
}

function follow(child: ChildProcessWithoutNullStreams): Started {
  const said: Said = { code: null, out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const ended = new Promise<Said>((resolve) => {
    child.once('close', (code) => resolve(Object.assign(said, { code })));
  });
  return { process: child, said, ended };
}

/** The tests' own environment, without what would name a model. */
function environment({ env = {} }: Surroundings): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(MLR|OPENAI)_/.test(name));
  return { ...Object.fromEntries(own), NO_COLOR: '1', ...env };
}
