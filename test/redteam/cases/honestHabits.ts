import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EVALUATE, HEAD, LOAD, lay, PLAIN_EVALUATE, STRONG, WEAK } from '../task.ts';
import { NOT_INVALID, type RedteamCase, SUPPORTED } from '../types.ts';

const NOISY_WORDS = `print('épreuve ✓ 完了 \\U0001F600')
for step in range(200):
    sys.stdout.write('\\r%3d %% [%s]' % (step // 2, '#' * (step // 10)))
    sys.stderr.write('UserWarning: deprecated\\n')
sys.stdout.buffer.write(b'\\n\\xff\\xfe not UTF-8 \\x1b[31mred\\x1b[0m\\n')
`;
const SLOW_FIRST = 'if args.seed == 11:\n    import time\n    time.sleep(1.5)\n';
const beforeWriting = (text: string, words: string): string => text.replace('write(predict', `${words}write(predict`);
const POINTER =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';

/** Habits of honest people that must never come out invalid. */
export const honestHabitCases: readonly RedteamCase[] = [
  {
    name: 'noisy-terminal',
    kind: 'honest',
    does: 'warnings on stderr, a progress bar with carriage returns, emoji, colours and bytes that are no UTF-8',
    must: 'supported: the record never depends on what a run prints',
    build: (place) =>
      lay(place, {
        files: { 'train.py': beforeWriting(WEAK, NOISY_WORDS) },
        variants: { variant: { 'train.py': beforeWriting(STRONG, NOISY_WORDS) } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'slow-first-run',
    kind: 'honest',
    does: 'the first seed takes 1.5 s longer in both arms, as a cold cache does',
    must: 'supported',
    build: (place) =>
      lay(place, {
        keys: { seeds: [11, 12] },
        files: { 'train.py': beforeWriting(WEAK, SLOW_FIRST) },
        variants: { variant: { 'train.py': beforeWriting(STRONG, SLOW_FIRST) } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'data-folder-is-a-link',
    kind: 'honest',
    does: 'data/ is a link to a folder outside the repository, ignored by git',
    must: 'supported: inputs may lie anywhere',
    build: (place) => {
      const corpus = join(place.outside, 'corpus');
      mkdirSync(corpus);
      place.link(corpus, 'data');
      lay(place, {
        files: { '.gitignore': '__pycache__/\n.mlr/\n/data\n' },
        variants: { variant: { 'train.py': STRONG } },
      });
    },
    expected: SUPPORTED,
  },
  {
    name: 'large-file-pointer',
    kind: 'honest',
    does: 'the repository holds a large-file pointer with its filter in .gitattributes, and no such filter is installed',
    must: 'supported',
    build: (place) =>
      lay(place, {
        files: { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'weights.bin': POINTER },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'submodule-beside',
    kind: 'honest',
    does: 'the repository has a submodule with documents that no run reads',
    must: 'supported',
    build: (place) => {
      const other = join(place.outside, 'documents');
      mkdirSync(other);
      const git = (...words: string[]): void => {
        execFileSync('git', ['-c', 'user.name=Red Team', '-c', 'user.email=red@team.invalid', ...words], {
          cwd: other,
          stdio: 'pipe',
        });
      };
      git('init', '--quiet', '--initial-branch=main');
      place.write({ 'paper.md': '# Paper\n' }, other);
      git('add', '--all');
      git('commit', '--quiet', '--message', 'Paper');
      lay(place, {});
      place.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other, 'documents');
      place.commit('Add documents');
      place.branch('variant', { 'train.py': STRONG });
    },
    expected: SUPPORTED,
  },
  {
    name: 'refactored-and-faster',
    kind: 'honest',
    does: 'the variant moves code to modules and no longer waits; the same predictions; the metric is seconds',
    must: 'not invalid: arms-differ does not apply to seconds',
    build: (place) =>
      lay(place, {
        keys: { metrics: { seconds: 'minimize', accuracy: 'maximize' }, minimum_effect: 0.02 },
        files: { 'train.py': beforeWriting(WEAK, 'import time\ntime.sleep(0.4)\n'), 'evaluate.py': PLAIN_EVALUATE },
        variants: {
          variant: {
            'learner/__init__.py': HEAD,
            'train.py': `from learner import *\n${LOAD}write(predict(fit(train, ['x1'], rng), test))\n`,
          },
        },
      }),
    expected: [{ ...NOT_INVALID[0], notFailed: ['arms-differ'], metric: 'seconds' }],
  },
  {
    name: 'evaluate-writes-files',
    kind: 'honest',
    does: 'evaluate makes temporary files, writes scratch files into its folder and prints words before its JSON',
    must: 'supported, and evaluator-stable does not fail',
    build: (place) =>
      lay(place, {
        files: {
          'evaluate.py': EVALUATE.replace(
            'print(',
            `import os, tempfile
with tempfile.NamedTemporaryFile('w', suffix='.txt') as file:
    file.write('scratch')
assert not os.path.exists('scratch.txt')
with open('scratch.txt', 'w') as file:
    file.write(str(os.getpid()))
print('scored', len(examples), 'rows')
print(`,
          ),
        },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: [{ ...SUPPORTED[0], notFailed: ['evaluator-stable'] }],
  },
  {
    name: 'seed-and-out-by-environment',
    kind: 'honest',
    does: '`run` has no placeholders; train.py reads MLR_SEED and MLR_OUT',
    must: 'supported: {seed} and {out} are also given as MLR_SEED and MLR_OUT',
    build: (place) => {
      const byEnvironment = (text: string): string =>
        text.replace(
          'args = parser.parse_args()',
          "args = parser.parse_args(['--seed', os.environ['MLR_SEED'], '--out', os.environ['MLR_OUT']])",
        );
      lay(place, {
        keys: { run: 'python3 train.py' },
        files: { 'train.py': byEnvironment(WEAK) },
        variants: { variant: { 'train.py': byEnvironment(STRONG) } },
      });
    },
    expected: SUPPORTED,
  },
  {
    name: 'run-by-a-shell',
    kind: 'honest',
    does: '`run` is ["bash", "-c", "…"] with a pipe and a relative folder',
    must: 'supported',
    build: (place) =>
      lay(place, {
        keys: { run: ['bash', '-c', 'cd . && python3 train.py --seed {seed} --out {out} 2>&1 | cat'] },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'script-with-a-shebang',
    kind: 'honest',
    does: '`run` starts ./train.sh, which git knows to be executable',
    must: 'supported: the export keeps the mode',
    build: (place) => {
      lay(place, { keys: { run: './train.sh {seed} {out}' }, files: { 'train.sh': '' } });
      place.write({ 'train.sh': '#!/bin/sh\nset -e\nexec python3 train.py --seed "$1" --out "$2"\n' });
      chmodSync(join(place.workspace, 'train.sh'), 0o755);
      place.commit('Script');
      place.branch('variant', { 'train.py': STRONG });
    },
    expected: SUPPORTED,
  },
];
