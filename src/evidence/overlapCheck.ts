import type { Arm, Check } from '../domain/evidence.ts';
import type { TreeFile } from '../git/trees.ts';
import type { ArmResult } from './armRuns.ts';
import { arraysIn, holdsArrays, LARGEST_STORED, tableOfArray } from './arrayRows.ts';
import { type Block, compareBlocks } from './blocks.ts';
import { differenceOf, hiddenFrom, textOf } from './changedText.ts';
import { type CheckRequest, notRun } from './checkRequest.ts';
import { inputPaths, isWithin } from './contractPaths.ts';
import { arrayRolesOf, rolesOf } from './dataRoles.ts';
import { onceOfArms } from './onceOfArms.ts';
import { type Overlap, overlapOf, testRowsIn } from './overlap.ts';
import { average } from './statistics.ts';
import { isTable, type Table, tableOf } from './table.ts';
import { fisherUpper } from './tailProbability.ts';
import { groupMeans } from './unitScores.ts';
import { adjustForTries, statisticalVerdict } from './verdict.ts';

const NAME = 'train-test-overlap';
/** Test rows in train beyond what train repeats by itself: so much more, and so surely. */
const LEAST_EXCESS = 0.005;
const LEAST_SURE = 1e-4;
/** Test rows in added files that are too many: so many, or this share of the test set. */
const MOST_ROWS = 10;
const MOST_SHARE = 0.01;
/** Test rows that must remain, besides half of them, for a verdict without twins. */
const LEAST_LEFT = 30;
/** Changed tables and arrays of one variant that are read. */
const MOST_FILES = 200;

/** Test rows are not trained on: neither in the training inputs, nor in files that a variant added. */
export async function checkOverlap(request: CheckRequest): Promise<Check[]> {
  const { registration, contract, arms } = request;
  const varies = contract.varies.length > 0;
  const baseline = await overlapIn(request, arms.evaluator);
  if (typeof baseline === 'string') return notRun(NAME, 'void', baseline);
  const found = faultOf(registration.baseline, inTraining(baseline));
  const notes = counted(baseline);
  const twins = new Map<string, readonly boolean[]>();
  for (const arm of registration.variants) {
    const own = varies ? await overlapIn(request, await arms.source(arm)) : baseline;
    if (typeof own === 'string') continue;
    twins.set(arm.name, eitherOf(own.twins, baseline.twins));
    if (varies) notes.push(...counted(own, arm.revision));
    found.push(...faultOf(arm, (varies ? inTraining(own) : null) ?? (await inAddedFiles(request, arm, own))));
  }
  if (found.length > 0) return found;
  const { test, train, near, columns } = baseline;
  const detail = `${test.count} of ${test.of} test rows have a twin in train, ${train.count} of ${train.of} train rows one elsewhere in train, by ${columns.join(', ')}${near ? '' : ' (equal ones; the files are too large to look for similar texts)'}`;
  return [{ name: NAME, kind: 'void', passed: true, detail }, ...notes, ...withoutTwins(request, twins)];
}

function faultOf(arm: Arm, detail: string | null): Check[] {
  return detail === null ? [] : [{ name: NAME, kind: 'void', passed: false, detail, revision: arm.revision }];
}

/** What either side trained on tells for neither: a pair is compared without the twins of both. */
function eitherOf(own: readonly boolean[], baseline: readonly boolean[]): boolean[] {
  return own.map((twin, row) => twin || baseline[row] === true);
}

function overlapIn(request: CheckRequest, source: string): Promise<Overlap | string> {
  return onceOfArms(request.arms, `overlap in ${source}`, () => countOverlap(request, source));
}

async function countOverlap(request: CheckRequest, source: string): Promise<Overlap | string> {
  const tables = await rolesOf(request, source);
  const roles = isEmpty(tables) ? await arrayRolesOf(request, source) : tables;
  if (isEmpty(roles)) {
    return 'no training and test inputs are known that can be read as tables or arrays of rows: name them under `train` and `test`';
  }
  const overlap = await overlapOf(roles, request.contract.labels?.column);
  if (overlap === null) return 'train and test have no column in common but ids';
  return overlap.test.of === 0 || overlap.train.of === 0 ? 'train or test has no rows' : overlap;
}

function isEmpty({ train, test }: { train: readonly unknown[]; test: readonly unknown[] }): boolean {
  return train.length === 0 || test.length === 0;
}

function inTraining({ test, train }: Overlap): string | null {
  if (test.count / test.of - train.count / train.of <= LEAST_EXCESS) return null;
  if (fisherUpper(test, train) > LEAST_SURE) return null;
  return `${test.count} of ${test.of} test rows have a twin in train, where ${train.count} of ${train.of} train rows have one: a split made after copying rows, or test rows that are trained on`;
}

function inAddedFiles(request: CheckRequest, arm: Arm, overlap: Overlap): Promise<string | null> {
  return onceOfArms(request.arms, `test rows added by ${arm.name}`, () => lookForTestRows(request, arm, overlap));
}

