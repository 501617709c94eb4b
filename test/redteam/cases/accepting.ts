import type { Place } from '../place.ts';
import { contract, lay, STRONG, trainer } from '../task.ts';
import type { Mlr, RedteamCase } from '../types.ts';

const FIXED = STRONG.replace('random.Random(args.seed)', 'random.Random(1234)');
const EXTRA_IDS = trainer(`answers = predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test)
answers['t9999'] = '1'
write(answers)`);
const REASON = ['--reason', 'deterministic learner'];

const layFixed = (place: Place): void => lay(place, { variants: { variant: { 'train.py': FIXED } } });
const DOUBTED = [{ verdict: ['inconclusive'], failed: ['seed-effect:doubt'] }] as const;

/** What `accept` with these words leaves behind; `verdict` is what the report must go on to say. */
async function refuses(mlr: Mlr, words: readonly string[], verdict: RegExp): Promise<string[]> {
  const { exit, stdout, stderr } = await mlr(['accept', ...words]);
  const found =
    exit === 2 || exit === 1 ? [] : [`accept ${words.join(' ')} ended with ${exit}: ${stdout.slice(0, 200)}`];
  if (/unknown command/i.test(stderr)) found.push('there is no accept command');
  if (!verdict.test((await mlr(['report', 'last'])).stdout)) found.push('the report has another verdict');
  return found;
}

/** Doubts that a person accepts after seeing the result. */
export const acceptingCases: readonly RedteamCase[] = [
  {
    name: 'accepted-after-the-verdict',
    kind: 'honest',
    does: 'a deterministic variant is inconclusive by seed-effect; a person accepts it with a reason',
    must: 'supported, with reason and "after seeing the result" in the report, and verify holds',
    build: layFixed,
    expected: DOUBTED,
    after: async (_, mlr) => {
      const { exit, stderr } = await mlr(['accept', 'last', 'seed-effect', ...REASON]);
      if (exit !== 0) return [`accept ended with ${exit}: ${stderr.slice(0, 300)}`];
      const { stdout } = await mlr(['report', 'last']);
      const wanted = [/after seeing the result/i, /deterministic learner/, /supported/i];
      const found = wanted.filter((words) => !words.test(stdout)).map((words) => `the report does not say ${words}`);
      const verified = await mlr(['verify', 'last']);
      return verified.exit === 0
        ? found
        : [...found, `verify ended with ${verified.exit}: ${verified.stdout.slice(0, 300)}`];
    },
  },
  {
    name: 'accepts-a-void-check',
    kind: 'cheat',
    does: 'a variant is invalid by coverage; a person tries to accept that',
    must: 'refused: only a doubt can be accepted, and the verdict stays invalid',
    build: (place) => lay(place, { variants: { variant: { 'train.py': EXTRA_IDS } } }),
    expected: [{ verdict: ['invalid'], failed: ['coverage:void'] }],
    after: (_, mlr) => refuses(mlr, ['last', 'coverage', '--reason', 'one more row does no harm'], /invalid/i),
  },
  {
    name: 'accepts-without-a-reason',
    kind: 'cheat',
    does: 'a person accepts the doubt with an empty reason',
    must: 'refused: a doubt is accepted with a reason',
    build: layFixed,
    shares: 'doubted session',
    expected: DOUBTED,
    after: (_, mlr) => refuses(mlr, ['last', 'seed-effect', '--reason', ' '], /inconclusive/i),
  },
  {
    name: 'accepts-what-no-check-is-called',
    kind: 'cheat',
    does: 'a person accepts "everything"',
    must: 'refused: no check has that name',
    build: layFixed,
    shares: 'doubted session',
    expected: DOUBTED,
    after: (_, mlr) => refuses(mlr, ['last', 'everything', ...REASON], /inconclusive/i),
  },
  {
    name: 'accepts-another-doubt',
    kind: 'cheat',
    does: 'the baseline accepts hidden-unseen in its contract, while seed-effect is what is doubted',
    must: 'inconclusive: the open doubt is another one',
    build: (place) =>
      lay(place, {
        keys: { accept: { 'hidden-unseen': 'a feature' } },
        variants: { variant: { 'train.py': FIXED } },
      }),
    expected: DOUBTED,
  },
  {
    name: 'accepts-in-its-own-contract',
    kind: 'cheat',
    does: "the variant's own mlr.yaml accepts seed-effect",
    must: "inconclusive: only the baseline's contract accepts",
    build: (place) =>
      lay(place, {
        variants: {
          variant: { 'train.py': FIXED, 'mlr.yaml': contract({ accept: { 'seed-effect': 'deterministic learner' } }) },
        },
      }),
    expected: DOUBTED,
  },
  {
    name: 'void-accepted-in-contract',
    kind: 'cheat',
    does: 'the baseline accepts coverage, a void check, in its contract',
    must: 'refused as a contract error, or invalid all the same',
    build: (place) =>
      lay(place, {
        keys: { accept: { coverage: 'one more row does no harm' } },
        variants: { variant: { 'train.py': EXTRA_IDS } },
      }),
    expected: [
      { exit: [2], noRuns: true },
      { verdict: ['invalid'], failed: ['coverage:void'] },
    ],
  },
];
