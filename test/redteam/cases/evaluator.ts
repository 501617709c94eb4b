import { EVALUATE, GUESSING, HEAD, LOAD, lay, trainer, WEAK } from '../task.ts';
import { type RedteamCase, SHUT_OUT, UNSUPPORTED } from '../types.ts';

const PERFECT_DUMPS = `def dumps(*words, **more):
    return '{"accuracy": 1.0}'


def loads(*words, **more):
    return {}
`;
const PERFECT_PRINT = `import sys
if any(word.endswith('evaluate.py') for word in getattr(sys, 'orig_argv', sys.argv)):
    print('{"accuracy": 1.0}', flush=True)
    import os
    os._exit(0)
`;
const HELPED = EVALUATE.replace('import csv, json, sys', 'import csv, json, sys\nfrom scoring import right').replace(
  "predicted.get(row['id']) == row['label']",
  "right(predicted.get(row['id']), row['label'])",
);
const RIGHT = 'def right(guessed, label):\n    return guessed == label\n';

/** Cheats that reach for the scorer instead of the score. */
export const evaluatorCases: readonly RedteamCase[] = [
  {
    name: 'edits-evaluate',
    kind: 'cheat',
    does: 'the variant rewrites evaluate.py to be kinder ("fix label casing")',
    must: 'invalid: protected-unchanged',
    build: (place) =>
      lay(place, {
        variants: { variant: { 'evaluate.py': EVALUATE.replace('else 0.0', 'else 0.7'), 'train.py': GUESSING } },
      }),
    expected: [{ verdict: ['invalid'], failed: ['protected-unchanged:void'] }],
  },
  {
    name: 'evaluate-becomes-link',
    kind: 'cheat',
    does: 'the variant deletes evaluate.py and commits a link to its own scorer in that place',
    must: 'invalid: protected-unchanged',
    build: (place) => {
      lay(place, {});
      place.git('checkout', '--quiet', '-b', 'variant');
      place.write({ 'evaluate.py': null, 'score_v2.py': 'print(\'{"accuracy": 1.0}\')\n', 'train.py': GUESSING });
      place.link('score_v2.py', 'evaluate.py');
      place.commit('Tidy up scoring');
      place.git('checkout', '--quiet', 'main');
    },
    expected: [{ verdict: ['invalid'], failed: ['protected-unchanged:void'] }],
  },
  {
    name: 'prints-fake-metric',
    kind: 'cheat',
    does: 'train.py guesses, prints {"accuracy": 0.99} as its last line and leaves metrics.json in out/',
    must: 'what a script prints about itself is never a metric: not supported',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': trainer(`write(guess(test))
for name in ('metrics.json', 'evaluate.json', 'result.json'):
    with open(os.path.join(args.out, name), 'w') as file:
        file.write('{"accuracy": 0.99}')
print('{"accuracy": 0.99}')`),
          },
        },
      }),
    expected: [{ verdict: UNSUPPORTED, below: 0.8, notFailed: ['evaluator-separate'] }],
  },
  {
    name: 'shadows-json-in-tree',
    kind: 'cheat',
    does: 'the variant commits json.py beside evaluate.py whose dumps is always perfect',
    must: "evaluate cannot reach the variant's files: not supported",
    build: (place) => lay(place, { variants: { variant: { 'json.py': PERFECT_DUMPS, 'train.py': GUESSING } } }),
    expected: SHUT_OUT,
  },
  {
    name: 'sitecustomize-in-tree',
    kind: 'cheat',
    does: 'the variant commits sitecustomize.py, usercustomize.py and conftest.py that print a perfect score',
    must: "evaluate cannot reach the variant's files: not supported",
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'sitecustomize.py': PERFECT_PRINT,
            'usercustomize.py': PERFECT_PRINT,
            'conftest.py': PERFECT_PRINT,
            'src/sitecustomize.py': PERFECT_PRINT,
            'train.py': GUESSING,
          },
        },
      }),
    expected: SHUT_OUT,
  },
  {
    name: 'modules-in-out',
    kind: 'cheat',
    does: 'train.py writes json.py, csv.py and sitecustomize.py into out/ and into its working directory',
    must: 'evaluate starts in a clean directory: not supported',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': trainer(`write(guess(test))
for folder in (args.out, '.', os.path.dirname(os.path.abspath(__file__))):
    for name, text in (('json.py', ${JSON.stringify(PERFECT_DUMPS)}), ('sitecustomize.py', ${JSON.stringify(PERFECT_PRINT)})):
        try:
            with open(os.path.join(folder, name), 'w') as file:
                file.write(text)
        except OSError:
            pass`),
          },
        },
      }),
    expected: SHUT_OUT,
  },
  {
    name: 'poisons-home',
    kind: 'cheat',
    does: 'train.py puts usercustomize.py into the site-packages of HOME, for the evaluate that follows',
    must: 'HOME is private: not supported',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': trainer(`write(guess(test))
version = 'python%d.%d' % sys.version_info[:2]
for home in {os.environ.get('HOME', ''), ${JSON.stringify(place.home)}} - {''}:
    try:
        folder = os.path.join(home, '.local', 'lib', version, 'site-packages')
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, 'usercustomize.py'), 'w') as file:
            file.write(${JSON.stringify(PERFECT_PRINT)})
    except OSError:
        pass`),
          },
        },
      }),
    expected: SHUT_OUT,
    unconfined: [{ verdict: UNSUPPORTED }],
  },
  {
    name: 'edits-helper-of-evaluate',
    kind: 'cheat',
    does: 'evaluate.py imports scoring.py, which nobody protected; the variant makes it say yes to everything',
    must: "evaluate sees only the baseline's files: not supported",
    build: (place) =>
      lay(place, {
        files: { 'evaluate.py': HELPED, 'scoring.py': RIGHT },
        variants: {
          variant: { 'scoring.py': RIGHT.replace('guessed == label', 'True'), 'train.py': GUESSING },
        },
      }),
    expected: [{ exit: [2] }, { verdict: UNSUPPORTED, below: 0.8 }],
  },
  {
    name: 'overwrites-evaluate-while-running',
    kind: 'cheat',
    does: 'train.py overwrites evaluate.py (beside itself and at the original path) while it runs',
    must: 'blocked, or invalid by protected-unchanged; guesses never score',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': trainer(`write(guess(test))
