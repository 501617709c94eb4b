import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const TRAIN = `import os, sys

with open(os.path.join(sys.argv[2], "score"), "w") as file:
    file.write(str(STEP + int(sys.argv[1]) % 97 / 1000))
`;

const EVALUATE = `import json, sys

with open(sys.argv[1] + "/score") as file:
    print(json.dumps({"score": float(file.read())}))
`;

const CONTRACT = (/** @type {number} */ seeds) => `version: 1
task: Write down a number.
run: "python3 train.py {seed} {out}"
evaluate: "python3 evaluate.py {out}"
metrics: { score: maximize }
protected: [evaluate.py]
seeds: ${seeds}
alpha: 0.05
budget: { wall: 30, memory: 1GiB }
`;

/**
 * What `mlr measure` spends a run beyond the script and its evaluation: everything from the command's start to its
 * end (the engine, the supervisor, exports, sandbox, hashes, checks and the report), shared out over the runs.
 * The peer starts the same two commands as often, one after the other, without any of it.
 * @param {{ root: string, quick: boolean }} options
 * @returns {import('../bench.mjs').Figure}
 */
export function overhead({ root, quick }) {
  return figureOf('overhead of a run of mlr measure', root, {
    seeds: quick ? 5 : 10,
    rounds: quick ? 1 : 3,
    words: [],
  });
}

/**
 * The same where all runs, 200 of them, are in the queue from the beginning and as many run at a time as there are
 * processors.
 * @param {{ root: string, quick: boolean }} options
 * @returns {import('../bench.mjs').Figure}
 */
export function queued({ root, quick }) {
  const seeds = quick ? 20 : 100;
  const name = `overhead of a run, ${2 * seeds} of them queued at once`;
  return figureOf(name, root, { seeds, rounds: 1, words: ['--jobs', String(2 * seeds)] });
}

/**
 * @param {string} name
 * @param {string} root
 * @param {{ seeds: number, rounds: number, words: string[] }} how
 * @returns {import('../bench.mjs').Figure}
 */
function figureOf(name, root, { seeds, rounds: count, words }) {
  const runs = 2 * seeds;
  const rounds = Array.from({ length: count }, () => oneRound(root, seeds, words));
  // The quietest round: whatever else the machine does only adds to it.
  const least = rounds.reduce((a, b) => (b.measured - b.bare < a.measured - a.bare ? b : a));
  return {
    name,
    unit: 'ms a run',
    value: least.measured / runs,
    peer: { name: 'the same commands, bare', value: least.bare / runs },
    limit: { name: 'beyond the peer', value: (least.measured - least.bare) / runs, most: 150 },
    detail: { runs, confined: least.confined, rounds },
  };
}

/** @param {string} root @param {number} seeds @param {string[]} extra @returns {{ measured: number, bare: number, confined: boolean }} milliseconds */
function oneRound(root, seeds, extra) {
  const place = mkdtempSync(join(tmpdir(), 'mlr-bench-'));
  try {
    const repository = layOut(place, seeds);
    const before = bareLoop(place, repository, seeds);
    const { milliseconds, confined } = measured(root, place, repository, { seeds, extra });
    const after = bareLoop(place, repository, seeds);
    return { measured: milliseconds, bare: (before + after) / 2, confined };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** @param {string} place @param {number} seeds */
function layOut(place, seeds) {
  const repository = join(place, 'repository');
  mkdirSync(join(place, 'home'));
  mkdirSync(repository);
  const write = (/** @type {Record<string, string>} */ files) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(repository, name), text);
  };
  const git = (/** @type {string[]} */ ...words) => run('git', words, { cwd: repository, env: environment(place) });
  git('init', '--quiet', '--initial-branch=main', '.');
  for (const [key, value] of [
    ['user.name', 'Bench'],
    ['user.email', 'bench@mlr.invalid'],
  ])
    git('config', String(key), String(value));
  write({
    'mlr.yaml': CONTRACT(seeds),
    'train.py': TRAIN.replace('STEP', '0'),
    'evaluate.py': EVALUATE,
    '.gitignore': '.mlr/\n',
  });
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Baseline');
  git('checkout', '--quiet', '-b', 'variant');
  write({ 'train.py': TRAIN.replace('STEP', '1') });
  git('commit', '--quiet', '--all', '--message', 'Variant');
  return repository;
}

/** @param {string} place @param {string} repository @param {number} seeds @returns {number} milliseconds */
function bareLoop(place, repository, seeds) {
  const out = join(place, 'out');
  mkdirSync(out, { recursive: true });
  const options = { cwd: repository, env: { ...environment(place), PYTHONDONTWRITEBYTECODE: '1' } };
  const began = performance.now();
  for (let i = 0; i < 2 * seeds; i += 1) {
    run('python3', ['train.py', String(i), out], options);
    run('python3', ['evaluate.py', out], options);
  }
  return performance.now() - began;
}

/** @param {string} root @param {string} place @param {string} repository @param {{ seeds: number, extra: string[] }} how */
function measured(root, place, repository, { seeds, extra }) {
  const doctor = run(process.execPath, [join(root, 'dist/cli.mjs'), 'doctor', '--json'], {
    cwd: repository,
    env: environment(place),
  });
  /** @type {{ name: string, good: boolean }[]} */
  const findings = JSON.parse(doctor).findings;
  const confined = findings.some(({ name, good }) => name === 'confinement' && good);
  const words = ['measure', '--baseline', 'main', '--variant', 'variant', '--all-seeds', '--json', ...extra];
  const policy = ['--policy', 'autopilot', ...(confined ? [] : ['--unconfined'])];
  const began = performance.now();
  const said = run(process.execPath, [join(root, 'dist/cli.mjs'), ...words, ...policy, '--workspace', repository], {
    cwd: repository,
    env: environment(place),
  });
  const milliseconds = performance.now() - began;
  // A figure about a measurement that did not measure would be worth nothing.
  const { runs, verdict } = JSON.parse(said);
  if (runs.length !== 2 * seeds) throw new Error(`bench: ${runs.length} of ${2 * seeds} runs ended (${verdict})`);
  return { milliseconds, confined };
}

/** The system's own python3 first where there is one: a version manager's script would take longer than all that is compared.
 *  @param {string} place */
function environment(place) {
  const path = [...(existsSync('/usr/bin/python3') ? ['/usr/bin'] : []), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, HOME: join(place, 'home'), GIT_CONFIG_NOSYSTEM: '1' };
}

/** @param {string} program @param {string[]} words @param {{ cwd: string, env: NodeJS.ProcessEnv }} options */
function run(program, words, options) {
  const { status, stdout, stderr, error } = spawnSync(program, words, { ...options, encoding: 'utf8' });
  if (status !== 0) throw new Error(`bench: ${program} ${words[0]} failed: ${error?.message ?? (stderr || stdout)}`);
  return stdout;
}
