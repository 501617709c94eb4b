import type { Arm, Check } from '../domain/evidence.ts';
import type { ArmResult } from './armRuns.ts';
import { type Block, compareBlocks } from './blocks.ts';
import { differenceOf, hiddenFrom, textOf } from './changedText.ts';
import { allArms, type CheckRequest, notRun } from './checkRequest.ts';
import { inputPaths, isWithin } from './contractPaths.ts';
import { rolesOf } from './dataRoles.ts';
import { type Overlap, overlapOf, testRowsIn } from './overlap.ts';
import { average } from './statistics.ts';
import { isTable, tableOf } from './table.ts';
import { fisherUpper } from './tailProbability.ts';
import { groupMeans } from './unitScores.ts';
import { adjustForTries, statisticalVerdict } from './verdict.ts';

const NAME = 'train-test-overlap';
/** Test rows in train beyond what train repeats by itself: so much more, and so surely. */
const LEAST_EXCESS = 0.005;
const LEAST_SURE = 1e-4;
/** Changed tables of one variant that are read. */
const MOST_FILES = 200;

/** Test rows are not trained on: neither in the training inputs, nor in files that a variant added. */
export async function checkOverlap(request: CheckRequest): Promise<Check[]> {
  const { registration, contract, arms } = request;
  const varies = contract.varies.length > 0;
  const found: Check[] = [];
  const baseline = await overlapIn(request, arms.evaluator);
  if (typeof baseline === 'string') return notRun(NAME, 'void', baseline);
  for (const arm of allArms(request)) {
    const isBaseline = arm.name === registration.baseline.name;
    const own = varies && !isBaseline ? await overlapIn(request, await arms.source(arm)) : baseline;
    if (typeof own === 'string') continue;
    const fault =
      (isBaseline || varies ? inTraining(own) : null) ?? (isBaseline ? null : await inAddedFiles(request, arm, own));
    if (fault !== null) found.push({ name: NAME, kind: 'void', passed: false, detail: fault, revision: arm.revision });
  }
  if (found.length > 0) return found;
  const { test, train, near, columns } = baseline;
  const detail = `${test.count} of ${test.of} test rows have a twin in train, ${train.count} of ${train.of} train rows one elsewhere in train, by ${columns.join(', ')}${near ? '' : ' (equal ones; the files are too large to look for similar texts)'}`;
  return [{ name: NAME, kind: 'void', passed: true, detail }, ...counted(baseline), ...withoutTwins(request, baseline)];
}

async function overlapIn(request: CheckRequest, source: string): Promise<Overlap | string> {
  const roles = await rolesOf(request, source);
  if (roles.train.length === 0 || roles.test.length === 0) {
    return 'no training and test inputs are known that can be read as tables: name them under `train` and `test`';
  }
  const overlap = await overlapOf(roles, request.contract.labels?.column);
  if (overlap === null) return 'train and test have no column in common but ids';
  return overlap.test.of === 0 || overlap.train.of === 0 ? 'train or test has no rows' : overlap;
}

function inTraining({ test, train }: Overlap): string | null {
  if (test.count / test.of - train.count / train.of <= LEAST_EXCESS) return null;
  if (fisherUpper(test, train) > LEAST_SURE) return null;
  return `${test.count} of ${test.of} test rows have a twin in train, where ${train.count} of ${train.of} train rows have one: a split made after copying rows, or test rows that are trained on`;
}

async function inAddedFiles(request: CheckRequest, arm: Arm, overlap: Overlap): Promise<string | null> {
  const { repository, registration, contract } = request;
  const { changed, before } = await differenceOf(
    repository,
    registration.baseline.tree,
    arm.tree,
    hiddenFrom(contract, repository),
  );
  const inputs = inputPaths(contract).map((path) => [repository.folder, path].filter(Boolean).join('/'));
  const tables = changed.filter(({ path }) => isTable(path) && !inputs.some((input) => isWithin(path, input)));
  for (const file of tables.slice(0, MOST_FILES)) {
    const old = before.find(({ path }) => path === file.path);
    const count = async (one: typeof file): Promise<number> => {
      const text = await textOf(repository, one);
      const table = text && (await tableOf(one.path, text.lines.join('\n')));
      return table === null ? 0 : await testRowsIn(table, overlap);
    };
    const rows = (await count(file)) - (old === undefined ? 0 : await count(old));
    if (rows >= 10 || rows >= Math.max(2, 0.01 * overlap.test.of)) {
      return `${file.path} was added and holds ${rows} of ${overlap.test.of} test rows that train does not: more data that overlaps by accident, or test rows to train on`;
    }
  }
  return null;
}

/** Twins that are no more than what train repeats by itself: counted, and no fault. */
function counted({ test, train }: Overlap): Check[] {
  if (test.count === 0) return [];
  const detail = `repeated rows, or rows copied before the split: ${test.count} of ${test.of} test rows have a twin in train, no more than train rows have among themselves (${train.count} of ${train.of})`;
  return [{ name: NAME, kind: 'note', passed: true, detail }];
}

/** With a score per test row the verdict can be told again without the rows that train holds too. */
function withoutTwins(request: CheckRequest, { twins }: Overlap): Check[] {
  const { registration, blocks } = request;
  const left = twins.filter((twin) => !twin).length;
  if (left === twins.length || left < 30 || left < twins.length / 2) return [];
  const scored = blocks.flatMap((block) => [...block.values()]);
  if (scored.length === 0 || scored.some(({ scores }) => scores?.examples?.length !== twins.length)) return [];
  const without = blocks.map((block): Block => new Map([...block].map(([name, one]) => [name, kept(one)])));
  const [all, rest] = [verdicts(request, blocks), verdicts(request, without)];
  return registration.variants.flatMap((arm, i): Check[] => {
    if (all[i] === rest[i]) return [];
    const detail = `without the ${twins.length - left} test rows that have a twin in train it would be ${rest[i]}, not ${all[i]}`;
    return [{ name: NAME, kind: 'doubt', passed: false, detail, revision: arm.revision }];
  });

  function kept(result: ArmResult): ArmResult {
    const { scores } = result;
    const left = <T>(list: readonly T[] | null | undefined) => list?.filter((_, row) => !twins[row]) ?? null;
    const examples = left(scores?.examples);
    if (scores === null || examples === null) return result;
    const groups = left(scores.groups);
    const units = groups === null ? examples : groupMeans(examples, groups);
    const metrics = { ...scores.metrics, [registration.metric]: average(examples) };
    return { ...result, scores: { ...scores, metrics, examples, groups, units } };
  }
}

function verdicts({ registration }: CheckRequest, blocks: readonly Block[]): (string | null)[] {
  const comparisons = registration.variants.map((arm) => compareBlocks(registration, blocks, arm));
  const adjusted = adjustForTries(
    comparisons.map((one) => one?.pStar ?? 1),
    registration.tryNumber,
  );
  return comparisons.map((one, i) => (one === null ? null : statisticalVerdict(one, adjusted[i] ?? 1, registration)));
}
