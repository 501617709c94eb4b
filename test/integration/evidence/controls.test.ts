import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { assertControls, loadControlEvidence } from '../../../src/evidence/controlEvidence.ts';
import { type MeasureRequest, measure } from '../../../src/evidence/measure.ts';
import { readReportFolder, reportFiles, writeReportFolder } from '../../../src/evidence/reportFolder.ts';
import { loadEvidence, type RunEvidence } from '../../../src/evidence/runEvidence.ts';
import { verifyFolder } from '../../../src/evidence/verifyFolder.ts';
import { ScratchStudy } from './scratchStudy.ts';

/** Ten kinds of rows, of which five are ones; an arm errs on a share of the rows that the seed chooses. */
const train = (how: string, errs: number) => `import csv, random, sys
from collections import Counter, defaultdict
from pathlib import Path
seed, out = int(sys.argv[1]), Path(sys.argv[2])
draw = random.Random(seed)
votes = defaultdict(Counter)
for row in csv.DictReader(open("data/train.csv")):
    votes[row["x"]][row["label"]] += 1
def learned(x):
    return int(votes[x].most_common(1)[0][0])
def known(x):
    return int(int(x) * 7 % 10 >= 5)
out.mkdir(parents=True, exist_ok=True)
with open(out / "predictions.csv", "w") as file:
    print("id,label", file=file)
    for row in csv.DictReader(open("data/test.csv")):
        said = ${how}(row["x"])
        print(row["id"], 1 - said if draw.random() < ${errs} else said, sep=",", file=file)
`;

const TRIVIAL = `import csv, sys
from pathlib import Path
out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
rows = list(csv.DictReader(open("data/test.csv")))
(out / "predictions.csv").write_text("id,label\\n" + "".join(f"{row['id']},0\\n" for row in rows))
`;

const EVALUATE = `import csv, json, os, sys
from pathlib import Path
truth = {row["id"]: row["label"] for row in csv.DictReader(open("data/labels.csv"))}
said = {row["id"]: row["label"] for row in csv.DictReader(open(Path(sys.argv[1]) / "predictions.csv"))}
print(json.dumps({"accuracy": sum(truth[id] == said[id] for id in truth) / len(truth)}))
`;

const CONTRACT = `version: 1
task: Say which rows are ones.
run: "/usr/bin/python3 train.py {seed} {out}"
evaluate: "/usr/bin/python3 evaluate.py {out}"
trivial: "/usr/bin/python3 trivial.py {out}"
metrics: { accuracy: maximize }
inputs: [data/train.csv, data/test.csv]
hidden: [data/labels.csv]
protected: [evaluate.py, trivial.py]
labels: { file: data/train.csv, column: label }
seeds: 5
budget: { wall: 20, memory: 512MiB }
`;

const label = (x: number): number => Number((x * 7) % 10 >= 5);
const rows = (count: number, line: (i: number, x: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i, (i * 3) % 10)).join('\n');

const FILES = {
  'trivial.py': TRIVIAL,
  'evaluate.py': EVALUATE,
  'mlr.yaml': CONTRACT,
  'data/train.csv': `id,x,label\n${rows(200, (i, x) => `t${i},${x},${label(x)}`)}\n`,
  'data/test.csv': `id,x\n${rows(80, (i, x) => `r${i},${x}`)}\n`,
  'data/labels.csv': `id,label\n${rows(80, (i, x) => `r${i},${label(x)}`)}\n`,
};

let study: ScratchStudy;
afterEach(() => study.remove());

async function requestFor(baseline: string, variant: string, files: Record<string, string> = {}) {
  study = await ScratchStudy.make({ ...FILES, ...files, 'train.py': baseline });
  const before = await study.arm('baseline');
  const request = await study.request(before, [await study.arm('variant', { 'train.py': variant })], CONTRACT);
  return { ...request, controls: true };
}

async function measured(request: MeasureRequest): Promise<Measurement> {
  const outcome = await measure(request);
  if (outcome.kind !== 'measured') throw new Error(JSON.stringify(outcome.failures));
  return outcome.measurement;
}

/** Every number within a value, by its place, with how to alter it in a copy. */
function numbersOf(value: unknown, at: string[] = []): [string, (copy: unknown) => void][] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, one]) => numbersOf(one, [...at, key]));
  if (typeof value !== 'number') return [];
  const nudge = (copy: unknown): void => {
    const holder = at.slice(0, -1).reduce<unknown>((one, key) => Reflect.get(Object(one), key), copy);
    Reflect.set(Object(holder), at.at(-1) ?? '', value + 0.001);
  };
  return [[at.join('/'), nudge]];
}

/** The same run with another score. */
function better(one: RunEvidence): RunEvidence {
  if (one.scores === null) return one;
  const accuracy = (one.scores.metrics.accuracy ?? 0) + 0.01;
  return { ...one, scores: { ...one.scores, metrics: { ...one.scores.metrics, accuracy } } };
}

function found({ checks }: Measurement, name: string) {
  return checks.filter((check) => check.name === name).map(({ kind, passed }) => [kind, passed]);
}

