import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentEvent } from '../../../src/agents/conversation.ts';
import type { LookingPlace } from '../../../src/agents/lookingPlace.ts';
import { type AgentDefinition, runAgent } from '../../../src/agents/loop.ts';
import { type Workbench, worktreeBench } from '../../../src/agents/workbench.ts';
import { Contract } from '../../../src/domain/contract.ts';
import type { Measurement } from '../../../src/domain/evidence.ts';
import type { Idea } from '../../../src/domain/idea.ts';
import type { Paper } from '../../../src/domain/paper.ts';
import { type Line, scriptedModel } from './scriptedModel.ts';

export const YAML = `version: 1
task: Tell digits apart.
run: "python3 train.py --seed {seed} --out {out}"
evaluate: "python3 evaluate.py {out}"
metrics: { accuracy: maximize }
hidden: [labels.csv]
protected: [evaluate.py]
minimum_effect: 0.01
`;
export const CONTRACT = Contract.parse({
  version: 1,
  task: 'Tell digits apart.',
  run: 'python3 train.py --seed {seed} --out {out}',
  evaluate: 'python3 evaluate.py {out}',
  metrics: { accuracy: 'maximize' },
  hidden: ['labels.csv'],
  protected: ['evaluate.py'],
  minimum_effect: 0.01,
});
export const IDEA: Idea = {
  id: 'average-the-weights',
  title: 'Average the weights',
  hypothesis: 'Averaging raises accuracy.',
  method: 'Keep a running sum.',
  rationale: 'The last weights are noisy.',
  plan: ['Sum them in train.py.', 'Divide at the end.'],
  scores: null,
  novelty: { closest: [], verdict: 'Not checked.' },
};

/** The workspace of the test that runs, made by `openWorkspace`. */
export let root: string;
/** What the tools have told the model, in order. */
export const told: string[] = [];

export async function openWorkspace(): Promise<void> {
  told.length = 0;
  root = await mkdtemp(join(tmpdir(), 'mlr-agents-'));
  await put('mlr.yaml', YAML);
  await put('train.py', 'RATE = 0.1\n\ndef main():\n    pass\n');
  await put('evaluate.py', 'print("{}")\n');
  await put('labels.csv', 'id,label\n1,SECRET\n');
}

export async function closeWorkspace(): Promise<void> {
  await rm(root, { recursive: true });
}

export function place(): LookingPlace {
  return { root, hidden: CONTRACT.hidden };
}

export function bench(): Workbench {
  return worktreeBench(place(), CONTRACT, {
    pilot: async () => ({ ok: true, text: 'The pilot ran through.' }),
    changed: async () =>
      (await readFile(join(root, 'train.py'), 'utf8')).includes('RATE = 0.1\n\ndef main():\n    pass')
        ? []
        : ['train.py'],
  });
}

export async function work<Result>(definition: AgentDefinition<Result>, ...lines: Line[]): Promise<Result> {
  const on = async (event: AgentEvent) => {
    if (event.type === 'tool') told.push(event.content);
  };
  const budget = { turns: 20, tokens: 1e6 };
  const run = { ...definition, model: scriptedModel(...lines), budget, on, signal: new AbortController().signal };
  return (await runAgent(run)).output;
}

export function paper(method = 'We average.'): Paper {
  const sections = [
    { heading: 'Introduction', text: 'Perceptrons are noisy. '.repeat(method.length > 1000 ? 400 : 1) },
    { heading: 'Method', text: method },
  ];
  return { title: 'On averaging', authors: [], abstract: 'Short.', sections, references: [], links: [], pages: 2 };
}

export function measurement(): Measurement {
  const arm = (name: string) => ({ name, revision: name, commit: 'c', tree: 't' });
  return {
    session: 's',
    verdict: 'inconclusive',
    reason: 'More seeds would decide it.',
    metric: 'accuracy',
    goal: 'maximize',
    baseline: { revision: 'baseline', values: [0.79, 0.81, null], mean: 0.8 },
    variants: [
      {
        revision: 'ours',
        values: [0.81, 0.8146, null],
        mean: 0.8123,
        difference: {
          mean: 0.0123,
          low: -0.01,
          high: 0.03,
          p: 0.25,
          pT: 0.2,
          pStar: 0.25,
          adjustedP: 0.375,
          unit: 'seed',
          n: 2,
        },
        verdict: 'inconclusive',
        reason: 'Too few pairs.',
      },
    ],
    checks: [
      { name: 'seed-effect', kind: 'doubt', passed: null, detail: 'It lacked examples.' },
      { name: 'arms-differ', kind: 'void', passed: false, detail: 'All equal.' },
      {
        name: 'seed-effect',
        kind: 'note',
        passed: false,
        detail: `its spread is small${', p0'.repeat(99)}`,
        revision: 'ours',
      },
    ],
    tried: 1,
    runs: [],
    registration: {
      id: 'r',
      hypothesis: 'Averaging raises accuracy.',
      metric: 'accuracy',
      goal: 'maximize',
      baseline: arm('baseline'),
      variants: [arm('ours')],
      seeds: [1, 2, 3],
      seedsFrom: 'drawn',
      orderSeed: 'o',
      order: [],
      minimumEffect: 0.01,
      alpha: 0.05,
      budget: { wallSeconds: 60, memoryBytes: 1 },
      accepted: {},
      family: 'f',
      tryNumber: 1,
      leastSeeds: 5,
      detectableEffect: null,
    },
  };
}

export async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
