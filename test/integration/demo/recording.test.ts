import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { describeDifference, differences } from '../../../src/models/drift.ts';
import { Recording } from '../../../src/models/recording.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const recordingFile = path.join(root, 'examples', 'digits.recording.json');
const recording = () => Recording.parse(JSON.parse(readFileSync(recordingFile, 'utf8')));

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'mlr-replay-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Result {
  verdict: string;
  measurement: Measurement;
}

/** The whole line on a copy of the example, with the recorded words; what was asked this time is recorded too. */
function replay(name: string, change: (workspace: string) => void): { result: Result; asked: Recording } {
  const workspace = path.join(scratch, name);
  cpSync(path.join(root, 'examples', 'digits'), workspace, { recursive: true });
  change(workspace);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: workspace });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'Example');
  const asked = path.join(scratch, `${name}.json`);
  const paper = path.join(workspace, 'paper', 'last-example.pdf');
  const words = ['research', '--paper', paper, '--workspace', workspace, '--policy', 'autopilot', '--unconfined'];
  const ran = spawnSync(
    process.execPath,
    [path.join(root, 'dist', 'cli.mjs'), ...words, '--replay', recordingFile, '--record', asked, '--json'],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (ran.stdout === '') throw new Error(ran.stderr);
  return { result: JSON.parse(ran.stdout) as Result, asked: Recording.parse(JSON.parse(readFileSync(asked, 'utf8'))) };
}

/** Whether a seed runs through before the first one fails is for the draw to say, and so is the line that tells of it. */
function withoutLuck(request: Recording['entries'][number]['request']): typeof request {
  const messages = request.messages.map((message) => ({
    ...message,
    content: message.content.replace(
      /^(?:These ran through: .*|Apart from pilots, no run has got through so far\.)\n\n/m,
      '',
    ),
  }));
  return { ...request, messages };
}

describe('the recorded conversation', () => {
  test('is of a model that was told nothing besides the requests but its brief', () => {
    expect(recording().brief).toMatch(/request/);
    expect(recording().entries.length).toBeGreaterThan(8);
    expect(new Set(recording().entries.map((e) => e.agent))).toEqual(
      new Set(['idea', 'experiment', 'debug', 'validate']),
    );
  });

  test('is asked the same again, but for times, measured numbers and paths, and ends in the same verdict', () => {
    const { result, asked } = replay('same', () => undefined);
    expect(result.verdict).toBe('supported');
    const recorded = recording().entries;
    expect(asked.entries.map((e) => `${e.agent} ${e.turn}`)).toEqual(recorded.map((e) => `${e.agent} ${e.turn}`));
    const found = asked.entries.flatMap((entry, i) => {
      const was = recorded[i];
      return was
        ? differences(withoutLuck(was.request), withoutLuck(entry.request)).map((d) => ({
            ...d,
            line: `${entry.agent} ${entry.turn} ${describeDifference(d)}`,
          }))
        : [];
    });
    process.stdout.write(`${found.map((d) => d.line).join('\n')}\n`);
    expect(found.filter((d) => d.kind === 'other').map((d) => d.line)).toEqual([]);
  }, 300_000);

  test('gives another verdict when the training labels are shuffled: the words decide nothing', () => {
    const { result } = replay('shuffled', shuffleLabels);
    expect(result.measurement.registration.seeds).toHaveLength(10);
    expect(result.verdict).not.toBe('supported');
  }, 300_000);
});

/** Gives every training row another row's label, by a fixed rule. */
function shuffleLabels(workspace: string): void {
  const file = path.join(workspace, 'data', 'train.csv');
  const [head = '', ...rows] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);
  const column = head.split(',').indexOf('label');
  const cells = rows.map((row) => row.split(','));
  const labels = cells.map((row) => row[column] ?? '');
  // 577 is prime and no divisor of the number of rows, so every label is used once.
  const shuffled = cells.map((row, i) =>
    row.map((cell, j) => (j === column ? (labels[(i * 577 + 41) % labels.length] ?? '') : cell)),
  );
  writeFileSync(file, `${[head, ...shuffled.map((row) => row.join(','))].join('\n')}\n`);
}
