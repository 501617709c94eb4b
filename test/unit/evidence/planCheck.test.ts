import { describe, expect, it } from 'vitest';
import { missingFromPlan } from '../../../src/evidence/planCheck.ts';

const measured = { variants: 1, metrics: ['accuracy'], files: ['train.py', 'data/train.csv', 'data/images/a.npy'] };
const missing = (...plan: string[]): string[] => missingFromPlan(plan, measured);

describe('what a plan names and no run did', () => {
  it('is nothing for a plan that speaks of the code, the data and the metric that there are', () => {
    expect(
      missing(
        'train.py, main(): read data/train.csv (not data/images) and average the weights.',
        'Compare accuracy over ten seeds; the precision of the floats and the two passes stay as they are.',
      ),
    ).toEqual([]);
  });

  it('is a data set that no arm has', () => {
    expect(missing('Test on data/mnist and on rotated.parquet too; train.csv stays.')).toEqual([
      'the data rotated.parquet, which no arm has',
      'the data data/mnist, which no arm has',
    ]);
  });

  it('is a metric that the contract does not have, under any of its usual names', () => {
    expect(missing('Report accuracy and macro-F1.')).toEqual(['the metric f1, where mlr.yaml has accuracy']);
    expect(missingFromPlan(['Report macro-F1.'], { ...measured, metrics: ['f1_macro'] })).toEqual([]);
    expect(missingFromPlan(['The AUROC decides.'], { ...measured, metrics: ['roc_auc'] })).toEqual([]);
  });

  it('is an arm that was promised', () => {
    expect(missing('Run an ablation without the momentum.')).toEqual(['an ablation, where one variant ran']);
    expect(missing('Compare three variants.')).toEqual(['three variants, of which 1 ran']);
    expect(missing('Compare 2 arms.')).toEqual([]);
    expect(missingFromPlan(['Ablate it.', 'Compare two variants.'], { ...measured, variants: 2 })).toEqual([]);
  });
});
