/**
 * Breaks the evidence on purpose, one line at a time, and sees to it that a test notices:
 *
 *   npm run test:mutants [-- [--patience SECONDS] WORD...]     WORD: only mutants whose file, tests or description hold it
 *
 * --patience says how long tests may take before a mutant counts as noticed by its never ending; 90 s on a quiet machine.
 * Every mutant is made in a scratch copy of the tree, two copies at a time; the tests that must notice it run there,
 * after they have passed on the copy as it is. A mutant that no test notices has survived; one whose line is no longer
 * in its file exactly once is stale; one whose tests fail anyway is broken. Each of these ends with 1, and writes its name into .artifacts/mutants.json.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { agentMutants } from './mutants/agents.mjs';
import { checkMutants } from './mutants/checks.mjs';
import { confinementMutants } from './mutants/confinement.mjs';
import { hiddenMutants } from './mutants/hidden.mjs';
import { ledgerMutants } from './mutants/ledger.mjs';
import { modelMutants } from './mutants/models.mjs';
import { runMutants } from './mutants/runs.mjs';
import { statisticsMutants } from './mutants/statistics.mjs';
import { workspaceMutants } from './mutants/workspace.mjs';

/**
 * @typedef {object} Mutant
 * @property {string} breaks what goes wrong, in words
 * @property {string} file
 * @property {string} from a part of one line, once in the file
 * @property {string} to what stands there instead
 * @property {string[]} tests the files of tests that must notice it
 * @property {string} [named] only tests whose names match
 */
/** @typedef {{ mutant: Mutant, state: 'killed' | 'survived' | 'stale' | 'broken', detail: string, seconds: number }} Result */
/** @typedef {{ failed: string[], passed: number, problem: string | null }} Outcome */

const root = fileURLToPath(new URL('..', import.meta.url));
/** Two copies: a test of the evidence mostly keeps one processor busy. */
const COPIES = 2;
/** What stands for the test that noticed a mutant whose tests waited for ever. */
const NEVER_ENDED = 'it had not ended after its time';
/** Longer than the slowest of the tests takes when all is well. Milliseconds. */
const { values: options, positionals: words } = parseArgs({
  options: { patience: { type: 'string', default: '90' } },
  allowPositionals: true,
});
const PATIENCE = Number(options.patience) * 1000;
if (!(PATIENCE > 0)) {
  process.stderr.write(`mutants: --patience: expected seconds, found ${options.patience}\n`);
  process.exit(2);
}

const mutants = [
  ...statisticsMutants,
  ...checkMutants,
  ...hiddenMutants,
  ...ledgerMutants,
  ...confinementMutants,
  ...runMutants,
  ...agentMutants,
  ...modelMutants,
  ...workspaceMutants,
].filter(({ breaks, file, tests }) => words.every((word) => [breaks, file, ...tests].join(' ').includes(word)));
if (mutants.length === 0) {
  process.stderr.write(`mutants: none is about ${words.join(' ')}\n`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'mlr-mutants-'));
