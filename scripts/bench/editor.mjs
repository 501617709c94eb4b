import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Milliseconds. */
const LOAD = 50;
const ACTIVATION = 100;
/** Megabytes. */
const ENGINE_IDLE = 120;
const VSIX = 5;
/** Kilobytes: what the chat page needs before it is drawn first. */
const PAGE = 300;

/**
 * What the editor pays for the extension: how long it loads and activates in the extension host of a real VS Code, beside
 * the built-in git extension there; the engine's memory while it has nothing to do, beside a bare Node; the size of the
 * page and of the package.
 * @param {{ root: string }} options
 * @returns {import('../bench.mjs').Figure[]}
 */
export function editor({ root }) {
  const tested = spawnSync(process.execPath, ['scripts/test.mjs', '--only', 'activation', 'in-host'], {
    cwd: root,
    encoding: 'utf8',
  });
  const own = /activation: load (\d+) ms, call (\d+) ms, finish (\d+) ms; host memory (\d+) MB/.exec(tested.stdout);
  const git = /built-in git extension loads in (\d+) ms/.exec(tested.stdout);
  if (!own || !git) throw new Error(`the extension host printed no figures:\n${tested.stdout.slice(-2000)}`);
  const [load, call, finish, memory] = own.slice(1).map(Number);
  const page = (size(root, 'dist/chat.js') + size(root, 'dist/chat.css')) / 1000;
  const package_ = size(root, '.cache/mlr-copilot.vsix') / 1e6;
  const idle = engineMemory(root);
  const peer = { name: 'the built-in git extension loads in', value: Number(git[1]) };
  return [
    {
      name: 'the extension loads in',
      unit: 'ms',
      value: load ?? 0,
      peer,
      limit: { name: 'load', value: load ?? 0, most: LOAD },
      detail: { load, call, finish, hostMegabytes: memory },
    },
    {
      name: 'the extension activates in',
      unit: 'ms',
      value: (call ?? 0) + (finish ?? 0),
      peer,
      limit: { name: 'activation', value: (call ?? 0) + (finish ?? 0), most: ACTIVATION },
      detail: { call, finish },
    },
    {
      name: 'an engine with nothing to do holds',
      unit: 'MB',
      value: idle,
      peer: { name: 'a bare Node', value: bareMemory() },
      limit: { name: 'idle', value: idle, most: ENGINE_IDLE },
      detail: {},
    },
    {
      name: 'the chat page before it is drawn first',
      unit: 'kB',
      value: page,
      peer: { name: 'what it fetches when a message needs it', value: partsOf(root) },
      limit: { name: 'page', value: page, most: PAGE },
      detail: {},
    },
    {
      name: 'the packed extension',
      unit: 'MB',
      value: package_,
      peer: { name: 'the grammars in it, unpacked', value: size(root, 'dist/tree-sitter-python.wasm') / 1e6 },
      limit: { name: 'package', value: package_, most: VSIX },
      detail: {},
    },
  ];
}

/** @param {string} root @param {string} file */
function size(root, file) {
  return statSync(join(root, file)).size;
}

/** @param {string} root */
function partsOf(root) {
  return (size(root, 'dist/codePart.js') + size(root, 'dist/mathPart.js')) / 1000;
}

/** @param {string} root */
function engineMemory(root) {
  const workspace = mkdtempSync(join(tmpdir(), 'mlr-bench-engine-'));
  const engine = spawn(process.execPath, [join(root, 'dist/engine.mjs'), 'serve', '--workspace', workspace], {
    stdio: 'ignore',
  });
  try {
    return settledMemory(engine.pid ?? 0);
  } finally {
    engine.kill('SIGTERM');
    rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

function bareMemory() {
  const node = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  try {
    return settledMemory(node.pid ?? 0);
  } finally {
    node.kill('SIGTERM');
  }
}

/** Resident megabytes once a process has begun. @param {number} pid */
function settledMemory(pid) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1000;
}