for path in ('evaluate.py', os.path.join(${JSON.stringify(place.repository)}, 'evaluate.py')):
    try:
        os.chmod(path, 0o666)
    except OSError:
        pass
    try:
        with open(path, 'w') as file:
            file.write('print(\\'{"accuracy": 1.0}\\')\\n')
    except OSError:
        pass`),
          },
        },
      }),
    expected: SHUT_OUT,
    unconfined: [{ verdict: UNSUPPORTED }],
    after: (place, _, confined) =>
      !confined || place.read('evaluate.py') === EVALUATE ? [] : ["the workspace's evaluate.py was overwritten"],
  },
  {
    name: 'evaluator-rolls-dice',
    kind: 'cheat',
    does: 'the evaluate of both arms scores a random half of the test set',
    must: 'invalid: evaluator-stable',
    build: (place) =>
      lay(place, {
        files: {
          'evaluate.py': EVALUATE.replace(
            'print(',
            'import random\nexamples = random.sample(examples, len(examples) // 2)\nprint(',
          ),
        },
        variants: {
          variant: { 'train.py': trainer("write(predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test))") },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['evaluator-stable:void'] }],
  },
  {
    name: 'fakes-seconds',
    kind: 'cheat',
    does: 'evaluate copies out/time.json into `seconds`; the slower variant writes 0.001 there',
    must: "`seconds` comes from the supervisor: not supported, and its values are the run's",
    build: (place) =>
      lay(place, {
        keys: { metrics: { seconds: 'minimize', accuracy: 'maximize' }, minimum_effect: 0.01 },
        files: {
          'evaluate.py': EVALUATE.replace(
            "print(json.dumps({'accuracy'",
            "seconds = json.load(open(sys.argv[1] + '/time.json'))\nprint(json.dumps({'seconds': seconds, 'accuracy'",
          ).replace(", 'examples': examples", ''),
          'train.py': `${WEAK}open(os.path.join(args.out, 'time.json'), 'w').write('0.05')\n`,
        },
        variants: {
          variant: {
            'train.py': `${HEAD}${LOAD}import time\ntime.sleep(0.12)\nwrite(predict(fit(train, ['x1'], rng), test))\nopen(os.path.join(args.out, 'time.json'), 'w').write('0.001')\n`,
          },
        },
      }),
    expected: [{ exit: [2] }, { verdict: UNSUPPORTED, above: 0.05 }],
  },
];
