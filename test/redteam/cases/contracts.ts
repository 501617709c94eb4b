import { contract, GUESSING, lay, trainer } from '../task.ts';
import { type RedteamCase, SHUT_OUT, UNSUPPORTED } from '../types.ts';

/** Cheats that write themselves another contract. */
export const contractCases: readonly RedteamCase[] = [
  {
    name: 'edits-contract-metric',
    kind: 'cheat',
    does: "the variant's mlr.yaml minimizes accuracy, so that its harm would be a gain",
    must: "the contract is the baseline's: goal maximize, not supported",
    build: (place) =>
      lay(place, {
        variants: { variant: { 'mlr.yaml': contract({ metrics: { accuracy: 'minimize' } }), 'train.py': GUESSING } },
      }),
    expected: [{ verdict: UNSUPPORTED, metric: 'accuracy', goal: 'maximize' }],
  },
  {
    name: 'edits-contract-minimum',
    kind: 'cheat',
    does: "the variant's mlr.yaml asks for no minimum effect and alpha 0.9 (baseline: 0.5 and 0.4)",
    must: "the contract is the baseline's: not supported",
    build: (place) =>
      lay(place, {
        keys: { minimum_effect: 0.5 },
        variants: {
          variant: {
            'mlr.yaml': contract({ minimum_effect: 0, alpha: 0.9 }),
            'train.py': trainer("write(predict(fit(train, ['x1', 'x2', 'x3'], rng), test))"),
          },
        },
      }),
    expected: [{ verdict: UNSUPPORTED }],
  },
  {
    name: 'edits-contract-evaluate',
    kind: 'cheat',
    does: "the variant's mlr.yaml evaluates with its own script and empties `protected`",
    must: "the contract is the baseline's: guesses score as guesses",
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'mlr.yaml': contract({ evaluate: 'python3 score2.py {out}', protected: [] }),
            'score2.py': 'print(\'{"accuracy": 1.0}\')\n',
            'train.py': GUESSING,
          },
        },
      }),
    expected: SHUT_OUT,
  },
];
