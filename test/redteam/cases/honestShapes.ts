import { twoClasses } from '../rows.ts';
import { EVALUATE, FIVE_SEEDS, HEAD, LOAD, lay, PLAIN_EVALUATE, STRONG, trainer, WEAK } from '../task.ts';
import type { RedteamCase } from '../types.ts';

const SUPPORTED = [{ verdict: ['supported'], noVoid: true }] as const;
const NOT_INVALID = [{ verdict: ['supported', 'inconclusive'], noVoid: true }] as const;
const still = (text: string): string => text.replace('random.Random(args.seed)', 'random.Random(1)');
const DETERMINISTIC = { accept: { 'seed-effect': 'deterministic learner' } };

/** Honest work whose seeds, examples or outputs have another shape than usual. */
export const honestShapeCases: readonly RedteamCase[] = [
  {
    name: 'deterministic-arms-with-examples',
    kind: 'honest',
    does: 'neither arm depends on the seed; evaluate prints examples; the doubt is accepted in the contract',
    must: 'supported over examples',
    build: (place) =>
      lay(place, {
        keys: DETERMINISTIC,
        files: { 'train.py': still(WEAK) },
        variants: { variant: { 'train.py': still(STRONG) } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'deterministic-arms-not-accepted',
    kind: 'honest',
    does: 'the same without the accepted doubt',
    must: 'inconclusive by seed-effect (doubt), not invalid',
    build: (place) =>
      lay(place, { files: { 'train.py': still(WEAK) }, variants: { variant: { 'train.py': still(STRONG) } } }),
    expected: [{ verdict: ['inconclusive'], failed: ['seed-effect:doubt'], noVoid: true }],
  },
  {
    name: 'deterministic-variant-accepted',
    kind: 'honest',
    does: 'a closed-form learner against a random one, the doubt accepted in the contract',
    must: 'supported',
    build: (place) => lay(place, { keys: DETERMINISTIC, variants: { variant: { 'train.py': still(STRONG) } } }),
    expected: SUPPORTED,
  },
  {
    name: 'evaluator-without-ids',
    kind: 'honest',
    does: 'no ids, no `predictions` key, no examples: answers in row order',
    must: 'supported; coverage is not run',
    build: (place) => {
      const table = twoClasses();
      const bare = (text: string): string => text.replaceAll(/^[^,\n]*,/gm, '');
      const rowwise = (text: string): string =>
        text
          .replace('parser.parse_args()\n', 'parser.parse_args()\n')
          .replace('for row in test:\n', 'for index, row in enumerate(test):\n')
          .replace("answers[row['id']]", 'answers[index]')
          .replace('writer.writerows(answers.items())', 'writer.writerows([value] for value in answers.values())')
          .replace("['id', 'label']", "['label']");
      lay(place, {
        keys: { ...FIVE_SEEDS, predictions: undefined },
        files: {
          'data/train.csv': bare(table.train),
          'data/test.csv': bare(table.test),
          'data/test_labels.csv': bare(table.labels),
          'train.py': rowwise(WEAK),
          'evaluate.py': PLAIN_EVALUATE.replace(
            /predicted = .*\nexamples = .*/,
            `predicted = rows(sys.argv[1] + '/predictions.csv')
examples = [1.0 if left['label'] == right['label'] else 0.0 for left, right in zip(predicted, labels, strict=True)]`,
          ),
        },
        variants: { variant: { 'train.py': rowwise(STRONG) } },
      });
    },
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['coverage'] }],
  },
  {
    name: 'checkpoint-beside-predictions',
    kind: 'honest',
    does: 'both arms keep model.pkl in out/ beside predictions.csv, which alone is evaluated',
    must: 'not invalid: a checkpoint is no prediction',
    build: (place) => {
      const save = "import pickle\npickle.dump({'seed': args.seed}, open(os.path.join(args.out, 'model.pkl'), 'wb'))\n";
      lay(place, { files: { 'train.py': WEAK + save }, variants: { variant: { 'train.py': STRONG + save } } });
    },
    expected: NOT_INVALID,
  },
  {
    name: 'examples-that-do-not-fit',
    kind: 'honest',
    does: 'evaluate prints examples whose mean is not the metric',
    must: 'not invalid: the list is named and not used',
    build: (place) =>
      lay(place, {
        // Without examples the seeds alone carry the variance, and two tell little of it.
        keys: { seeds: 6, alpha: 0.4 },
        files: { 'evaluate.py': EVALUATE.replace("'examples': examples", "'examples': [0.5 * x for x in examples]") },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'parallel-workers',
    kind: 'honest',
    does: 'both arms train with a pool of two processes',
    must: 'supported: confinement does not break multiprocessing',
    build: (place) => {
      const pool = (features: string): string =>
        `${HEAD}import multiprocessing
${LOAD}

def one(seed):
    return predict(fit(train, ${features}, random.Random(seed)), test)


with multiprocessing.get_context('fork').Pool(2) as workers:
    left, right = workers.map(one, [args.seed, args.seed + 1])
write({key: left[key] if rng.random() < 0.5 else right[key] for key in left})
`;
      lay(place, {
        files: { 'train.py': pool("['x1']") },
        variants: { variant: { 'train.py': pool("['x1', 'x2', 'x3', 'x4']") } },
      });
    },
    expected: SUPPORTED,
  },
  {
    name: 'no-examples',
    kind: 'honest',
    does: 'evaluate prints the mean only',
    must: 'supported over seeds',
    build: (place) =>
      lay(place, {
        keys: FIVE_SEEDS,
        files: { 'evaluate.py': PLAIN_EVALUATE },
        variants: {
          variant: { 'train.py': trainer("write(predict(fit(train, ['x1', 'x2', 'x3'], rng, take=60), test))") },
        },
      }),
    expected: SUPPORTED,
  },
];
