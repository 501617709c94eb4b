import { lay, STRONG, trainer, WEAK } from '../task.ts';
import { againstMain, type RedteamCase, UNSUPPORTED } from '../types.ts';

const EXTRA_IDS = trainer(`answers = predict(fit(train, ['x1', 'x2'], rng), test)
answers['t9999'] = '1'
write(answers)`);
const LUCK = WEAK.replace('random.Random(args.seed)', 'random.Random(args.seed + 7)');
const TWICE = [againstMain('variant'), againstMain('variant')];

/** What a second look costs, and what it may use again. */
export const tryCases: readonly RedteamCase[] = [
  {
    name: 'same-arms-again',
    kind: 'honest',
    does: 'a good variant is measured twice with two seeds',
    must: 'supported at try 2: the blocks are pooled to four (5); two alone could not',
    build: (place) => lay(place, { variants: { variant: { 'train.py': STRONG } } }),
    commands: TWICE,
    expected: [{ verdict: ['supported'], noVoid: true, n: 4, tried: 2 }],
  },
  {
    name: 'variant-changed-between-tries',
    kind: 'cheat',
    does: 'after the first two seeds the branch gets another commit, and is measured with two more',
    must: 'inconclusive: other commits are not pooled, and two seeds cannot support at try 2 (5)',
    build: (place) => lay(place, { variants: { variant: { 'train.py': STRONG } } }),
    between: (place) => {
      place.git('checkout', '--quiet', 'variant');
      place.write({ 'train.py': STRONG.replace('take=40', 'take=60') });
      place.commit('Take more');
      place.git('checkout', '--quiet', 'main');
    },
    commands: TWICE.map((words) => [...words, '--all-seeds']),
    expected: [{ verdict: ['inconclusive'], noVoid: true, n: 2, tried: 2 }],
  },
  {
    name: 'baseline-changed-between-tries',
    kind: 'honest',
    does: 'main gets another train.py after the first two seeds; the variant is rebased and measured with two more',
    must: 'another baseline tree is another family (5): nothing is pooled, and two seeds may decide its first try',
    build: (place) => lay(place, { variants: { variant: { 'train.py': STRONG } } }),
    between: (place) => {
      place.write({ 'train.py': WEAK.replace('take=40', 'take=50') });
      place.commit('Take more');
      place.git('branch', '--quiet', '--delete', '--force', 'variant');
      place.branch('variant', { 'train.py': STRONG });
    },
    commands: TWICE,
    expected: [{ verdict: ['supported'], noVoid: true, n: 2 }],
  },
  {
    name: 'same-list-twice',
    kind: 'cheat',
    does: 'the contract lists seeds 1 and 2, and the same arms are measured twice: the same runs, counted as four',
    must: 'refused, or not supported: more seeds are new seeds (5), and two cannot support at try 2',
    build: (place) => lay(place, { keys: { seeds: [1, 2] }, variants: { variant: { 'train.py': STRONG } } }),
    commands: TWICE,
    expected: [{ exit: [2] }, { verdict: UNSUPPORTED }],
  },
  {
    name: 'seed-twice-in-list',
    kind: 'cheat',
    does: 'the contract lists seed 1 twice: one pair, counted as two',
    must: 'refused, or not supported: a block is one seed (2), and one is never more than inconclusive (4)',
    build: (place) => lay(place, { keys: { seeds: [1, 1] }, variants: { variant: { 'train.py': STRONG } } }),
    expected: [{ exit: [2], noRuns: true }, { verdict: UNSUPPORTED }],
  },
  {
    name: 'crash-is-no-try',
    kind: 'honest',
    does: 'a first variant ends with an error in every run; the next one is measured with two seeds',
    must: 'supported: a crash before a test score was computed is no try (5)',
    build: (place) =>
      lay(place, { variants: { broken: { 'train.py': trainer('sys.exit(3)') }, variant: { 'train.py': STRONG } } }),
    commands: [againstMain('broken'), againstMain('variant')],
    expected: [{ verdict: ['supported'], noVoid: true }],
  },
  {
    name: 'invalid-try-counts',
    kind: 'cheat',
    does: 'a first variant is scored and invalid by coverage; the next one is measured with two seeds',
    must: 'inconclusive: an invalid try counts too (5)',
    build: (place) => lay(place, { variants: { extra: { 'train.py': EXTRA_IDS }, variant: { 'train.py': STRONG } } }),
    commands: [againstMain('extra'), againstMain('variant')],
    expected: [{ verdict: ['inconclusive'], noVoid: true, tried: 2 }],
  },
  {
    name: 'try-under-another-name',
    kind: 'cheat',
    does: 'the first try is a branch that is then deleted; the next is measured with two seeds',
    must: 'inconclusive: the family is counted by the test set, not by branches (5)',
    build: (place) => lay(place, { variants: { variant: { 'train.py': STRONG }, first: { 'train.py': LUCK } } }),
    between: (place) => {
      place.git('branch', '--quiet', '--delete', '--force', 'first');
      place.git('gc', '--quiet', '--prune=now');
    },
    commands: [againstMain('first'), againstMain('variant')],
    expected: [{ verdict: ['inconclusive'], noVoid: true, tried: 2 }],
  },
];
