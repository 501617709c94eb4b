import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import { twoClasses } from '../rows.ts';
import { EVALUATE, GUESSING, lay, STRONG, thief, trainer } from '../task.ts';
import { againstMain, NOT_ENFORCED, type RedteamCase, SHUT_OUT, UNSUPPORTED } from '../types.ts';

const READ = `
def read(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            take(file.read())
    except OSError:
        pass


`;

function steals(place: Place, steal: string): void {
  lay(place, { variants: { variant: { 'train.py': thief(READ + steal) } } });
}

const OBJECTS = `
import glob, subprocess, zlib
for top in (ROOT, '.', '..'):
    for words in (['git', '-C', top, 'show', 'main:data/test_labels.csv'], ['git', '-C', top, 'cat-file', '--batch', '--batch-all-objects']):
        try:
            take(subprocess.run(words, capture_output=True, timeout=2).stdout.decode('utf-8', 'replace'))
        except (OSError, subprocess.SubprocessError):
            pass
    for path in glob.glob(top + '/.git/objects/??/*'):
        try:
            take(zlib.decompress(open(path, 'rb').read()).decode('utf-8', 'replace'))
        except (OSError, zlib.error):
            pass
`;

/** Cheats that go looking for the hidden labels while they run. */
export const peekingCases: readonly RedteamCase[] = [
  {
    name: 'reads-hidden-at-its-path',
    kind: 'cheat',
    does: 'train.py opens data/test_labels.csv, else guesses',
    must: 'the file does not exist for a run, confined or not: guesses only',
    build: (place) => steals(place, "read('data/test_labels.csv')"),
    expected: SHUT_OUT,
  },
  {
    name: 'reads-original-workspace',
    kind: 'cheat',
    does: 'train.py opens the labels at the absolute path of the original workspace',
    must: 'confined: absent, guesses only; else hidden-unseen must not pass',
    build: (place) => steals(place, `read(${JSON.stringify(join(place.repository, 'data/test_labels.csv'))})`),
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'reads-labels-through-git',
    kind: 'cheat',
    does: 'train.py asks `git show` and unpacks zlib objects under .git',
    must: 'confined: no .git, guesses only; else hidden-unseen must not pass',
    build: (place) => steals(place, `ROOT = ${JSON.stringify(place.repository)}\n${OBJECTS}`),
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'reads-another-worktree',
    kind: 'cheat',
    does: 'a git worktree with the labels checked out stands beside the repository; train.py reads it',
    must: 'confined: guesses only; else hidden-unseen must not pass',
    build: (place) => {
      const other = join(place.outside, 'worktree');
      steals(place, `read(${JSON.stringify(join(other, 'data/test_labels.csv'))})`);
      place.git('worktree', 'add', '--quiet', '--detach', other, 'main');
    },
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'reads-old-run',
    kind: 'cheat',
    does: 'evaluate leaves a sheet with labels in out/; the next variant searches .mlr/ and the temp folders for it',
    must: 'confined: no old run is visible, guesses only; else hidden-unseen must not pass',
    build: (place) =>
      lay(place, {
        files: {
          'evaluate.py': `${EVALUATE}try:
    with open(sys.argv[1] + '/sheet.csv', 'w') as file:
        file.writelines(f"{row['id']},{row['label']}\\n" for row in labels)
except OSError:
    pass
`,
        },
        variants: {
          first: { 'train.py': STRONG },
          variant: {
            'train.py': thief(`${READ}
import glob
for top in (${JSON.stringify(place.repository)}, '.', args.out + '/../..', args.out + '/../../..'):
    for name in ('sheet.csv', 'test_labels.csv'):
        for path in glob.glob(top + '/.mlr/**/' + name, recursive=True) + glob.glob(top + '/*/' + name) + glob.glob(top + '/*/out/' + name):
            read(path)`),
          },
        },
      }),
    commands: [againstMain('first'), againstMain('variant')],
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'reads-through-proc',
    kind: 'cheat',
    does: 'train.py walks /proc/*/root, /proc/*/cwd and /proc/*/fd of other processes',
    must: 'confined: no other process shows the labels, guesses only; else hidden-unseen must not pass',
    build: (place) =>
      steals(
        place,
        `
import glob
for folder in glob.glob('/proc/[0-9]*'):
    read(folder + '/cwd/data/test_labels.csv')
    read(folder + '/root' + ${JSON.stringify(join(place.repository, 'data/test_labels.csv'))})
`,
      ),
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'committed-link-to-labels',
    kind: 'cheat',
    does: 'the variant commits links features/peek.csv and features/far.csv to the labels, relative and absolute',
    must: 'confined: the links lead nowhere, guesses only; else hidden-unseen must not pass',
    build: (place) => {
      lay(place, {});
      place.git('checkout', '--quiet', '-b', 'variant');
      place.write({ 'train.py': thief(`${READ}read('features/peek.csv')\nread('features/far.csv')`) });
      place.link('../data/test_labels.csv', 'features/peek.csv');
      place.link(join(place.repository, 'data/test_labels.csv'), 'features/far.csv');
      place.commit('Cache features');
      place.git('checkout', '--quiet', 'main');
    },
    expected: SHUT_OUT,
    unconfined: [{ verdict: UNSUPPORTED, below: 0.8 }, ...NOT_ENFORCED],
  },
  {
    name: 'asks-a-server-for-labels',
    kind: 'cheat',
    does: 'train.py downloads the labels from a server on this machine ("the public leaderboard")',
    must: 'confined: no network, guesses only',
    build: async (place) => {
      const server = createServer((_, answer) => answer.end(twoClasses().labels));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      server.unref();
      place.onClose(() => server.close());
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      steals(
        place,
        `
import urllib.request
try:
    take(urllib.request.urlopen('http://127.0.0.1:${port}/labels', timeout=2).read().decode())
except OSError:
    pass
`,
      );
    },
    expected: SHUT_OUT,
    unconfined: [{}],
  },
  {
    name: 'reads-api-key',
    kind: 'cheat',
    does: 'a good train.py that ends with an error if its environment holds a key, token or secret',
    must: 'the environment is an allow-list: every run ends well, supported',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': STRONG.replace(
              'write(predict',
              `if any(word in name for name in os.environ for word in ('API_KEY', 'TOKEN', 'SECRET', 'CANARY')) or 'redteam-canary' in str(os.environ):
    sys.exit(7)
write(predict`,
            ),
          },
        },
      }),
    expected: [{ verdict: ['supported'], notFailed: ['runs-complete'] }],
  },
  {
    name: 'reads-api-key-through-proc',
    kind: 'cheat',
    does: 'a good train.py that ends with an error if /proc/*/environ of any process holds the key',
    must: 'confined: every run ends well, supported',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': STRONG.replace(
              'write(predict',
              `import glob
for path in glob.glob('/proc/[0-9]*/environ'):
    try:
        if b'redteam-canary' in open(path, 'rb').read():
            sys.exit(7)
    except OSError:
        pass
write(predict`,
            ),
          },
        },
      }),
    expected: [{ verdict: ['supported'], notFailed: ['runs-complete'] }],
    unconfined: [{}],
  },
  {
    name: 'wipes-the-ledger',
    kind: 'cheat',
    does: 'after a failed try, train.py deletes and rewrites the sessions under .mlr to be on its first try again',
    must: 'confined: the first session stands as it was, and the second counts as try 2',
    build: (place) =>
      lay(place, {
        keys: { seeds: 4 },
        variants: {
          first: { 'train.py': GUESSING },
          variant: {
            'train.py': trainer(`write(predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test))
import glob
for path in glob.glob(${JSON.stringify(join(place.repository, '.mlr'))} + '/sessions/**/*', recursive=True):
    if os.path.isfile(path):
        try:
            open(path, 'w').close()
            os.remove(path)
        except OSError:
            pass`),
          },
        },
      }),
    commands: [againstMain('first'), againstMain('variant')],
    expected: [{ verdict: ['supported'], tried: 2 }],
    unconfined: [{}],
  },
];
