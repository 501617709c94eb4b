import { readdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Arm, Check } from '../domain/evidence.ts';
import type { EndedRun } from '../domain/run.ts';
import { inRun, runFolder } from '../runs/runFolder.ts';
import { allArms, type CheckRequest, notRun, perArm, resultsOf } from './checkRequest.ts';
import { rolesOf } from './dataRoles.ts';
import { outputOf, readPredictions, runsCode } from './predictions.ts';
import { isTable, MOST_ROWS, openTable, unheaded } from './table.ts';
import { sameValue } from './tokens.ts';

/** Every row of the test input is predicted once, in a format that can be read without running what it holds. */
export async function checkPredictions(request: CheckRequest): Promise<Check[]> {
  const formats = await eachArm(request, (run) => codeIn(request, run));
  const format = perArm('output-format', 'void', allArms(request), {
    fault: (arm) => formats.get(arm.name) ?? null,
    fine: 'no predictions in a format whose loading runs code',
  });
  return [...format, ...(await coverage(request))];
}

async function coverage(request: CheckRequest): Promise<Check[]> {
  const { predictions } = request.contract;
  if (predictions === undefined) return countExamples(request);
  if (!isTable(predictions.file)) {
    return notRun('coverage', 'void', `\`predictions.file\` ${predictions.file} is no CSV, TSV, JSON or Parquet table`);
  }
  const expected = await expectedRows(request, predictions.id);
  if (expected === null)
    return notRun('coverage', 'void', 'no test input is known that can be read as a table: name it under `test`');
  if (expected.rows >= MOST_ROWS) return notRun('coverage', 'void', `the test input has more than ${MOST_ROWS} rows`);
  const faults = await eachArm(request, async (run) => {
    const said = await readPredictions(outputOf(request.workspace, run, predictions.file), predictions.id);
    if (said === null) return `it wrote no ${predictions.file} that can be read`;
    if (expected.ids === null || said.ids === null) {
      if (expected.ids !== null) return `${predictions.file} has no column ${predictions.id}`;
      return said.rows === expected.rows ? null : `${said.rows} predictions for ${expected.rows} test rows`;
    }
    return compareIds(said.ids, expected.ids);
  });
  return perArm('coverage', 'void', allArms(request), {
    fault: (arm) => faults.get(arm.name) ?? null,
    fine: `each of the ${expected.rows} test rows is predicted once in every run`,
  });
}

function compareIds(said: readonly string[], expected: ReadonlySet<string>): string | null {
  const own = new Set(said);
  const missing = [...expected].filter((id) => !own.has(id));
  const extra = [...own].filter((id) => !expected.has(id));
  const parts = [
    missing.length > 0 ? `${missing.length} test ids are missing (${missing[0]})` : '',
    own.size < said.length ? `${said.length - own.size} ids are there twice` : '',
    extra.length > 0 ? `${extra.length} ids are not in the test input (${extra[0]})` : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : null;
}

/** Rows of the test input, and their ids where it has them. */
async function expectedRows(
  request: CheckRequest,
  idColumn: string | undefined,
): Promise<{ rows: number; ids: ReadonlySet<string> | null } | null> {
  const { test } = await rolesOf(request, request.arms.evaluator);
  if (test.length === 0 || (test.length > 1 && request.contract.test === undefined)) return null;
  const ids = new Set<string>();
  let rows = 0;
  let hasIds = idColumn !== undefined;
  for (const { path } of test) {
    const table = await openTable(path);
    if (table === null) return null;
    const at = table.columns.indexOf(idColumn ?? '');
    if (at < 0) {
      hasIds = false;
      rows += unheaded(table);
    }
    for await (const row of table.rows) {
      rows += 1;
      if (at >= 0) ids.add(sameValue(row[at] ?? ''));
    }
  }
  // Ids that are not one a row, as of words in sentences, cannot say which row is missing.
  return { rows, ids: hasIds && ids.size === rows ? ids : null };
}

/** Without `predictions` in the contract: as many examples are scored in every run. */
function countExamples(request: CheckRequest): Check[] {
  const counts = allArms(request).flatMap((arm) =>
    resultsOf(request, arm).flatMap(({ scores }) => (scores?.examples ? [scores.examples.length] : [])),
  );
  const [first] = counts;
  if (first === undefined) {
    return notRun(
      'coverage',
      'void',
      'the contract names no `predictions`, and `evaluate` prints no `examples` that could be counted',
    );
  }
  const odd = counts.find((count) => count !== first);
  const detail =
    odd === undefined
      ? `${first} examples were scored in every run`
      : `one run scored ${first} examples, another ${odd}`;
  return [{ name: 'coverage', kind: 'void', passed: odd === undefined, detail }];
}

/** The first fault of each arm's finished runs, with its seed. */
async function eachArm(
  request: CheckRequest,
  fault: (run: EndedRun) => Promise<string | null>,
): Promise<Map<string, string>> {
  const faults = new Map<string, string>();
  for (const arm of allArms(request)) {
    const found = await firstFault(request, arm, fault);
    if (found !== null) faults.set(arm.name, found);
  }
  return faults;
}

async function firstFault(
  request: CheckRequest,
  arm: Arm,
  fault: (run: EndedRun) => Promise<string | null>,
): Promise<string | null> {
  for (const { seed, runs } of resultsOf(request, arm)) {
    const run = runs.at(-1);
    const found = run?.state === 'finished' ? await fault(run) : null;
    if (found !== null) return `seed ${seed}: ${found}`;
  }
  return null;
}

/** The file that counts as predictions: the contract's, else one that is called so, or all that there is. */
async function codeIn({ workspace, contract }: CheckRequest, run: EndedRun): Promise<string | null> {
  const out = inRun.out(runFolder(workspace, run.id));
  const files = contract.predictions
    ? [contract.predictions.file]
    : (await readdir(out).catch(() => [])).slice(0, 1000);
  const coded: string[] = [];
  for (const file of files) if (await runsCode(outputOf(workspace, run, file))) coded.push(file);
  const suspect = contract.predictions
    ? coded
    : coded.filter((file) => coded.length === files.length || isPrediction(file));
  const [first] = suspect;
  return first === undefined
    ? null
    : `${first} is in a format whose loading runs code that it holds: write predictions as CSV, JSON or plain arrays`;
}

function isPrediction(file: string): boolean {
  return /pred|submission|answer|output|score|logit|result/i.test(basename(file, extname(file)));
}
