import type { Arm, Check, Registration } from '../domain/evidence.ts';
import type { ArmResult } from './armRuns.ts';
import { type Block, compareBlocks, seedOf } from './blocks.ts';
import { type CheckRequest, notRun, perArm, resultsOf } from './checkRequest.ts';
import { figure } from './figures.ts';
import { outputOf, readPredictions } from './predictions.ts';
import { isTable } from './table.ts';
import { trivialArm } from './trivialRuns.ts';

const NAME = 'beats-trivial';

/** A gain is worth something only of a variant that beats a prediction which needs no learning. */
export async function checkTrivial(request: CheckRequest): Promise<Check[]> {
  const { registration, trivial } = request;
  const constant = new Set<string>();
  for (const arm of registration.variants) if (await isConstantArm(request, arm)) constant.add(arm.name);
  const broken = trivial?.find(({ failure }) => failure !== null);
  const blocks = withTrivial(registration, request.blocks, trivial);
  const fault = (arm: Arm): string | null => {
    if (constant.has(arm.name))
      return 'it predicts the same for every row, whatever the seed: a rare class, or nothing learned';
    return blocks === null ? null : notBetter(request, blocks, arm);
  };
  const found = perArm(NAME, 'doubt', registration.variants, { fault, fine: 'every variant beats `trivial`' });
  const failed = found.some(({ passed }) => passed === false);
  if (broken)
    return [...(failed ? found : []), ...notRun(NAME, 'doubt', `\`trivial\` gave no score: ${broken.failure}`)];
  if (blocks === null) return failed ? found : notRun(NAME, 'doubt', whyNot(request));
  const weak = notBetter(request, blocks, registration.baseline);
  if (weak === null) return found;
  const detail = `the baseline is no better than \`trivial\`: a gain over it says little (${weak})`;
  return [...found, { name: NAME, kind: 'note', passed: false, detail, revision: registration.baseline.revision }];
}

function whyNot({ contract, stopped }: CheckRequest): string {
  if (contract.trivial === undefined) return 'the contract names no `trivial`';
  return stopped
    ? 'the measurement was stopped, as no result could have supported'
    : 'too few seeds were scored to tell';
}

/** Whether an arm beats `trivial`, p* at most alpha without adjustment.
 *  @param blocks with the trivial prediction's score beside the arms' */
export function isBetterThanTrivial(registration: Registration, blocks: readonly Block[], arm: Arm): boolean {
  return notBetter({ registration }, blocks, arm) === null;
}

/** null where the arm is better, p* at most alpha without adjustment, or where seeds tell nothing of it. */
function notBetter(
  { registration }: Pick<CheckRequest, 'registration'>,
  blocks: readonly Block[],
  arm: Arm,
): string | null {
  const against = { ...registration, baseline: trivialArm(registration), minimumEffect: 0 };
  const comparison = compareBlocks(against, blocks, arm);
  if (comparison === null || comparison.pStar <= registration.alpha + 1e-12) return null;
  if (comparison.unit === 'none' && comparison.mean > 0) return null;
  return `${figure(comparison.mean)} ${registration.metric} against \`trivial\`, p* = ${figure(comparison.pStar)}`;
}

/** Every block with the trivial prediction's score beside the arms'; null where there is none, or where it failed. */
export function withTrivial(
  registration: Registration,
  blocks: readonly Block[],
  trivial: readonly ArmResult[] | null,
): Block[] | null {
  if (trivial === null || trivial.some(({ failure }) => failure !== null)) return null;
  const { name } = trivialArm(registration);
  const [only] = trivial;
  return blocks.map((block) => {
    const result = trivial.find(({ seed }) => seed === seedOf(block)) ?? only;
    return result === undefined ? block : new Map([...block, [name, result]]);
  });
}

/** Whether every finished run of an arm wrote one and the same prediction for all rows. */
async function isConstantArm(request: CheckRequest, arm: Arm): Promise<boolean> {
  const { predictions } = request.contract;
  if (predictions === undefined || !isTable(predictions.file)) return false;
  const runs = resultsOf(request, arm).flatMap(({ runs: own }) => own.slice(-1));
  if (runs.length === 0) return false;
  for (const run of runs) {
    const said = await readPredictions(outputOf(request.workspace, run, predictions.file), predictions.id);
    if (said === null || !said.constant) return false;
  }
  return true;
}
