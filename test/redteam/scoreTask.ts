import type { Place } from './place.ts';
import { type ContractKeys, lay } from './task.ts';

/** Says again what a run wrote: the arms decide every score, so that a case decides every difference. */
const RESULT_EVALUATE = `import json, sys

print(json.dumps(json.load(open(sys.argv[1] + '/result.json'))))
`;

/** train.py that writes the score of its seed: the first value for seed 1, and so on; a text is written as it is. */
export function scoring(values: readonly (number | string)[]): string {
  return results(values.map((value) => `{"score": ${value}}`));
}

/** train.py that writes this text as result.json, the first for seed 1. */
export function results(texts: readonly string[]): string {
  return `import argparse, os

parser = argparse.ArgumentParser()
parser.add_argument('--seed', type=int)
parser.add_argument('--out')
args = parser.parse_args()
RESULTS = ${JSON.stringify(texts, null, 1)}
os.makedirs(args.out, exist_ok=True)
with open(os.path.join(args.out, 'result.json'), 'w') as file:
    file.write(RESULTS[args.seed - 1])
`;
}

export interface ScoredArms {
  readonly baseline: string;
  readonly variant: string;
  readonly evaluate?: string;
}

/** A workspace whose seeds are 1 to `count` and whose arms are these two scripts. */
export function layScores(place: Place, count: number, arms: ScoredArms, keys: ContractKeys = {}): void {
  lay(place, {
    keys: {
      metrics: { score: 'maximize' },
      seeds: Array.from({ length: count }, (_, index) => index + 1),
      alpha: 0.05,
      predictions: undefined,
      ...keys,
    },
    files: { 'train.py': arms.baseline, 'evaluate.py': arms.evaluate ?? RESULT_EVALUATE },
    variants: { variant: { 'train.py': arms.variant } },
  });
}
