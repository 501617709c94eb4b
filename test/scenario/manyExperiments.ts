import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scratchFolder } from '../hosts/scratchFolder.ts';
import { runGit } from './experimentWorkspace.ts';

const contract = `version: 1
task: Guess a number near one.
run: "python3 -S train.py {seed} {out}"
evaluate: "python3 -S evaluate.py {out}"
metrics: { score: maximize }
protected: [evaluate.py]
seeds: 10
minimum_effect: 0.02
budget: { wall: 30, memory: 1GiB }
`;

const train = (level: number, ending = ''): string => `import random, sys
seed, out = int(sys.argv[1]), sys.argv[2]
shared, own = random.Random(seed).random(), random.Random(seed + ${Math.round(level * 1e6)}).random()
print("epoch 1 loss 0.5", flush=True)
${ending}
with open(out + "/guess.txt", "w") as file:
    file.write(str(${level} + shared / 20 + own / 30))
`;

const evaluate = `import json, sys
with open(sys.argv[1] + "/guess.txt") as file:
    print(json.dumps({"score": float(file.read())}))
`;

/** Branches by what their experiment reaches; one breaks, as real ones do. */
const branches: Record<string, string> = {
  warmup: train(0.7),
  dropout: train(0.505),
  'half-the-data': train(0.42),
  'warmup-cosine': train(0.79),
  'warmup-long': train(0.704),
  'bf16-weights': train(0.7, 'raise ValueError("could not convert string to float: n/a")'),
};

/** Baseline, then variants. */
const experiments = [
  ['main', 'warmup', 'dropout', 'half-the-data'],
  ['warmup', 'warmup-cosine', 'warmup-long', 'bf16-weights'],
  ['dropout', 'warmup-cosine', 'main', 'half-the-data'],
] as const;

/** A repository in which three experiments of four arms and ten seeds were measured by the command line; \`warmup\` is
 *  checked out. The caller removes it.
 *  @param cli the command line's bundle */
export async function measuredWorkspace(cli: string): Promise<string> {
  const folder = await scratchFolder('mlr-experiments-');
  const git = (...args: string[]): void => runGit(folder, args);
  await writeFile(join(folder, 'mlr.yaml'), contract);
  await writeFile(join(folder, 'train.py'), train(0.5));
  await writeFile(join(folder, 'evaluate.py'), evaluate);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Guess low');
  for (const [name, script] of Object.entries(branches)) {
    git('checkout', '--quiet', '-b', name, 'main');
    await writeFile(join(folder, 'train.py'), script);
    git('commit', '--quiet', '--all', '--message', `Try ${name}`);
  }
  git('checkout', '--quiet', 'warmup');
  for (const [baseline, ...variants] of experiments) await measure(cli, folder, baseline, variants);
  return folder;
}

/** Makes the runs of `warmup`, which is checked out, last so long that there is time to stop them. */
export async function slowDown(folder: string): Promise<void> {
  await writeFile(join(folder, 'train.py'), train(0.7, 'import time; time.sleep(5)'));
  runGit(folder, ['commit', '--quiet', '--all', '--message', 'Take longer']);
}

async function measure(cli: string, folder: string, baseline: string, variants: readonly string[]): Promise<void> {
  const arms = variants.flatMap((variant) => ['--variant', variant]);
  const args = [cli, 'measure', '--baseline', baseline, ...arms, '--all-seeds', '--unconfined', '--json'];
  await promisify(execFile)(process.execPath, [...args, '--workspace', folder], { maxBuffer: 1e8 }).catch(
    // An invalid verdict is an exit code of its own, and one is wanted here.
    (error: { code?: unknown }) => {
      if (error.code !== 3) throw error;
    },
  );
}
