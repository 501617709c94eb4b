import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY_VARIABLES } from '../domain/keyNames.ts';

/** Starts a folder's engine as a process of its own, with VS Code's own Node; it outlives this window.
 *  What it prints goes to `.mlr/engine.log`. */
export async function startEngine(program: string, workspace: string): Promise<void> {
  await mkdir(join(workspace, '.mlr'), { recursive: true });
  const log = await open(logOf(workspace), 'a');
  try {
    const engine = spawn(process.execPath, [program, 'serve', '--workspace', workspace], {
      cwd: workspace,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: environment(),
    });
    await new Promise<void>((resolve, reject) => {
      engine.once('spawn', resolve);
      engine.once('error', reject);
    });
    engine.unref();
  } finally {
    await log.close();
  }
}

/** The last line the engine printed, or nothing. */
export async function lastWordsOf(workspace: string): Promise<string> {
  const text = await readFile(logOf(workspace), 'utf8').catch(() => '');
  return text.trim().split('\n').at(-1) ?? '';
}

function logOf(workspace: string): string {
  return join(workspace, '.mlr', 'engine.log');
}

/** Keys are asked for when they are needed and stand in no environment; the editor's own variables mean nothing there. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !KEY_VARIABLES.includes(name) && !name.startsWith('VSCODE_'),
  );
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}
