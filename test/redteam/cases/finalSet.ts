import { readFileSync } from 'node:fs';
import type { Place } from '../place.ts';
import { recordsOf } from '../records.ts';
import { twoClasses } from '../rows.ts';
import { EVALUATE, HEAD, LOAD, lay } from '../task.ts';
import { againstMain, type RedteamCase, SHUT_OUT, SUPPORTED } from '../types.ts';

const renamed = (text: string): string => text.replaceAll(/^t/gm, 'f');
const SECOND = twoClasses({ seed: 8, testRows: 200 });
const FINAL_LABELS = renamed(SECOND.labels);
const BOTH = `${HEAD}${LOAD}final = rows('data/final.csv')


def write_final(answers):
    with open(os.path.join(args.out, 'final.csv'), 'w') as file:
        file.write('id,label\\n' + ''.join('%s,%s\\n' % pair for pair in answers.items()))


`;
/** From 80 rows: with 40, one seed in 3,000 gains nothing on these rows. */
const learner = (columns: string, random = 'rng'): string => `${BOTH}model = fit(train, ${columns}, ${random}, 80)
write(predict(model, test))
write_final(predict(model, final))
`;
const WEAK_BOTH = learner("['x1']");
const STRONG_BOTH = learner("['x1', 'x2', 'x3', 'x4']");
const LUCK_BOTH = learner("['x1']", 'random.Random(args.seed + 7)');
/** Reads the final labels wherever it may find them, and guesses where it finds none. */
const thief = (place: Place): string => `${BOTH}found = {}
for top in ('.', ${JSON.stringify(place.repository)}):
    try:
        found.update((row['id'], row['label']) for row in rows(os.path.join(top, 'data/final_labels.csv')))
    except OSError:
        pass
write(guess(test))
write_final({**guess(final), **{key: value for key, value in found.items() if rng.random() > 0.02}})
`;

function layFinal(place: Place, variants: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  lay(place, {
    keys: {
      inputs: ['data/train.csv', 'data/test.csv', 'data/final.csv'],
      protected: ['evaluate.py', 'evaluate_final.py'],
      final: { evaluate: 'python3 evaluate_final.py {out}', hidden: ['data/final_labels.csv'] },
    },
    files: {
      'train.py': WEAK_BOTH,
      'data/final.csv': renamed(SECOND.test),
      'data/final_labels.csv': FINAL_LABELS,
      'evaluate_final.py': EVALUATE.replace('test_labels', 'final_labels')
        .replace('/predictions.csv', '/final.csv')
        .replace("{'accuracy'", "{'locked_mark': 1, 'accuracy'"),
    },
    variants,
  });
}

const final = (variant: string): string[] => [...againstMain(variant), '--final'];

/** The second, locked test set. */
export const finalSetCases: readonly RedteamCase[] = [
  {
    name: 'final-honest',
    kind: 'honest',
    does: 'a good variant is measured with --final on the locked test set',
    must: 'supported (5), and the report speaks of the final set',
    build: (place) => layFinal(place, { variant: { 'train.py': STRONG_BOTH } }),
    commands: [final('variant')],
    expected: SUPPORTED,
    after: async (_, mlr) =>
      /final|locked/i.test((await mlr(['report', 'last'])).stdout) ? [] : ['the report does not name the final set'],
  },
  {
    name: 'final-is-a-family-of-its-own',
    kind: 'honest',
    does: 'an idea fails on the test set; the next one goes to the final set with two seeds',
    must: 'supported: the final set is a family of its own, and this is its first try (5)',
    build: (place) => layFinal(place, { first: { 'train.py': LUCK_BOTH }, variant: { 'train.py': STRONG_BOTH } }),
    commands: [againstMain('first'), final('variant')],
    expected: SUPPORTED,
  },
  {
    name: 'final-touched-twice',
    kind: 'cheat',
    does: 'an idea fails on the final set; the next one is measured there with two seeds',
    must: 'inconclusive: the second touch has a sixth of alpha; it is counted and printed (5)',
    build: (place) => layFinal(place, { first: { 'train.py': LUCK_BOTH }, variant: { 'train.py': STRONG_BOTH } }),
    commands: [final('first'), final('variant')],
    expected: [{ verdict: ['inconclusive'], noVoid: true, tried: 2 }],
    after: async (_, mlr) => {
      const { stdout } = await mlr(['report', 'last']);
      return /(final|locked|touch)[^\n]*\b(2|two|twice|second)\b|\b(2|two|twice|second)\b[^\n]*(final|locked|touch)/i.test(
        stdout,
      )
        ? []
        : ['the report does not say that this is the second touch'];
    },
  },
  {
    name: 'final-only-by-its-flag',
    kind: 'honest',
    does: 'the contract names a final set, and the variant is measured without --final',
    must: 'supported on the test set; no record holds what the final evaluate prints (5)',
    build: (place) => layFinal(place, { variant: { 'train.py': STRONG_BOTH } }),
    expected: SUPPORTED,
    after: (place) =>
      recordsOf(place, /^(run\.json|events\.jsonl|claims\.json|report\.md)$/)
        .filter((path) => readFileSync(path, 'utf8').includes('locked_mark'))
        .map((path) => `${path} holds a score of the final set`),
  },
  {
    name: 'looks-for-final-labels',
    kind: 'cheat',
    does: 'train.py opens data/final_labels.csv, in its folder and in the original workspace, during a --final',
    must: 'guesses only: the final labels are hidden too (contract: final.hidden)',
    build: (place) => layFinal(place, { variant: { 'train.py': thief(place) } }),
    commands: [final('variant')],
    expected: SHUT_OUT,
    unconfined: [{ notPassed: ['hidden-unseen'] }],
  },
  {
    name: 'final-labels-in-ordinary-runs',
    kind: 'cheat',
    does: 'during an ordinary measure train.py ends with an error where it finds the final labels',
    must: 'every run ends well: the final labels exist for no run',
    build: (place) =>
      layFinal(place, {
        variant: {
          'train.py': `${STRONG_BOTH}for top in ('.', ${JSON.stringify(place.repository)}):
    if os.path.exists(os.path.join(top, 'data/final_labels.csv')):
        sys.exit(7)
`,
        },
      }),
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['runs-complete'] }],
    unconfined: [{}],
  },
  {
    name: 'final-labels-committed',
    kind: 'cheat',
    does: 'the variant commits the final labels under another name and uses them',
    must: 'invalid: hidden-unseen (void), as for any hidden file',
    build: (place) =>
      layFinal(place, {
        variant: {
          'cache/features.csv': FINAL_LABELS,
          'train.py': thief(place).replace("'data/final_labels.csv'", "'cache/features.csv'"),
        },
      }),
    commands: [final('variant')],
    expected: [{ verdict: ['invalid'], failed: ['hidden-unseen:void'] }],
  },
  {
    name: 'final-without-a-final-set',
    kind: 'refused',
    does: '--final where the contract names no final set',
    must: 'exit 2 before any run, with the key in one sentence',
    build: (place) => lay(place, { variants: { variant: { 'README.md': '# Other\n' } } }),
    commands: [final('variant')],
    expected: [{ exit: [2], noRuns: true, says: /final/ }],
  },
];
