import { createHash, randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Contract, primaryMetric } from '../domain/contract.ts';
import type { Arm, Registration } from '../domain/evidence.ts';
import { runFolder } from '../runs/runFolder.ts';
import { EvidenceError } from './evidenceError.ts';
import { detectableEffect, leastSeeds, share } from './sizes.ts';

export interface RegistrationRequest {
  readonly workspace: string;
  readonly contract: Contract;
  readonly hypothesis: string;
  readonly baseline: Arm;
  readonly variants: readonly Arm[];
  /** Whether the locked test set is scored: a family of its own. */
  readonly final?: boolean;
  /** Whether an agent wrote a variant: its seeds are drawn even where the contract lists some. */
  readonly agentWritten: boolean;
  /** Every earlier registration of this workspace, across sessions. */
  readonly earlier: readonly Registration[];
  /** Ids of those that are being measured at this moment: they count as tries before they have a score. */
  readonly live?: ReadonlySet<string>;
  /** Seeds that were used here besides: of baselines that were run alone. */
  readonly used?: readonly number[];
  /** Whether controls are run besides. */
  readonly controls?: boolean;
  /** SHA-256 by path of hidden and protected files. */
  readonly testSet: Readonly<Record<string, string | null>>;
}

/** Seeds are below this: every library takes 31 bits. */
const SEED_LIMIT = 2 ** 31 - 1;

/** Fixes everything before the first run (trust.md 1, 2): seeds from the system's randomness, never used before here.
 *  @throws EvidenceError `arm` where a variant is the baseline, or two arms are one */
export function register(request: RegistrationRequest): Registration {
  const { contract, baseline, variants, earlier } = request;
  refuseEqualArms([baseline, ...variants]);
  const metric = primaryMetric(contract);
  const family = familyOf(request.testSet, metric.name, baseline.tree, request.final);
  const tries = earlier.filter(
    (one) => one.family === family && (request.live?.has(one.id) || countsAsTry(request.workspace, one)),
  );
  const tryNumber = 1 + tries.length;
  // One that is being measured at this moment is not whole yet, and which of its blocks count would depend on the clock.
  const whole = tries.filter((one) => hasSameArms(one, request) && !request.live?.has(one.id));
  const pooled = whole.map(({ id, seeds }) => ({ id, seeds }));
  const listed = Array.isArray(contract.seeds) && !request.agentWritten ? contract.seeds : null;
  const count = Array.isArray(contract.seeds) ? contract.seeds.length : contract.seeds;
  const used = new Set([...earlier.flatMap(seedsUsedBy), ...(request.used ?? [])]);
  const seeds = listed ?? drawSeeds(count, used);
  const controls = request.controls ? controlSeeds(seeds, contract.alpha, used) : null;
  const orderSeed = randomBytes(16).toString('hex');
  const names = [baseline, ...variants].map((arm) => arm.name);
  return {
    id: `m${randomBytes(6).toString('hex')}`,
    hypothesis: request.hypothesis,
    metric: metric.name,
    goal: metric.goal,
    baseline,
    variants: [...variants],
    seeds,
    seedsFrom: listed === null ? 'drawn' : 'known beforehand',
    orderSeed,
    order: seeds.map((_, block) => shuffled(names, `${orderSeed}:${block}`)),
    minimumEffect: contract.minimum_effect,
    alpha: contract.alpha,
    budget: { wallSeconds: contract.budget.wall, memoryBytes: contract.budget.memory },
    accepted: contract.accept,
    family,
    ...(request.final && { final: true }),
    ...(pooled.length > 0 && { pooled }),
    ...(controls && { controls }),
    tryNumber,
    leastSeeds: leastSeeds(variants.length, tryNumber, contract.alpha),
    detectableEffect: detectableEffect(
      seeds.length + pooled.flatMap((one) => one.seeds).length,
      (contract.alpha * share(tryNumber)) / variants.length,
    ),
  };
}

/** Permutations of the training labels that an arm is trained on. */
const PERMUTATIONS = 5;
/** Pairs of the baseline with itself: as many as the comparison has, up to so many. */
const MOST_AGAIN = 10;

/** Fresh seeds for controls; the baseline against itself has enough of them for its p to be able to reach alpha. */
function controlSeeds(
  seeds: readonly number[],
  alpha: number,
  used: ReadonlySet<number>,
): NonNullable<Registration['controls']> {
  const pairs = Math.max(Math.ceil(Math.log2(1 / alpha)), Math.min(MOST_AGAIN, seeds.length));
  const drawn = drawSeeds(PERMUTATIONS + 2 * pairs, new Set([...used, ...seeds]));
  const rounds = drawn.slice(PERMUTATIONS);
  return { shuffle: drawn.slice(0, PERMUTATIONS), again: [rounds.slice(0, pairs), rounds.slice(pairs)] };
}

