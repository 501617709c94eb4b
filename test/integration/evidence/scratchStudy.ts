import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Arm } from '../../../src/domain/evidence.ts';
import { type EndedRun, hasEnded, type RunSpec } from '../../../src/domain/run.ts';
import type { MeasureEvent } from '../../../src/evidence/armRuns.ts';
import { parseContract } from '../../../src/evidence/contractFile.ts';
import type { MeasureRequest } from '../../../src/evidence/measure.ts';
import { Repository } from '../../../src/git/repository.ts';
import { readRecord, readSpec, runFolder, writeSpec } from '../../../src/runs/runFolder.ts';
import { supervise } from '../../../src/runs/supervise.ts';

/** Predicts 40 labels; `SKILL` says how many it gets right, plus what the seed adds. */
export const TRAIN = `import random, sys
from pathlib import Path
SKILL = 20
seed, out = int(sys.argv[1]), Path(sys.argv[2])
draw = random.Random(seed * 100 + SKILL)
rows = [line for line in Path("data/test.csv").read_text().split()]
right = SKILL + draw.randint(-3, 3)
out.mkdir(parents=True, exist_ok=True)
(out / "predictions.txt").write_text("".join(f"{row} {int(i < right)}\\n" for i, row in enumerate(rows)))
`;

export const EVALUATE = `import json, sys
from pathlib import Path
truth = Path("data/labels.txt").read_text().split()
said = [line.split()[1] for line in (Path(sys.argv[1]) / "predictions.txt").read_text().splitlines()]
examples = [int(a == b) for a, b in zip(truth, said)]
print("scored", len(examples), file=sys.stderr)
print(json.dumps({"accuracy": sum(examples) / len(examples)}))
`;

export const CONTRACT = `version: 1
task: Say which rows are ones.
run: "/usr/bin/python3 train.py {seed} {out}"
evaluate: "/usr/bin/python3 evaluate.py {out}"
metrics: { accuracy: maximize }
inputs: [data/test.csv]
hidden: [data/labels.txt]
protected: [evaluate.py]
seeds: 5
minimum_effect: 0.02
budget: { wall: 20, memory: 512MiB }
`;

/** The same with too few seeds for any claim: enough for what a check sees. */
export const SHORT = CONTRACT.replace('seeds: 5', 'seeds: 2');

const FILES = {
  'train.py': TRAIN,
  'evaluate.py': EVALUATE,
  'mlr.yaml': CONTRACT,
  'data/test.csv': Array.from({ length: 40 }, (_, i) => `r${i}`).join('\n'),
  'data/labels.txt': Array.from({ length: 40 }, () => '1').join('\n'),
};

/** A tiny workspace under git whose arms are commits, measured without confinement in this process. */
export class ScratchStudy {
  /** The workspace folder. */
  readonly top: string;
  readonly #root: string;
  readonly started: string[] = [];
  readonly events: MeasureEvent[] = [];

  private constructor(root: string, folder: string) {
    this.#root = root;
    this.top = join(root, folder);
  }

  /** @param folder the workspace folder below the repository's top; '' for the top itself */
  static async make(files: Readonly<Record<string, string>> = {}, folder = ''): Promise<ScratchStudy> {
    const study = new ScratchStudy(await realpath(await mkdtemp(join(tmpdir(), 'evidence-test-'))), folder);
    await mkdir(study.top, { recursive: true });
    await study.git('-C', study.#root, 'init', '-q', '-b', 'main');
    await study.write({ '.gitignore': '.mlr/\n', ...FILES, ...files });
    return study;
  }

  async git(...args: string[]): Promise<string> {
    const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
    return (await promisify(execFile)('git', [...identity, ...args], { cwd: this.top })).stdout.trim();
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.top, path)), { recursive: true });
      await writeFile(join(this.top, path), text);
    }
    await this.git('add', '-A');
    await this.git('commit', '-q', '--allow-empty', '-m', 'change');
  }

  /** Commits files and gives the arm that they make. */
  async arm(name: string, files: Readonly<Record<string, string>> = {}): Promise<Arm> {
    await this.write(files);
    const { commit, tree } = await (await Repository.open(this.top)).resolve('HEAD');
    return { name, revision: name, commit, tree };
  }

  async request(baseline: Arm, variants: Arm[], contract = CONTRACT): Promise<MeasureRequest> {
    return {
      ...{ session: 's1', workspace: this.top, repository: await Repository.open(this.top), baseline, variants },
      ...{ contract: parseContract(contract, 'mlr.yaml'), hypothesis: 'It is better.', confinement: 'none' as const },
      ...{ agentWritten: true, signal: new AbortController().signal },
      earlier: async () => ({ registrations: [], live: new Set(), noise: [] }),
      alone: (work) => work(),
      queue: {
        submit: (spec) => this.#submit(spec),
        submitTogether: async (specs) => {
          for (const spec of specs) await this.#submit(spec);
        },
        wait: (id) => this.#wait(id),
        stop: async () => undefined,
      },
      on: async (event) => {
        this.events.push(event);
      },
    };
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }

  async #submit(spec: RunSpec): Promise<void> {
    const folder = runFolder(this.top, spec.id);
    const record = await readRecord(folder);
    if (record === null) await writeSpec(folder, spec);
  }

  async #wait(id: string): Promise<EndedRun> {
    const folder = runFolder(this.top, id);
    const record = await readRecord(folder);
    if (record !== null && hasEnded(record)) return record;
    this.started.push(id);
    return await supervise(await readSpec(folder), folder);
  }
}
