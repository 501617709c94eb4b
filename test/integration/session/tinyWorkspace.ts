import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SessionEvent } from '../../../src/domain/event.ts';

/** A repository whose runs take a moment and whose branch `better` is better by a tenth, for every seed. */
export function tinyWorkspace(seconds = 0.4): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mlr-tiny-'));
  const put = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  put('train.py', trainer(seconds, 0.5));
  put('evaluate.py', EVALUATE);
  put('data/answers.txt', '1\n');
  put('mlr.yaml', CONTRACT);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: folder });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'Baseline');
  git('checkout', '-qb', 'better');
  put('train.py', trainer(seconds, 0.6));
  git('commit', '-qam', 'Better');
  git('checkout', '-q', 'main');
  return folder;
}

/** Says in the contracts of both branches where runs run. */
export function setEnvironment(folder: string, line: string): void {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: folder });
  const file = path.join(folder, 'mlr.yaml');
  for (const branch of ['better', 'main']) {
    git('checkout', '-q', branch);
    writeFileSync(file, `${readFileSync(file, 'utf8')}${line}\n`);
    git('commit', '-qam', 'Environment');
  }
}

/** What the first session of a workspace wrote down. */
export function eventsIn(folder: string): SessionEvent[] {
  const sessions = path.join(folder, '.mlr', 'sessions');
  const [session = ''] = readdirSync(sessions);
  const lines = readFileSync(path.join(sessions, session, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as SessionEvent);
}

function trainer(seconds: number, level: number): string {
  return `import random, sys, time
seed, out = int(sys.argv[1]), sys.argv[2]
time.sleep(${seconds})
open(out + "/score.txt", "w").write(str(${level} + random.Random(seed).random() / 100))
print("trained for", 3, "epochs")
`;
}

const EVALUATE = `import json, sys
open("data/answers.txt").read()
print(json.dumps({"accuracy": float(open(sys.argv[1] + "/score.txt").read())}))
`;

export const CONTRACT = `version: 1
task: Score as high as you can.
run: "python3 train.py {seed} {out}"
evaluate: "python3 evaluate.py {out}"
metrics: { accuracy: maximize }
hidden: [data/answers.txt]
protected: [evaluate.py]
seeds: 5
minimum_effect: 0.01
budget: { wall: 120, memory: 512MiB }
`;
