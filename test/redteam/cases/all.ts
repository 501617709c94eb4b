import type { RedteamCase } from '../types.ts';
import { budgetCases } from './budgets.ts';
import { contractCases } from './contracts.ts';
import { copiedLabelsCases } from './copiedLabels.ts';
import { evaluatorCases } from './evaluator.ts';
import { honestLayoutCases } from './honestLayouts.ts';
import { honestLearningCases } from './honestLearning.ts';
import { honestShapeCases } from './honestShapes.ts';
import { outputCases } from './outputs.ts';
import { peekingCases } from './peeking.ts';
import { refusedCases } from './refused.ts';
import { seedCases } from './seeds.ts';
import { trainingDataCases } from './trainingData.ts';

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
];
