import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyWorkspace } from './tinyWorkspace.ts';

const mlr = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));

let workspace: string;
beforeAll(() => {
  workspace = tinyWorkspace(0);
  const words = ['measure', '--baseline', 'main', '--variant', 'better', '--unconfined', '--policy', 'autopilot'];
  execFileSync(process.execPath, [mlr, ...words, '--json', '--workspace', workspace], { stdio: 'ignore' });
}, 60_000);
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

function verify(): { exit: number | null; problem: string | null; claims: number } {
  const ran = spawnSync(process.execPath, [mlr, 'verify', '--json', '--workspace', workspace], { encoding: 'utf8' });
  return { exit: ran.status, ...(JSON.parse(ran.stdout) as { problem: string | null; claims: number }) };
}

/** Every file that evidence rests on: the log, the records and outputs of runs, the report. */
function records(): string[] {
  const store = path.join(workspace, '.mlr');
  return (readdirSync(store, { recursive: true }) as string[])
    .filter((name) => /events\.jsonl$|run\.json$|evaluate\/output\.log$|reports\/.*\.(md|json|yaml)$/.test(name))
    .map((name) => path.join(store, name))
    .filter((file) => statSync(file).isFile());
}

/** Changes the digit nearest to a place of a file, which stays what it was otherwise. */
function alterDigit(file: string, share: number): void {
  const text = readFileSync(file, 'utf8');
  const digits = [...text.matchAll(/\d/g)].map((match) => match.index);
  const at = digits[Math.floor(share * (digits.length - 1))] ?? 0;
  const other = String((Number(text[at]) + 1) % 10);
  writeFileSync(file, text.slice(0, at) + other + text.slice(at + 1));
}

describe('mlr verify', () => {
  test('holds for a session that nobody touched', () => {
    const found = verify();
    expect(found).toMatchObject({ exit: 0, problem: null });
    expect(found.claims).toBeGreaterThan(20);
  });

  test('finds a single altered digit in any record or report, and names the file', () => {
    const files = records();
    expect(files.length).toBeGreaterThan(30);
    const missed: string[] = [];
    for (const [i, file] of files.entries()) {
      const before = readFileSync(file, 'utf8');
      if (!/\d/.test(before)) continue;
      alterDigit(file, (i % 7) / 6);
      const { exit, problem } = verify();
      if (exit !== 3 || problem === null) missed.push(file);
      writeFileSync(file, before);
    }
    expect(missed).toEqual([]);
    expect(verify().exit).toBe(0);
  }, 120_000);

  test('finds a missing tail of the log', () => {
    const file = records().find((name) => name.endsWith('events.jsonl')) ?? '';
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.trimEnd().split('\n').slice(0, -2).join('\n').concat('\n'));
    expect(verify().exit).toBe(3);
    writeFileSync(file, before);
  });
});
