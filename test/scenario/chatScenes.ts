import { emptyCost } from '../../src/domain/cost.ts';
import type { ChangeSet, Item, Measurement, RunPulse, RunRow, SessionHead } from '../../src/webview/messages.ts';
import { adoptedScene } from './adoptedScene.ts';
import { failedScene } from './failedScene.ts';
import { hostile, ideas, proposed } from './ideaScenes.ts';
import { runningScene } from './runningScene.ts';

/** A moment of a session as the chat page gets it. Together the scenes hold every kind of item, with words that are
 *  as long, as unbroken and as hostile as words get. */
export interface Scene {
  head: SessionHead | null;
  items: Item[];
  writing?: { call: string; text: string };
  changeSet?: ChangeSet;
  pulses?: Record<string, RunPulse>;
}

const path = 'experiments/nearest_neighbours/preprocessing_with_a_rather_long_name_that_has_no_space.py';

const head: SessionHead = {
  id: '20260412-1015-a1b2c3',
  title: 'Does averaging the last weights help a small network on handwritten digits?',
  status: 'working',
  phase: 'measuring baseline, seed 1290774112',
  model: 'a recording, no live model',
  cost: emptyCost(),
  spent: '31 answers, 184,233 tokens read (96,010 cached) and 9,871 written, $0.31, 4 min',
  spentOn: ['idea agent, idea: 31 answers, 184,233 tokens read (96,010 cached) and 9,871 written, $0.31, 4 min'],
  limits: [{ phase: null, unit: 'tokens', most: 400_000 }],
  left: '205,896 tokens left',
  openGates: [],
};

const beginning: Item[] = [
  { kind: 'notice', text: `Your uncommitted changes were kept as a snapshot to compare with: ${path}.` },
  {
    kind: 'paper',
    title: 'The Last Example: Order Effects in Online Learning',
    authors: ['The MLR Copilot contributors'],
    path: '/home/someone/papers/last-example.pdf',
  },
  { kind: 'started', agent: 'idea', call: 'idea', model: 'a-language-model-with-a-long-name-2026-04-01-preview' },
  {
    kind: 'agent',
    agent: 'idea',
    call: 'idea',
    turn: 1,
    text: 'I look at how the workspace trains first.\n\n- `train.py` reads the data\n- **evaluate.py** is protected\n\n```\nepoch 1 loss 0.512\n```',
    tools: [
      {
        id: '1',
        name: 'read_file',
        arguments: JSON.stringify({ path }),
        ok: true,
        content: 'import csv\nprint("hello")',
      },
      { id: '2', name: 'run_command', arguments: 'not {json', ok: false, content: 'The arguments do not parse.' },
      { id: '3', name: 'search', arguments: JSON.stringify({ query: 'def train' }), ok: null, content: '' },
    ],
  },
];

const gate = (id: string, kind: 'chooseIdea' | 'reviewChanges' | 'approvePlan', options: [string, string][]): Item => ({
  kind: 'gate',
  gate: {
    id,
    kind,
    question: {
      chooseIdea: 'Which idea shall be tried?',
      reviewChanges: 'Accept these changes?',
      approvePlan: 'Is this worth its cost?',
    }[kind],
    detail: 'It will take **20 runs** of about 3 s each.\n\n- no GPU\n- about 40,000 tokens',
    options: options.map(([choice, label]) => ({ choice, label })),
  },
  answer: null,
  by: null,
});

const hunk = (id: string, line: number) => ({
  id,
  oldStart: line,
  oldLines: 3,
  newStart: line,
  newLines: 3,
  lines: [
    ' def train(rows, seed):',
    '-    weights = start(seed)',
    `+    weights, total = start(seed), [0.0] * ${'1'.repeat(90)}`,
    '     return weights',
  ],
  decision: 'open' as const,
});

const changeSet: ChangeSet = {
  id: 'changes-1',
  title: 'Average the last weights',
  base: 'a'.repeat(40),
  tree: 'b'.repeat(40),
  files: [
    {
      path,
      kind: 'modified',
      binary: false,
      before: 'c'.repeat(40),
      after: 'd'.repeat(40),
      hunks: [hunk('h1', 12), hunk('h2', 240)],
    },
    { path: 'README.md', kind: 'added', binary: false, before: null, after: 'e'.repeat(40), hunks: [hunk('h3', 1)] },
  ],
};

const changes: Item = {
  kind: 'changes',
  id: 'changes-1',
  title: changeSet.title,
  summary: `The mean of the last weights is used for prediction. ${hostile}`,
  of: 'variant',
  files: [
    { path, kind: 'modified', added: 2, removed: 2, hunks: 2 },
    { path: 'README.md', kind: 'added', added: 104, removed: 0, hunks: 1 },
  ],
  accepted: null,
};

const seeds = [1290774112, 408122907, 3991240018, 77120, 2204981733];

