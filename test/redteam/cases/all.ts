import type { RedteamCase } from '../types.ts';
import { acceptingCases } from './accepting.ts';
import { armCases } from './arms.ts';
import { arrayTwinCases } from './arrayTwins.ts';
import { arrayVariesCases } from './arrayVaries.ts';
import { budgetCases } from './budgets.ts';
import { contractCases } from './contracts.ts';
import { controlCases } from './controls.ts';
import { copiedLabelsCases } from './copiedLabels.ts';
import { evaluatorCases } from './evaluator.ts';
import { finalSetCases } from './finalSet.ts';
import { furtherCheatCases } from './furtherCheats.ts';
import { furtherHonestCases } from './furtherHonest.ts';
import { hiddenRouteCases } from './hiddenRoutes.ts';
import { honestFormatCases } from './honestFormats.ts';
import { honestHabitCases } from './honestHabits.ts';
import { honestLayoutCases } from './honestLayouts.ts';
import { honestLearningCases } from './honestLearning.ts';
import { honestShapeCases } from './honestShapes.ts';
import { isolationCases } from './isolation.ts';
import { jackknifeCases } from './jackknife.ts';
import { limitCases } from './limits.ts';
import { metricValueCases } from './metricValues.ts';
import { outputCases } from './outputs.ts';
import { peekingCases } from './peeking.ts';
import { refusedCases } from './refused.ts';
import { seedCases } from './seeds.ts';
import { statisticsCases } from './statistics.ts';
import { tamperingCases } from './tampering.ts';
import { trainingDataCases } from './trainingData.ts';
import { tryCases } from './tries.ts';
import { twinCases } from './twins.ts';

/** Every case, family after family. */
export const redteamCases: readonly RedteamCase[] = [
  ...evaluatorCases,
  ...contractCases,
  ...peekingCases,
  ...copiedLabelsCases,
  ...trainingDataCases,
  ...seedCases,
  ...outputCases,
  ...budgetCases,
  ...refusedCases,
  ...honestLearningCases,
  ...honestShapeCases,
  ...honestLayoutCases,
  ...acceptingCases,
  ...armCases,
  ...controlCases,
  ...finalSetCases,
  ...hiddenRouteCases,
  ...honestFormatCases,
  ...honestHabitCases,
  ...isolationCases,
  ...jackknifeCases,
  ...limitCases,
  ...statisticsCases,
  ...metricValueCases,
  ...tamperingCases,
  ...tryCases,
  ...twinCases,
  ...arrayTwinCases,
  ...arrayVariesCases,
  ...furtherCheatCases,
  ...furtherHonestCases,
];