describe('controls', { timeout: 300_000 }, () => {
  it('pass a variant that learns from its labels, and show what the baseline differs by from itself', async () => {
    const measurement = await measured(await requestFor(train('learned', 0.3), train('learned', 0.05)));
    expect(found(measurement, 'label-shuffle')).toEqual([['doubt', true]]);
    expect(found(measurement, 'a-a')).toEqual([['void', true]]);
    expect(measurement.verdict).toBe('supported');
    const { controls } = measurement;
    expect(controls?.again?.[0]?.differences).toEqual([0, 0, 0, 0, 0]);
    const [, variant] = controls?.labelShuffle?.arms ?? [];
    expect(variant?.runs).toHaveLength(5);
    expect(variant?.shuffled).toHaveLength(5);
    expect(Math.min(...(variant?.shuffled ?? []))).toBeLessThan(0.5 * (variant?.lead ?? 0));
    const control = study.events.filter((event) => event.type === 'run.queued' && event.purpose === 'control');
    expect(control).toHaveLength(20);
  });

  it('stand in a copied report with the records of their runs, which tell of every altered number', async () => {
    const request = await requestFor(train('learned', 0.3), train('learned', 0.05));
    const measurement = await measured(request);
    const { contract, workspace } = request;
    const evidence = await loadEvidence(workspace, measurement, contract);
    const control = await loadControlEvidence(workspace, measurement, contract);
    expect(control.map(({ run }) => run.purpose)).toEqual([...Array(20).fill('control'), 'trivial']);
    const folder = join(study.top, 'report');
    const told = { measurement, evidence, control, contract, confinement: 'none' as const, version: '1' };
    await writeReportFolder(folder, told, CONTRACT);
    expect((await verifyFolder(folder)).runs).toBe(evidence.length + 21);
    const read = (await readReportFolder(folder)).request;
    expect(read.control).toHaveLength(21);
    await expect(reportFiles({ ...read, control: control.slice(1) }, CONTRACT)).rejects.toThrow(
      `The record of run ${control[0]?.run.id}, a control, is missing.`,
    );

    const altered = numbersOf(measurement.controls).map(([place, nudge]) => {
      const copy = structuredClone(measurement);
      nudge(copy.controls);
      return { place, copy };
    });
    expect(altered.length).toBeGreaterThan(20);
    for (const { place, copy } of altered) {
      expect(() => assertControls(copy, evidence, control), place).toThrow(/does not match its runs|is missing/);
    }
    for (const [i, { run }] of control.entries()) {
      const other = control.map((one, at) => (at === i ? better(one) : one));
      expect(() => assertControls(measurement, evidence, other), run.id).toThrow('does not match its runs');
    }
  });

  it('doubt a variant that leads as much when its training labels are shuffled', async () => {
    const measurement = await measured(await requestFor(train('learned', 0.3), train('known', 0.05)));
    expect(found(measurement, 'label-shuffle')).toEqual([['doubt', false]]);
    expect(measurement.verdict).toBe('inconclusive');
    expect(measurement.variants[0]?.reason).toContain('label-shuffle');
  });

  it('note a task that needs no training labels', async () => {
    const measurement = await measured(await requestFor(train('known', 0.2), train('known', 0.02)));
    expect(found(measurement, 'label-shuffle')).toEqual([
      ['doubt', true],
      ['note', false],
    ]);
    expect(measurement.verdict).toBe('supported');
  });

  it('void an evaluation that favours the second of two equal arms', async () => {
    const bent = EVALUATE.replace(
      'print(json.dumps(',
      'bonus = 0.1 if "variant" in os.environ.get("MLR_RUN", "") else 0\nprint(json.dumps(',
    ).replace('/ len(truth)}', '/ len(truth) + bonus}');
    const files = { 'evaluate.py': bent };
    const measurement = await measured(await requestFor(train('learned', 0.3), train('learned', 0.28), files));
    expect(found(measurement, 'a-a')).toEqual([['void', false]]);
    expect(measurement.controls?.again).toHaveLength(2);
    expect(measurement.verdict).toBe('invalid');
  });

  it('are not run a second time when a session goes on, and count as no try', async () => {
    const request = await requestFor(train('learned', 0.3), train('learned', 0.05));
    const first = await measured(request);
    const ran = study.started.length;
    const second = await measured({ ...request, registration: first.registration });
    expect(study.started).toHaveLength(ran);
    expect(second).toEqual(first);
    const anew = await measured({
      ...request,
      controls: false,
      earlier: async () => ({ registrations: [first.registration], live: new Set(), noise: [] }),
    });
    expect(anew.tried).toBe(2);
    const used = [
      ...(first.registration.controls?.shuffle ?? []),
      ...(first.registration.controls?.again.flat() ?? []),
    ];
    expect(new Set(used).size).toBe(15);
    expect(anew.registration.seeds.filter((seed) => used.includes(seed))).toEqual([]);
  });

  it('leave the file of labels as it was, and show both arms the same five permutations of it', async () => {
    const request = await requestFor(train('learned', 0.3), train('learned', 0.05));
    await measured(request);
    expect(await readFile(join(study.top, 'data/train.csv'), 'utf8')).toBe(FILES['data/train.csv']);
    const made = await readdir(join(study.top, '.mlr/sessions/s1/shuffled'));
    expect(made).toHaveLength(5);
    const [one] = made.map((name) => join(study.top, '.mlr/sessions/s1/shuffled', name));
    const sorted = (text: string) => text.match(/[01]$/gm)?.sort().join('');
    const text = await readFile(one ?? '', 'utf8');
    expect(text).not.toBe(FILES['data/train.csv']);
    expect(sorted(text)).toBe(sorted(FILES['data/train.csv']));
  });
});