function seedsUsedBy({ seeds, controls }: Registration): number[] {
  return [...seeds, ...(controls ? [...controls.shuffle, ...controls.again.flat()] : [])];
}

/** Whether a registration is of the same files and arguments under the same names: its blocks may be pooled. */
function hasSameArms(one: Registration, { baseline, variants }: RegistrationRequest): boolean {
  const sides = (arms: readonly Arm[]): string =>
    JSON.stringify(arms.map(({ name, tree, args }) => [name, tree, args]));
  return sides([one.baseline, ...one.variants]) === sides([baseline, ...variants]);
}

/** Claims that share alpha: the same test set, primary metric and baseline tree (trust.md 5). */
export function familyOf(
  testSet: Readonly<Record<string, string | null>>,
  metric: string,
  baselineTree: string,
  final = false,
): string {
  return createHash('sha256')
    .update(JSON.stringify([testSet, metric, baselineTree, ...(final ? ['final'] : [])]))
    .digest('hex');
}

/** The id of an arm's run: derived, so that a resumed measurement walks the same list.
 *  @param attempt 2 for the one repetition of a run that was stopped or lost with its host */
export function runIdOf(registration: string, seed: number, arm: string, attempt = 1): string {
  const name = arm.replace(/[^A-Za-z0-9._-]+/g, '-');
  return `${registration}-${seed}-${name}${attempt > 1 ? `-${attempt}` : ''}`;
}

/** Random seeds from the operating system, none twice and none of `used`. */
export function drawSeeds(count: number, used: ReadonlySet<number>): number[] {
  const seeds = new Set<number>();
  while (seeds.size < count) {
    const seed = randomInt(SEED_LIMIT);
    if (!used.has(seed)) seeds.add(seed);
  }
  return [...seeds];
}

/** A Fisher-Yates shuffle by SHA-256 of the key and a counter: anybody can repeat it. */
export function shuffled(names: readonly string[], key: string): string[] {
  const order = [...names];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = createHash('sha256').update(`${key}:${i}`).digest().readUIntBE(0, 6) % (i + 1);
    const [a, b] = [order[i], order[j]];
    if (a === undefined || b === undefined) throw new RangeError('A shuffle left its list.');
    order[i] = b;
    order[j] = a;
  }
  return order;
}

/** A try counts once a test score of its variant was computed; one whose runs are no longer there counts as well. */
function countsAsTry(workspace: string, { id, seeds, baseline, variants }: Registration): boolean {
  const has = (run: string): boolean => existsSync(runFolder(workspace, run));
  const ids = (arms: readonly Arm[]): string[] =>
    arms.flatMap((arm) => seeds.map((seed) => runIdOf(id, seed, arm.name)));
  const scored = variants.some((arm) => seeds.some((seed) => hasScore(workspace, id, seed, arm.name)));
  return scored || !ids([baseline, ...variants]).some(has);
}

/** A run that was stopped or lost is scored under the id of its repetition. */
function hasScore(workspace: string, registration: string, seed: number, arm: string): boolean {
  for (let attempt = 1; ; attempt += 1) {
    const run = runIdOf(registration, seed, arm, attempt);
    if (existsSync(runFolder(workspace, `${run}-evaluate`))) return true;
    if (!existsSync(runFolder(workspace, run))) return false;
  }
}

function sameArgs(a: Arm, b: Arm): boolean {
  return JSON.stringify(a.args ?? []) === JSON.stringify(b.args ?? []);
}

/** @throws EvidenceError `arm` where two arms hold the same files, or have one name */
export function refuseEqualArms(arms: readonly Arm[]): void {
  for (const [i, arm] of arms.entries()) {
    const twin = arms.slice(0, i).find((other) => other.tree === arm.tree && sameArgs(other, arm));
    if (twin && arm.args !== undefined) {
      throw new EvidenceError(
        'arm',
        `Arms "${twin.name}" and "${arm.name}" have the same arguments: nothing to compare.`,
      );
    }
    if (twin) {
      throw new EvidenceError(
        'arm',
        `${arm.revision} holds the same files as ${twin.revision}: there is nothing to compare.`,
      );
    }
    if (arms.slice(0, i).some((other) => other.name === arm.name)) {
      throw new EvidenceError('arm', `Two arms are named "${arm.name}"; every arm needs a name of its own.`);
    }
  }
}
