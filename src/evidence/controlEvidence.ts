import type { Contract } from '../domain/contract.ts';
import type { Controls, Measurement } from '../domain/evidence.ts';
import type { ArmResult } from './armRuns.ts';
import type { Block } from './blocks.ts';
import { leadsOf, roundOf, secondOf } from './controls.ts';
import { runIdOf } from './register.ts';
import { ReportError } from './reportError.ts';
import { armResult, blocksOf, loadAttempts, loadEvidence, type RunEvidence, seedsOf } from './runEvidence.ts';
import { withTrivial } from './trivialCheck.ts';
import { trivialArm } from './trivialRuns.ts';

/** Runs that `--controls` made and a measurement names. */
export function controlRuns({ controls }: Pick<Measurement, 'controls'>): string[] {
  const rounds = (controls?.again ?? []).flatMap(({ runs }) => runs);
  return [...rounds, ...(controls?.labelShuffle?.arms ?? []).flatMap(({ runs }) => runs)];
}

/** Reads the records of these runs, and of `trivial`, where leads over it were told.
 *  @throws ReportError naming a run whose record is missing */
export async function loadControlEvidence(
  workspace: string,
  measurement: Measurement,
  contract: Pick<Contract, 'metrics'>,
): Promise<RunEvidence[]> {
  const { controls, registration } = measurement;
  const runs = controlRuns(measurement).map((id) => ({ id }));
  const own = await loadEvidence(workspace, { runs }, contract);
  if (!controls?.labelShuffle) return own;
  const { name } = trivialArm(registration);
  for (const seed of seedsOf(measurement)) {
    const attempts = await loadAttempts(workspace, (n) => runIdOf(registration.id, seed, name, n), contract);
    own.push(...attempts.slice(-1));
  }
  return own;
}

/** Holds what a measurement says of its controls against the records of their runs.
 *  @throws ReportError naming the first number that does not match, or a run whose record is missing */
export function assertControls(
  measurement: Measurement,
  evidence: readonly RunEvidence[],
  control: readonly RunEvidence[],
): void {
  const { controls, registration } = measurement;
  if (controls === undefined) return;
  if (control.length === 0 && controlRuns(measurement).length > 0) {
    throw new ReportError(
      `This report holds no records of its control runs, as none did at first, so what it says of them cannot be checked: write it again with \`mlr report ${measurement.session} --out DIR\` in its workspace.`,
    );
  }
  const byId = new Map(control.map((one) => [one.run.id, one]));
  const records = (ids: readonly string[]): RunEvidence[] =>
    ids.map((id) => {
      const found = byId.get(id);
      if (found === undefined) throw new ReportError(`The record of run ${id}, a control, is missing.`);
      return found;
    });
  for (const [i, round] of (controls.again ?? []).entries()) {
    const blocks = blocksAgain(measurement, round.seeds, records(round.runs));
    assertSame(`control/a-a/${i + 1}`, round, roundOf(registration, blocks, secondOf(registration)));
  }
  if (controls.labelShuffle === null) return;
  const found = leadsAgain(measurement, controls.labelShuffle, { evidence, control, records });
  assertSame('control/label-shuffle', controls.labelShuffle, found);
}

function blocksAgain({ registration }: Measurement, seeds: readonly number[], runs: readonly RunEvidence[]): Block[] {
  const arms = [registration.baseline, secondOf(registration)];
  return seeds.map((seed) => {
    const entries = runs.flatMap((one): [string, ArmResult][] => {
      const arm = arms.find(({ name }) => one.run.seed === seed && one.run.arm?.name === name);
      const result = arm === undefined ? null : armResult(arm, seed, [one]);
      return arm === undefined || result === null ? [] : [[arm.name, result]];
    });
    return new Map(entries);
  });
}

function leadsAgain(
  measurement: Measurement,
  recorded: NonNullable<Controls['labelShuffle']>,
  from: {
    evidence: readonly RunEvidence[];
    control: readonly RunEvidence[];
    records: (ids: readonly string[]) => RunEvidence[];
  },
): NonNullable<Controls['labelShuffle']> | null {
  const { registration } = measurement;
  const baseline = trivialArm(registration);
  const scored = from.control.filter(({ run }) => run.purpose === 'trivial');
  const trivial = scored.flatMap((one) => armResult(baseline, one.run.seed ?? 0, [one]) ?? []);
  const beside = withTrivial(registration, blocksOf(measurement, from.evidence), trivial);
  if (beside === null) return null;
  const arms = [registration.baseline, ...registration.variants].flatMap((arm) => {
    const runs = recorded.arms.find(({ revision }) => revision === arm.revision)?.runs;
    if (runs === undefined) return [];
    const results = from.records(runs).flatMap((one) => armResult(arm, one.run.seed ?? 0, [one]) ?? []);
    return [{ arm, results }];
  });
  return leadsOf(registration, { beside, trivial, arms });
}

/** Numbers to a rounding, everything else exactly. */
function assertSame(place: string, recorded: unknown, found: unknown): void {
  if (typeof recorded === 'object' && recorded !== null && typeof found === 'object' && found !== null) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(found)]);
    for (const key of keys) assertSame(`${place}/${key}`, Reflect.get(recorded, key), Reflect.get(found, key));
    return;
  }
  if (typeof recorded === 'number' && typeof found === 'number') {
    if (Math.abs(recorded - found) <= 1e-9 * Math.max(1, Math.abs(recorded), Math.abs(found))) return;
  } else if (recorded === found) return;
  throw new ReportError(
    `The number ${place} does not match its runs: it is recorded as ${recorded}, and they give ${found}.`,
  );
}