async function lookForTestRows(request: CheckRequest, arm: Arm, overlap: Overlap): Promise<string | null> {
  const { repository, registration, contract } = request;
  const { changed, before } = await differenceOf(
    repository,
    registration.baseline.tree,
    arm.tree,
    hiddenFrom(contract, repository),
  );
  const inputs = inputPaths(contract).map((path) => [repository.folder, path].filter(Boolean).join('/'));
  const isRead = (path: string): boolean => isTable(path) || holdsArrays(path);
  const read = changed.filter(({ path }) => isRead(path) && !inputs.some((input) => isWithin(path, input)));
  for (const file of read.slice(0, MOST_FILES)) {
    const old = before.find(({ path }) => path === file.path);
    const count = async (one: typeof file): Promise<number> => {
      let rows = 0;
      for (const table of await tablesIn(request, one)) rows += await testRowsIn(table, overlap);
      return rows;
    };
    const rows = (await count(file)) - (old === undefined ? 0 : await count(old));
    if (rows >= MOST_ROWS || (rows > 0 && rows >= MOST_SHARE * overlap.test.of)) {
      return `${file.path} was added and holds ${rows} of ${overlap.test.of} test rows that train does not: more data that overlaps by accident, or test rows to train on`;
    }
  }
  return null;
}

/** What a stored file holds that may be compared. */
async function tablesIn({ repository }: CheckRequest, file: TreeFile): Promise<Table[]> {
  if (holdsArrays(file.path)) {
    if (!file.mode.startsWith('100') || file.size > LARGEST_STORED) return [];
    const arrays = await arraysIn({ name: file.path, path: file.path }, await repository.blob(file.blob));
    return arrays.filter(({ shape }) => shape !== '').map(tableOfArray);
  }
  const text = await textOf(repository, file);
  const table = text && (await tableOf(file.path, text.lines.join('\n')));
  return table === null ? [] : [table];
}

/** Twins that are no more than what train repeats by itself: counted, and no fault. */
function counted({ test, train }: Overlap, revision?: string): Check[] {
  if (test.count === 0) return [];
  const detail = `repeated rows, or rows copied before the split: ${test.count} of ${test.of} test rows have a twin in train, no more than train rows have among themselves (${train.count} of ${train.of})`;
  return [{ name: NAME, kind: 'note', passed: true, detail, ...(revision !== undefined && { revision }) }];
}

/** With a score per test row the verdict can be told again without the rows that train holds too.
 *  @param twins for each variant by its name, whether a test row has a twin in what it or the baseline trained on */
function withoutTwins(request: CheckRequest, twins: ReadonlyMap<string, readonly boolean[]>): Check[] {
  const { registration, blocks } = request;
  const others = registration.variants.map((arm) => without(blocks, twins.get(arm.name) ?? [], registration.metric));
  if (others.every((other) => other === null)) return [];
  const all = verdicts(request, () => blocks);
  const rest = verdicts(request, (_, i) => others[i] ?? blocks);
  return registration.variants.flatMap((arm, i): Check[] => {
    if (all[i] === rest[i]) return [];
    const count = (twins.get(arm.name) ?? []).filter(Boolean).length;
    const detail = `without the ${count} test rows that have a twin in train it would be ${rest[i]}, not ${all[i]}`;
    return [{ name: NAME, kind: 'doubt', passed: false, detail, revision: arm.revision }];
  });
}

/** The blocks with the scores of the test rows that have no twin.
 *  @returns null where nothing is to be left out, too little would remain, or rows have no scores of their own */
function without(blocks: readonly Block[], twins: readonly boolean[], metric: string): readonly Block[] | null {
  const left = twins.filter((twin) => !twin).length;
  if (left === twins.length || left < LEAST_LEFT || left < twins.length / 2) return null;
  const scored = blocks.flatMap((block) => [...block.values()]);
  if (scored.length === 0 || scored.some(({ scores }) => scores?.examples?.length !== twins.length)) return null;
  return blocks.map((block): Block => new Map([...block].map(([name, one]) => [name, kept(one, twins, metric)])));
}

function kept(result: ArmResult, twins: readonly boolean[], metric: string): ArmResult {
  const { scores } = result;
  const left = <T>(list: readonly T[] | null | undefined) => list?.filter((_, row) => !twins[row]) ?? null;
  const examples = left(scores?.examples);
  if (scores === null || examples === null) return result;
  const groups = left(scores.groups);
  const units = groups === null ? examples : groupMeans(examples, groups);
  return {
    ...result,
    scores: { ...scores, metrics: { ...scores.metrics, [metric]: average(examples) }, examples, groups, units },
  };
}

function verdicts(
  { registration }: CheckRequest,
  blocksOf: (arm: Arm, i: number) => readonly Block[],
): (string | null)[] {
  const comparisons = registration.variants.map((arm, i) => compareBlocks(registration, blocksOf(arm, i), arm));
  const adjusted = adjustForTries(
    comparisons.map((one) => one?.pStar ?? 1),
    registration.tryNumber,
  );
  return comparisons.map((one, i) => (one === null ? null : statisticalVerdict(one, adjusted[i] ?? 1, registration)));
}