const rows: RunRow[] = seeds.flatMap((seed, i): RunRow[] => [
  { id: `r${i}b`, arm: 'baseline', seed, state: 'finished', value: 0.8712 + i / 1000, seconds: 3.21, reason: '' },
  i === 3
    ? {
        id: `r${i}v`,
        arm: 'variant',
        seed,
        state: 'failed',
        value: null,
        seconds: 0.4,
        reason: 'exit code 1: ValueError: could not convert string to float: "n/a"',
      }
    : {
        id: `r${i}v`,
        arm: 'variant',
        seed,
        state: i === 4 ? 'queued' : 'finished',
        value: i === 4 ? null : 0.8801,
        seconds: i === 4 ? null : 3.4,
        reason: '',
      },
]);

const check = (name: string, passed: boolean | null, detail: string, kind: 'void' | 'doubt' | 'note' = 'void') => ({
  name,
  kind,
  passed,
  detail,
});

const measurement: Measurement = {
  session: head.id,
  verdict: 'supported',
  reason:
    'The variant is better in 10 of 10 pairs, by more than the minimum effect; adjusted p 0.0015 is below alpha 0.05.',
  metric: 'accuracy',
  goal: 'maximize',
  baseline: { revision: 'main', values: [0.8712], mean: 0.8712 },
  variants: [
    {
      revision: 'mlr/average-last',
      values: [0.8801],
      mean: 0.8801,
      difference: {
        mean: 0.0089,
        low: 0.0061,
        high: 0.0117,
        p: 0.001,
        pT: 0.0002,
        pStar: 0.001,
        adjustedP: 0.0015,
        unit: 'seed and example',
        n: 10,
      },
      verdict: 'supported',
      reason: '',
    },
  ],
  checks: [
    check('protected-unchanged', true, 'evaluate.py is the same in both arms.'),
    check(
      'seed-effect',
      false,
      'The variant has the same score for every seed; a deterministic learner looks like this.',
      'doubt',
    ),
    check('hidden-unseen', null, 'Not run: labels of fewer than 48 bits in all.'),
  ],
  tried: 1,
  runs: [],
  registration: {
    id: 'g1',
    hypothesis: '',
    metric: 'accuracy',
    goal: 'maximize',
    baseline: { name: 'baseline', revision: 'main', commit: 'a'.repeat(40), tree: 'b'.repeat(40) },
    variants: [{ name: 'variant', revision: 'mlr/average-last', commit: 'c'.repeat(40), tree: 'd'.repeat(40) }],
    seeds,
    seedsFrom: 'drawn',
    orderSeed: '1',
    order: [],
    minimumEffect: 0.005,
    alpha: 0.05,
    budget: { wallSeconds: 60, memoryBytes: 1e9 },
    accepted: {},
    family: 'f',
    tryNumber: 1,
    leastSeeds: 5,
    detectableEffect: 0.94,
  },
};

const answered = (item: Item, choice: string): Item =>
  item.kind === 'gate' ? { ...item, answer: { choice }, by: 'researcher' } : item;
const chooseIdea = gate('chooseIdea', 'chooseIdea', [
  ...ideas.map((idea): [string, string] => [idea.id, idea.title]),
  ['revise', 'Others: say what should be different'],
]);
const reviewChanges = gate('reviewChanges-1', 'reviewChanges', [
  ['accept', 'Accept'],
  ['revise', 'Ask for other changes: say what should be different'],
]);
const approvePlan = gate('approvePlan', 'approvePlan', [
  ['approve', 'Go ahead'],
  ['stop', 'Stop here'],
]);

type Name = 'welcome' | 'choosing' | 'reviewing' | 'running' | 'measured' | 'adopted' | 'failed';

export const scenes: Record<Name, Scene> = {
  welcome: { head: null, items: [] },
  choosing: {
    head: { ...head, status: 'waiting', openGates: ['chooseIdea'] },
    items: [...beginning, proposed, chooseIdea],
    writing: { call: 'idea', text: 'I would begin with the cheapest of them, because' },
  },
  reviewing: {
    head: { ...head, status: 'waiting', openGates: ['reviewChanges-1', 'approvePlan'] },
    items: [
      { kind: 'origin', session: '20260411-0900-d4e5f6' },
      answered(chooseIdea, 'average-last'),
      { ...proposed, chosen: 'average-last' },
      approvePlan,
      changes,
      reviewChanges,
    ],
    changeSet,
  },
  measured: {
    head: { ...head, status: 'finished' },
    items: [
      { kind: 'person', text: 'Leave the learning rate as it is.\nIt was tuned.', heard: true },
      { kind: 'person', text: 'And say so in the report.', heard: false },
      answered(approvePlan, 'approve'),
      answered(reviewChanges, 'accept'),
      { ...changes, accepted: ['h1', 'h3'] },
      { kind: 'runs', registration: 'g1', metric: 'accuracy', rows, planned: 20 },
      { kind: 'verdict', measurement },
      { kind: 'review', text: 'The gain is **small but steady**. I would try a longer mean next.' },
      { kind: 'report', file: '/home/someone/workspace/.mlr/reports/20260412-1015-a1b2c3/report.md' },
      { kind: 'ended', status: 'finished', text: 'Supported: the mean of the last weights is better.' },
    ],
  },
  adopted: adoptedScene({ head, path }),
  running: runningScene({ head, ended: rows.slice(0, 3), hostile: `${hostile} ${path}` }),
  failed: failedScene({ head, measurement }),
};
