import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Ended } from '../measure.ts';
import type { Place } from '../place.ts';
import { alterDigit, dropLines, recordsOf } from '../records.ts';
import { layScores, scoring } from '../scoreTask.ts';
import { FEW_SEEDS } from '../task.ts';
import { type Mlr, type RedteamCase, SUPPORTED } from '../types.ts';

const BASE = [0.7, 0.72];
const GOOD = scoring(BASE.map((value, index) => value + 0.1 + index / 100));

const layGood = (place: Place): void =>
  layScores(place, 2, { baseline: scoring(BASE), variant: GOOD }, { alpha: FEW_SEEDS.alpha, keep: ['result.json'] });

function shown({ exit, stdout, stderr }: Ended): string {
  return `exit ${exit}: ${`${stdout} ${stderr}`.slice(0, 300)}`;
}

/** A good session of which one record is altered: verify must end with 3 and say a word of that record. */
function altered(name: string, does: string, record: RegExp, alter: (path: string) => void, word: RegExp): RedteamCase {
  return {
    name,
    kind: 'cheat',
    does: `a good session is measured; ${does}`,
    must: 'verify names the record that differs and ends with 3 (ledger)',
    build: layGood,
    shares: 'good session',
    expected: SUPPORTED,
    after: async (place, mlr) => {
      const [path] = recordsOf(place, record);
      if (path === undefined) return [`.mlr holds no ${record}`];
      const before = readFileSync(path);
      alter(path);
      const ended = await mlr(['verify', 'last']);
      writeFileSync(path, before);
      const words = `${ended.stdout} ${ended.stderr}`;
      const named = word.test(words) || words.includes(basename(dirname(path)));
      return ended.exit === 3 && named ? [] : [`${basename(path)} was altered, but verify: ${shown(ended)}`];
    },
  };
}

/** The report folder of a good session, copied to where no workspace is. */
function copyReport(place: Place): string | undefined {
  const report = recordsOf(place, /^claims\.json$/)[0];
  if (report === undefined) return undefined;
  const copy = join(place.outside, 'report');
  cpSync(dirname(report), copy, { recursive: true });
  return copy;
}

/** What a stranger's `verify FOLDER` says after this was done to the copy. */
async function verifyCopy(place: Place, mlr: Mlr, alter: (folder: string) => void): Promise<Ended | undefined> {
  const copy = copyReport(place);
  if (copy === undefined) return undefined;
  alter(copy);
  const ended = await mlr(['verify', copy], place.outside);
  rmSync(copy, { recursive: true });
  return ended;
}

/** Records that were altered after the fact, and records that hold. */
export const tamperingCases: readonly RedteamCase[] = [
  {
    name: 'verify-holds',
    kind: 'honest',
    does: 'a good session is measured and nothing is altered',
    must: 'verify ends with 0',
    build: layGood,
    shares: 'good session',
    expected: SUPPORTED,
    after: async (_, mlr) => {
      const ended = await mlr(['verify', 'last']);
      return ended.exit === 0 ? [] : [`verify: ${shown(ended)}`];
    },
  },
  altered(
    'altered-event-log',
    'one digit of its event log is altered',
    /^events\.jsonl$/,
    alterDigit,
    /event|line|log|record/i,
  ),
  altered(
    'truncated-event-log',
    'the last two lines of its event log are removed',
    /^events\.jsonl$/,
    (path) => dropLines(path, 2),
    /tail|missing|end|head|truncat/i,
  ),
  altered('altered-run-record', 'one digit of a run.json is altered', /^run\.json$/, alterDigit, /run\.json/),
  altered('altered-report', 'one digit of report.md is altered', /^report\.md$/, alterDigit, /report/),
  altered('altered-claims', 'one digit of claims.json is altered', /^claims\.json$/, alterDigit, /claim/),
  altered('altered-plot', 'one digit of a plot is altered', /\.svg$/, alterDigit, /\.svg|plot/),
  altered(
    'altered-output',
    'one digit of what a run wrote is altered',
    /^result\.json$/,
    alterDigit,
    /result\.json|output/,
  ),
  {
    name: 'copied-report-holds',
    kind: 'honest',
    does: 'the report folder is copied to where there is no workspace',
    must: '`verify FOLDER` ends with 0: a report folder is enough for a stranger',
    build: layGood,
    shares: 'good session',
    expected: SUPPORTED,
    after: async (place, mlr) => {
      const ended = await verifyCopy(place, mlr, () => undefined);
      if (ended === undefined) return ['there is no report folder'];
      return ended.exit === 0 ? [] : [`verify: ${shown(ended)}`];
    },
  },
  {
    name: 'copied-report-altered',
    kind: 'cheat',
    does: 'one digit of claims.json is altered in the copied report folder',
    must: '`verify FOLDER` names the claims and ends with 3',
    build: layGood,
    shares: 'good session',
    expected: SUPPORTED,
    after: async (place, mlr) => {
      const ended = await verifyCopy(place, mlr, (folder) => alterDigit(join(folder, 'claims.json')));
      if (ended === undefined) return ['there is no report folder'];
      return ended.exit === 3 && /claim/.test(ended.stdout + ended.stderr) ? [] : [`verify: ${shown(ended)}`];
    },
  },
  {
    name: 'reproduced',
    kind: 'honest',
    does: 'a good session is run again from its commits',
    must: '`reproduce` ends with 0 and says "reproduced"',
    build: layGood,
    expected: SUPPORTED,
    after: async (_, mlr) => {
      const ended = await mlr(['reproduce', 'last']);
      return ended.exit === 0 && /reproduced/i.test(ended.stdout + ended.stderr) ? [] : [`reproduce: ${shown(ended)}`];
    },
  },
  {
    name: 'not-reproduced-by-a-time-out',
    kind: 'cheat',
    does: 'when the session is run again, the variant waits until its time is over (a file in a named cache says so)',
    must: '`reproduce` does not end with 0: a time-out is never "reproduced"',
    build: (place) => {
      place.write({ '.cache/redteam/readme': 'models\n' }, place.home);
      const waits = `${GOOD}if os.path.exists(${JSON.stringify(join(place.home, '.cache/redteam/wait'))}):
    import time
    time.sleep(60)
`;
      layScores(
        place,
        2,
        { baseline: scoring(BASE), variant: waits },
        {
          alpha: FEW_SEEDS.alpha,
          caches: [join(place.home, '.cache/redteam')],
          budget: { wall: 3, memory: '1GiB', gpus: 0, cpus: 1 },
        },
      );
    },
    expected: SUPPORTED,
    after: async (place, mlr) => {
      place.write({ '.cache/redteam/wait': 'now\n' }, place.home);
      const ended = await mlr(['reproduce', 'last']);
      const words = `${ended.stdout} ${ended.stderr}`;
      const known = !/unknown command/i.test(words);
      return known && (ended.exit === 1 || ended.exit === 3) ? [] : [`reproduce: ${shown(ended)}`];
    },
  },
];