const began = performance.now();
/** @type {Result[]} */
let results = [];
try {
  const copies = Array.from({ length: COPIES }, (_, i) => copyOfTree(join(scratch, `copy-${i}`)));
  const sound = await inEveryCopy(copies, groupsOf(mutants), async (copy, group) => ({
    group,
    outcome: await runTests(copy, group.tests, group.named),
  }));
  /** @type {Map<string, string>} why the tests of a group prove nothing, by the group */
  const unsound = new Map();
  for (const { group, outcome } of sound) {
    if (outcome.failed.length === 0 && outcome.passed > 0 && outcome.problem === null) continue;
    unsound.set(keyOf(group), outcome.problem ?? outcome.failed[0] ?? 'no test ran');
  }
  results = await inEveryCopy(copies, mutants, async (copy, mutant) => {
    const why = unsound.get(keyOf(mutant));
    if (why === undefined) return tryMutant(copy, mutant);
    return { mutant, state: 'broken', detail: `its tests fail before anything is broken: ${why}`, seconds: 0 };
  });
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
if (results.length > 0) conclude(results);

/** @param {string} copy @param {Mutant} mutant @returns {Promise<Result>} */
async function tryMutant(copy, mutant) {
  const from = performance.now();
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  const seen = text.split(mutant.from).length - 1;
  /** @param {Result['state']} state @param {string} detail */
  const ended = (state, detail) => {
    const result = { mutant, state, detail, seconds: (performance.now() - from) / 1000 };
    process.stdout.write(`${state.padEnd(9)} ${result.seconds.toFixed(1).padStart(5)} s  ${mutant.breaks}\n`);
    return result;
  };
  if (seen !== 1 || mutant.from.includes('\n')) {
    return ended('stale', `${mutant.file} holds this line ${seen} times, not once: ${mutant.from}`);
  }
  writeFileSync(
    path,
    text.replace(mutant.from, () => mutant.to),
  );
  try {
    const { failed, problem } = await runTests(copy, mutant.tests, mutant.named);
    if (problem !== null) return ended('broken', problem);
    return failed.length > 0
      ? ended('killed', failed[0] ?? '')
      : ended('survived', `${mutant.tests} passed all the same`);
  } finally {
    writeFileSync(path, text);
  }
}

/** The files of tests that must pass first, each choice of them once.
 *  @param {Mutant[]} all @returns {{ tests: string[], named: string | undefined }[]} */
function groupsOf(all) {
  return [...new Map(all.map(({ tests, named }) => [keyOf({ tests, named }), { tests, named }])).values()];
}

/** @param {{ tests: string[], named?: string | undefined }} group @returns {string} */
function keyOf({ tests, named }) {
  return JSON.stringify([tests, named ?? null]);
}

/** @template A, B @param {string[]} copies @param {A[]} items @param {(copy: string, item: A) => Promise<B>} work */
async function inEveryCopy(copies, items, work) {
  /** @type {B[]} */
  const done = [];
  const waiting = [...items];
  await Promise.all(
    copies.map(async (copy) => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) done.push(await work(copy, item));
    }),
  );
  return done;
}

/** @param {string} folder @returns {string} */
function copyOfTree(folder) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  // A worktree may link the packages of another.
  for (const file of listed.split('\0').filter((name) => name !== '' && name !== 'node_modules')) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file), { verbatimSymlinks: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** @param {string} copy @param {string[]} tests @param {string | undefined} named @returns {Promise<Outcome>} */
async function runTests(copy, tests, named) {
  const report = join(copy, 'mutant.json');
  rmSync(report, { force: true });
  const project = tests[0]?.split('/')[1] ?? 'unit';
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project, ...tests];
  args.push('--bail', '1', '--retry', '0', '--reporter=json', `--outputFile=${report}`);
  if (named !== undefined) args.push('--testNamePattern', named);
  const late = await untilEnd(copy, args);
  if (late) return { failed: [NEVER_ENDED], passed: 0, problem: null };
  if (!existsSync(report)) return { failed: [], passed: 0, problem: 'the tests left no report' };
  /** @type {{ testResults: { status: string, message: string, assertionResults: { status: string, fullName: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = all.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  const passed = all.filter(({ status }) => status === 'passed').length;
  // A file that does not load proves nothing of its tests.
  const unloaded = testResults.find(({ status }) => status === 'failed');
  const problem = failed.length === 0 && unloaded !== undefined ? unloaded.message || 'a file did not load' : null;
  return { failed, passed, problem };
}

/** @param {string} copy @param {string[]} args @returns {Promise<boolean>} whether it had to be ended */
function untilEnd(copy, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', detached: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, PATIENCE);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(late);
    });
  });
}

/** @param {Result[]} all */
function conclude(all) {
  const count = (/** @type {Result['state']} */ state) => all.filter((one) => one.state === state).length;
  for (const { mutant, state, detail } of all) {
    if (state !== 'killed') process.stdout.write(`${state}: ${mutant.file}: ${mutant.breaks}\n  ${detail}\n`);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const rest = `${count('survived')} survived, ${count('stale')} stale, ${count('broken')} broken`;
  const late = all.filter(({ state, detail }) => state === 'killed' && detail === NEVER_ENDED).length;
  const total = `${count('killed')} of ${all.length} mutants killed (${late} by never ending), ${rest}, in ${seconds} s`;
  mkdirSync(join(root, '.artifacts'), { recursive: true });
  writeFileSync(join(root, '.artifacts', 'mutants.json'), `${JSON.stringify({ total, results: all }, null, 2)}\n`);
  process.stdout.write(`${total}\n`);
  process.exitCode = count('killed') === all.length ? 0 : 1;
}
