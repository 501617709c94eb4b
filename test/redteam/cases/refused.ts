import { contract, lay, STRONG, WEAK } from '../task.ts';
import { againstMain, type RedteamCase } from '../types.ts';

const REFUSED = [{ exit: [2], noRuns: true }] as const;

function badContract(name: string, does: string, mlr: string | (() => string)): RedteamCase {
  return {
    name,
    kind: 'refused',
    does,
    must: 'exit 2 before any run: a contract error',
    build: (place) => {
      const text = typeof mlr === 'string' ? mlr : mlr();
      lay(place, { files: { 'mlr.yaml': text }, variants: { variant: { 'train.py': STRONG } } });
    },
    expected: REFUSED,
  };
}

/** What must be refused before anything is run. */
export const refusedCases: readonly RedteamCase[] = [
  {
    name: 'equal-trees',
    kind: 'refused',
    does: 'the variant is an empty commit on main',
    must: 'exit 2 before any run: equal trees',
    build: (place) => {
      lay(place, {});
      place.git('checkout', '--quiet', '-b', 'variant');
      place.git('commit', '--quiet', '--allow-empty', '--message', 'Nothing');
      place.git('checkout', '--quiet', 'main');
    },
    expected: REFUSED,
  },
  {
    name: 'main-against-main',
    kind: 'refused',
    does: 'the baseline is measured against itself as a variant',
    must: 'exit 2 before any run: equal trees',
    build: (place) => lay(place, {}),
    commands: [againstMain('main')],
    expected: REFUSED,
  },
  {
    name: 'same-variant-twice',
    kind: 'refused',
    does: 'the same branch is given twice as a variant',
    must: 'exit 2 before any run: equal trees',
    build: (place) => lay(place, { variants: { variant: { 'train.py': STRONG } } }),
    commands: [againstMain('variant', 'variant')],
    expected: REFUSED,
  },
  {
    name: 'revision-missing',
    kind: 'refused',
    does: 'the variant is a branch that does not exist',
    must: 'exit 2 before any run',
    build: (place) => lay(place, {}),
    commands: [againstMain('nowhere')],
    expected: REFUSED,
  },
  {
    name: 'baseline-missing',
    kind: 'refused',
    does: 'the baseline does not exist',
    must: 'exit 2 before any run',
    build: (place) => lay(place, { variants: { variant: { 'train.py': STRONG } } }),
    commands: [['--baseline', 'mian', '--variant', 'variant']],
    expected: REFUSED,
  },
  {
    name: 'no-contract',
    kind: 'refused',
    does: 'there is no mlr.yaml',
    must: 'exit 2 before any run',
    build: (place) => lay(place, { files: { 'mlr.yaml': null }, variants: { variant: { 'train.py': STRONG } } }),
    expected: REFUSED,
  },
  {
    name: 'no-repository',
    kind: 'refused',
    does: 'the workspace is no git repository',
    must: 'exit 2 before any run',
    build: (place) => place.write({ 'mlr.yaml': contract(), 'train.py': WEAK }),
    expected: REFUSED,
  },
  badContract('unknown-key', 'mlr.yaml says `minimum_efect`', () => `${contract()}minimum_efect: 0.1\n`),
  badContract('bad-direction', 'mlr.yaml says `accuracy: max`', () => contract({ metrics: { accuracy: 'max' } })),
  badContract('zero-seeds', 'mlr.yaml says `seeds: 0`', () => contract({ seeds: 0 })),
  badContract('alpha-too-large', 'mlr.yaml says `alpha: 5`', () => contract({ alpha: 5 })),
  badContract('no-metrics', 'mlr.yaml has no metrics', () => contract({ metrics: {} })),
  badContract('torn-yaml', 'mlr.yaml is no YAML', 'version: 1\nmetrics: {accuracy: maximize\nrun: [\n'),
  badContract('missing-input', 'mlr.yaml names an input that does not exist', () =>
    contract({ inputs: ['data/train.csv', 'data/tset.csv'] }),
  ),
  badContract('missing-hidden', 'mlr.yaml names a hidden file that does not exist', () =>
    contract({ hidden: ['data/labels_of_test.csv'] }),
  ),
  badContract('missing-protected', 'mlr.yaml protects a file that does not exist', () =>
    contract({ protected: ['evaluate.py', 'scorer.py'] }),
  ),
];
