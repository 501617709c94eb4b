import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Verification, verifyReport, verifySession } from '../../../src/session/verify.ts';
import { tinyWorkspace } from './tinyWorkspace.ts';

const mlr = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));

let workspace: string;
beforeAll(() => {
  workspace = tinyWorkspace(0);
  const words = ['measure', '--baseline', 'main', '--variant', 'better', '--unconfined', '--policy', 'autopilot'];
  execFileSync(process.execPath, [mlr, ...words, '--json', '--workspace', workspace], { stdio: 'ignore' });
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

/** What lies in `.mlr` and is no evidence: copies of what git holds under its hash, a lock, the tool's own complaints. */
const NO_RECORD = [/^sessions\/[^/]+\/arms\//, /lock$/, /^sessions\/[^/]+\/supervisor\.log$/, /^\.gitignore$/];

/** Every file that evidence rests on, below `.mlr`. */
function records(): string[] {
  const store = path.join(workspace, '.mlr');
  return (readdirSync(store, { recursive: true }) as string[])
    .filter((name) => !NO_RECORD.some((one) => one.test(name)))
    .filter((name) => statSync(path.join(store, name)).isFile())
    .sort();
}

/** Files that differ by seed alone are of one kind. */
function kindOf(name: string): string {
  return name.replace(/\d{8}-\d{6}-[0-9a-f]{6}/, 'SESSION').replace(/m[0-9a-f]{12}-\d+/, 'RUN');
}

const digitsOf = (content: Buffer): number[] =>
  [...content.entries()].filter(([, byte]) => byte >= 48 && byte <= 57).map(([at]) => at);

/** Puts another digit into a file while it is verified.
 *  @param share which of its digits, from 0 for the first to 1 for the last
 *  @param step what is added to it, from 1 to 9 */
async function verifiedWith<T>(name: string, share: number, step: number, look: () => Promise<T>): Promise<T> {
  const file = path.join(workspace, '.mlr', name);
  const before = readFileSync(file);
  const digits = digitsOf(before);
  const at = digits[Math.round(share * (digits.length - 1))] ?? 0;
  const altered = Buffer.from(before);
  altered[at] = 48 + (((before[at] ?? 48) - 48 + step) % 10);
  writeFileSync(file, altered);
  try {
    return await look();
  } finally {
    writeFileSync(file, before);
  }
}

const verify = () => verifySession(workspace, 'last');

/** What is wrong with an answer to an altered file; null where it names the file, or the folder of a run's output. */
function missed(name: string, { holds, problem }: Verification): string | null {
  if (holds || problem === null) return `${name}: not found`;
  const named = name.includes('/out/') ? path.dirname(name) : name;
  return problem.includes(named) ? null : `${name}: another was named (${problem})`;
}

describe('mlr verify', () => {
  test('holds for a session that nobody touched', () => {
    const ran = spawnSync(process.execPath, [mlr, 'verify', '--json', '--workspace', workspace], { encoding: 'utf8' });
    expect(ran.status).toBe(0);
    const found = JSON.parse(ran.stdout) as Verification;
    expect(found).toMatchObject({ holds: true, problem: null });
    expect(found.claims).toBeGreaterThan(20);
  });

  test('ends with 3 at an altered record', async () => {
    const [name = ''] = records().filter((one) => one.endsWith('run.json'));
    const status = await verifiedWith(name, 0.5, 1, async () => {
      return spawnSync(process.execPath, [mlr, 'verify', '--workspace', workspace]).status;
    });
    expect(status).toBe(3);
  });

  test('finds a single altered digit in a file of every kind, and names the file', async () => {
    const kinds = new Map(records().map((name) => [kindOf(name), name]));
    expect([...kinds.keys()].filter((kind) => !kind.includes('RUN'))).toEqual(
      expect.arrayContaining([
        'reports/SESSION/SHA256SUMS',
        'reports/SESSION/arms.bundle',
        'reports/SESSION/outputs.tar.gz',
        'reports/SESSION/plots/differences.svg',
        'reports/SESSION/report.md',
        'sessions/SESSION/events.jsonl',
      ]),
    );
    const faults: (string | null)[] = [];
    for (const [, name] of kinds) {
      if (digitsOf(readFileSync(path.join(workspace, '.mlr', name))).length === 0) continue;
      for (const share of [0, 0.41, 1])
        await verifiedWith(name, share, 1, async () => void faults.push(missed(name, await verify())));
    }
    expect(faults.length).toBeGreaterThan(60);
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
    expect(await verify()).toMatchObject({ holds: true });
  });

  test('finds any digit that is put in the place of any other', async () => {
    const files = records().filter((name) => digitsOf(readFileSync(path.join(workspace, '.mlr', name))).length > 0);
    const anywhere = fc.asyncProperty(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 9 }),
      async (name, share, step) => {
        const found = await verifiedWith(name, share, step, verify);
        expect(missed(name, found)).toBeNull();
      },
    );
    await fc.assert(anywhere, { numRuns: 60 });
  });

  test('finds it in a report folder that lies where nothing else is known', async () => {
    const [folder = ''] = readdirSync(path.join(workspace, '.mlr', 'reports'));
    const there = path.join(workspace, '.mlr', 'reports', folder);
    expect(await verifyReport(there)).toMatchObject({ holds: true });
    for (const name of records().filter((one) => one.startsWith('reports/'))) {
      for (const share of [0.2, 0.7]) {
        const found = await verifiedWith(name, share, 3, () => verifyReport(there));
        expect(missed(name.slice(`reports/${folder}/`.length), found)).toBeNull();
      }
    }
  });

  test('finds a file that is missing beside a record, and none amiss where an output was removed', async () => {
    const runs = path.join(workspace, '.mlr', 'runs');
    const [run = ''] = readdirSync(runs).filter((name) => name.endsWith('-variant'));
    const log = path.join(runs, run, 'output.log');
    const before = readFileSync(log);
    rmSync(log);
    expect(await verify()).toMatchObject({ holds: false, problem: expect.stringContaining(`${log} is missing`) });
    writeFileSync(log, before);
    rmSync(path.join(runs, run, 'out'), { recursive: true });
    expect(await verify()).toMatchObject({ holds: true });
  });

  test('finds a missing tail of the log', async () => {
    const name = records().find((one) => one.endsWith('events.jsonl')) ?? '';
    const file = path.join(workspace, '.mlr', name);
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.trimEnd().split('\n').slice(0, -2).join('\n').concat('\n'));
    expect(await verify()).toMatchObject({ holds: false });
    writeFileSync(file, before);
  });
});
