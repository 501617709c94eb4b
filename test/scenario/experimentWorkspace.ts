import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../hosts/cacheFolder.ts';
import { removeScratch, scratchFolder } from '../hosts/scratchFolder.ts';
import type { ScenarioHost } from './scenarioHost.ts';

const contract = `version: 1
task: Guess a number near one.
run: "python3 train.py --seed {seed} --out {out}"
evaluate: "python3 evaluate.py {out}"
metrics: { score: maximize }
protected: [evaluate.py]
seeds: 5
minimum_effect: 0.01
budget: { wall: 30, memory: 1GiB }
`;

const train = (level: number, seconds: number): string => `import argparse, os, random, time
words = argparse.ArgumentParser()
words.add_argument("--seed", type=int)
words.add_argument("--out")
given = words.parse_args()
random.seed(given.seed)
print("epoch 1 loss 0.5", flush=True)
time.sleep(${seconds})
with open(os.path.join(given.out, "guess.txt"), "w") as file:
    file.write(str(${level} + random.random() / 100))
print("done")
`;

const evaluate = `import json, os, sys
with open(os.path.join(sys.argv[1], "guess.txt")) as file:
    print(json.dumps({"score": float(file.read())}))
`;

/** A repository with an experiment of a second: the branch \`better\` gains 0.2 over \`main\`, for every seed. The caller
 *  removes it.
 *  @param seconds what one run takes
 *  @param more lines of the contract */
export async function experimentWorkspace(seconds = 0.3, more = ''): Promise<string> {
  const folder = await scratchFolder('mlr-experiment-');
  const git = (...args: string[]): void => runGit(folder, args);
  await writeFile(join(folder, 'mlr.yaml'), contract + more);
  await writeFile(join(folder, 'train.py'), train(0.5, seconds));
  await writeFile(join(folder, 'evaluate.py'), evaluate);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Guess low');
  git('checkout', '--quiet', '-b', 'better');
  await writeFile(join(folder, 'train.py'), train(0.7, seconds));
  git('commit', '--quiet', '--all', '--message', 'Guess higher');
  git('checkout', '--quiet', 'main');
  return folder;
}

/** Settings by which a recorded model works on the copy of an example. */
export const RECORDED = {
  'mlr.replay': join(projectRoot, 'examples', 'digits.recording.json'),
  'mlr.unconfined': true,
};

/** A copy of an example as a repository of its own. The caller removes it. */
export async function exampleRepository(name: 'digits'): Promise<string> {
  const folder = await scratchFolder(`mlr-${name}-`);
  await cp(join(projectRoot, 'examples', name), folder, { recursive: true });
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['commit', '--quiet', '--message', 'Begin'],
  ])
    runGit(folder, args);
  return folder;
}

/** Runs git with an identity of its own. */
export function runGit(folder: string, args: readonly string[]): void {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
}

/** Stops the editor, then the engine of a folder, which outlives the windows on purpose and would be started again by
 *  one that is left; then removes the folder. */
export async function endWithEngine(host: ScenarioHost | undefined, folder: string): Promise<void> {
  const pid = await enginePid(folder);
  await host?.stop();
  if (pid !== undefined) process.kill(pid, 'SIGTERM');
  await removeScratch(folder);
}

/** The process that serves a folder; undefined where none does. */
export async function enginePid(folder: string): Promise<number | undefined> {
  try {
    const owner: { pid: number } = JSON.parse(await readFile(join(folder, '.mlr', 'engine.lock'), 'utf8'));
    process.kill(owner.pid, 0);
    return owner.pid;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}

/** The engines that were started for a folder and still live, whatever their lock says. */
export function enginesOf(folder: string): Promise<number[]> {
  return processesWith('serve', folder);
}

/** The processes that print a run of the folder into a terminal. */
export function followersOf(folder: string): Promise<number[]> {
  return processesWith('follow', folder);
}

async function processesWith(command: string, folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.includes(`\0${command}\0`) && words.includes(folder)) found.push(Number(pid));
  }
  return found;
}

/** What the records of a folder's runs say: the state by the run's id, and who stopped it. */
export async function recordsOf(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const id of await readdir(join(folder, '.mlr', 'runs'))) {
    const file = join(folder, '.mlr', 'runs', id, 'run.json');
    // A run's folder is there a moment before its record.
    if (!existsSync(file)) continue;
    const { state, by }: { state: string; by?: string } = JSON.parse(await readFile(file, 'utf8'));
    found.set(id, by === undefined ? state : `${state} by ${by}`);
  }
  return found;
}

/** Looks until there is something. @throws when there is nothing within 60 s */
export async function untilSome<T>(look: () => Promise<T[]>): Promise<T[]> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const found = await look();
    if (found.length > 0) return found;
  }
  throw new Error(`nothing within 60 s: ${look.toString()}`);
}

/** How often each kind of event stands in the log of a folder's only session. */
export async function loggedEvents(folder: string): Promise<Record<string, number>> {
  const sessions = (await readdir(join(folder, '.mlr', 'sessions'))).filter((name) => /^\d/.test(name));
  const [only] = sessions;
  if (!only || sessions.length > 1) throw new Error(`${folder} has ${sessions.length} sessions`);
  const log = await readFile(join(folder, '.mlr', 'sessions', only, 'events.jsonl'), 'utf8');
  const counts: Record<string, number> = {};
  for (const line of log.trim().split('\n')) {
    const { type } = JSON.parse(line) as { type: string };
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}
