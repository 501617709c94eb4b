import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { printLine } from '../hosts/mochaSuites.ts';
import { extensionId, extensionUnderTest } from './extensionUnderTest.ts';

suite('activation', () => {
  test('loads one file, the one that registers commands', async () => {
    const extension = extensionUnderTest();
    await extension.activate();
    const loaded = Object.keys(require.cache).filter((file) => file.startsWith(extension.extensionPath));
    assert.deepEqual(
      loaded.map((file) => file.slice(extension.extensionPath.length)),
      ['/dist/extension.cjs'],
    );
  });

  test('starts no process', async () => {
    await extensionUnderTest().activate();
    assert.deepEqual(processesOf(extensionUnderTest().extensionPath), []);
  });

  test('is measured by the editor itself, beside the built-in git extension', async () => {
    await extensionUnderTest().activate();
    const [own, git] = [await activationCost(extensionId), await activationCost('vscode.git')];
    const memory = (process.memoryUsage().rss / 1e6).toFixed(0);
    printLine(
      `activation: load ${own.load} ms, call ${own.call} ms, finish ${own.finish} ms; host memory ${memory} MB`,
    );
    printLine(`activation: the built-in git extension loads in ${git.load} ms here`);
    assert.ok([own.load, own.call, own.finish, git.load].every(Number.isFinite));
  });
});

interface ActivationCost {
  readonly load: number;
  readonly call: number;
  readonly finish: number;
}

/** An extension's row of VS Code's own table "Extension Activation Stats": | id | eager | load | call | finish | … */
async function activationCost(id: string): Promise<ActivationCost> {
  await vscode.commands.executeCommand('perfview.show');
  for (let attempt = 0; attempt < 100; attempt++) {
    const shown = vscode.workspace.textDocuments.find((one) => one.uri.scheme === 'perf');
    const row = shown
      ?.getText()
      .split('\n')
      .find((line) => line.includes(id));
    if (row) {
      const [, , , load, call, finish] = row.split('|').map((cell) => cell.trim());
      return { load: Number(load), call: Number(call), finish: Number(finish) };
    }
    await sleep(100);
  }
  const shown = vscode.workspace.textDocuments.map((one) => `${one.uri}\n${one.getText()}`);
  throw new Error(`no row for ${id} in Startup Performance:\n${shown.join('\n').slice(0, 3000)}`);
}

/** Command lines of running processes that name a file of the extension. */
function processesOf(folder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(commandLine).filter((line) => line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch (error) {
    // A process may end between being listed and being read.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return '';
    throw error;
  }
}
