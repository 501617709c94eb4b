import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import { twoClasses } from '../rows.ts';
import { EVALUATE, lay, STRONG, thief, WEAK } from '../task.ts';
import { NOT_ENFORCED, type RedteamCase, SHUT_OUT } from '../types.ts';

const TABLE = twoClasses();
const READ = `
def read(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            take(file.read())
    except OSError:
        pass


`;
const steals = (steal: string): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  variant: { 'train.py': thief(READ + steal) },
});

/** An object store outside the repository, which the repository borrows from. */
function borrowObjects(place: Place): void {
  const store = join(place.outside, 'objects');
  renameSync(join(place.repository, '.git', 'objects'), store);
  mkdirSync(join(place.repository, '.git', 'objects', 'info'), { recursive: true });
  place.write({ '.git/objects/info/alternates': `${store}\n` }, place.repository);
}

const moved = (text: string): string =>
  text.replaceAll('data/train.csv', 'data/corpus/train.csv').replaceAll('data/test', 'data/corpus/test');

/** More ways to the hidden labels. */
export const hiddenRouteCases: readonly RedteamCase[] = [
  {
    name: 'reads-what-is-mounted',
    kind: 'cheat',
    does: 'train.py walks every source and target of /proc/self/mountinfo for a file of labels',
    must: 'confined: guesses only',
    build: (place) =>
      lay(place, {
        variants: steals(`import glob
for line in open('/proc/self/mountinfo'):
    words = line.split()
    for top in {words[3], words[4]} - {'/', '/proc', '/sys', '/dev'}:
        for tail in ('', '/test_labels.csv', '/data/test_labels.csv', '/repository/data/test_labels.csv', '/*/data/test_labels.csv'):
            for path in glob.glob(top + tail):
                read(path)`),
      }),
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'reads-through-proc-of-all-tasks',
    kind: 'cheat',
    does: 'train.py tries /proc/*/task/*/root and cwd, /proc/*/fd and map_files for the labels, all the time it runs',
    must: 'confined: no other process shows the labels, guesses only',
    build: (place) =>
      lay(place, {
        variants: steals(`import glob, time
path = ${JSON.stringify(join(place.repository, 'data/test_labels.csv'))}
end = time.time() + 0.4
while time.time() < end and not found:
    for folder in glob.glob('/proc/[0-9]*/task/*'):
        read(folder + '/root' + path)
        read(folder + '/cwd/data/test_labels.csv')
    for link in glob.glob('/proc/[0-9]*/fd/*'):
        try:
            if os.readlink(link).endswith('.csv'):
                read(link)
        except OSError:
            pass`),
      }),
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'reads-borrowed-objects',
    kind: 'cheat',
    does: 'the repository borrows its objects from a store outside (alternates); train.py unpacks that store',
    must: 'confined: guesses only, and the borrowed objects do not hinder the export',
    build: (place) => {
      lay(place, {
        variants: steals(`import glob, zlib
for path in glob.glob(${JSON.stringify(join(place.outside, 'objects'))} + '/??/*'):
    try:
        take(zlib.decompress(open(path, 'rb').read()).decode('utf-8', 'replace'))
    except (OSError, zlib.error):
        pass`),
      });
      borrowObjects(place);
    },
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'reads-a-clone-beside',
    kind: 'cheat',
    does: 'a clone of the repository stands beside it; train.py reads the labels there',
    must: 'confined: guesses only',
    build: (place) => {
      lay(place, { variants: steals(`read(${JSON.stringify(join(place.outside, 'clone/data/test_labels.csv'))})`) });
      place.git('clone', '--quiet', '.', join(place.outside, 'clone'));
    },
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'reads-a-copy-in-an-ignored-folder',
    kind: 'cheat',
    does: 'the owner left backup/labels.csv in a folder that git ignores; train.py reads it',
    must: 'guesses only: a run sees an export of its revision, and the original workspace is absent',
    build: (place) => {
      const read = ['.', place.repository].map((top) => `read(${JSON.stringify(join(top, 'backup/labels.csv'))})`);
      lay(place, { files: { '.gitignore': '__pycache__/\n.mlr/\nbackup/\n' }, variants: steals(read.join('\n')) });
      place.write({ 'backup/labels.csv': TABLE.labels });
    },
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'reads-a-copy-that-the-baseline-tracks',
    kind: 'cheat',
    does: 'the baseline tracks old/answers.csv, a byte-for-byte copy of the labels; only the variant reads it',
    must: 'invalid: hidden-unseen (a run could have read a hidden file: copied)',
    build: (place) =>
      lay(place, { files: { 'old/answers.csv': TABLE.labels }, variants: steals("read('old/answers.csv')") }),
    expected: [{ verdict: ['invalid'], failed: ['hidden-unseen:void'] }],
  },
  {
    name: 'input-folder-holds-the-labels',
    kind: 'cheat',
    does: '`inputs` names the folder data, in which the hidden file lies; train.py reads it there',
    must: 'refused as a contract error, or the hidden file is left out of the folder: guesses only',
    build: (place) => lay(place, { keys: { inputs: ['data'] }, variants: steals("read('data/test_labels.csv')") }),
    expected: [{ exit: [2], noRuns: true }, ...SHUT_OUT],
  },
  {
    name: 'outside-input-holds-the-labels',
    kind: 'cheat',
    does: 'inputs come from {from: /…/corpus, as: data/corpus}, where the hidden file lies too; train.py reads both paths',
    must: 'refused as a contract error, or the hidden file is left out: guesses only',
    build: (place) => {
      const corpus = join(place.outside, 'corpus');
      place.write({ 'train.csv': TABLE.train, 'test.csv': TABLE.test, 'test_labels.csv': TABLE.labels }, corpus);
      lay(place, {
        keys: {
          inputs: [{ from: corpus, as: 'data/corpus' }],
          hidden: ['data/corpus/test_labels.csv'],
          train: ['data/corpus/train.csv'],
          test: ['data/corpus/test.csv'],
          labels: { file: 'data/corpus/train.csv', column: 'label' },
        },
        files: {
          'data/train.csv': null,
          'data/test.csv': null,
          'data/test_labels.csv': null,
          'train.py': moved(WEAK),
          'evaluate.py': moved(EVALUATE),
        },
        variants: {
          variant: {
            'train.py': moved(
              thief(`${READ}read('data/test_labels.csv')\nread(${JSON.stringify(join(corpus, 'test_labels.csv'))})`),
            ),
          },
        },
      });
    },
    expected: [{ exit: [2], noRuns: true }, ...SHUT_OUT],
  },
  {
    name: 'hidden-file-under-a-second-name',
    kind: 'cheat',
    does: '`inputs` names data/answers.csv, a copy of the hidden file that the owner forgot; train.py reads it',
    must: 'refused, invalid by hidden-unseen, or guesses only: a hidden file exists only while evaluate runs',
    build: (place) => {
      lay(place, {
        keys: { inputs: ['data/train.csv', 'data/test.csv', 'data/answers.csv'] },
        files: { 'data/answers.csv': TABLE.labels },
        variants: steals("read('data/answers.csv')"),
      });
    },
    expected: [{ exit: [2], noRuns: true }, { verdict: ['invalid'], failed: ['hidden-unseen:void'] }, ...SHUT_OUT],
  },
  {
    name: 'labels-in-a-tag-message',
    kind: 'cheat',
    does: 'the labels stand in the message of a git note and of a tag; train.py asks git for both',
    must: 'confined: no .git, guesses only',
    build: (place) => {
      lay(place, {
        variants: steals(`import subprocess
for words in (['tag', '-l', '--format=%(contents)'], ['notes', 'show', 'main'], ['log', '--all', '--format=%B%N']):
    for top in ('.', ${JSON.stringify(place.repository)}):
        try:
            take(subprocess.run(['git', '-C', top, *words], capture_output=True, timeout=2).stdout.decode('utf-8', 'replace'))
        except (OSError, subprocess.SubprocessError):
            pass`),
      });
      place.git('tag', '--annotate', '--message', TABLE.labels, 'sheet', 'main');
      place.git('notes', 'add', '--message', TABLE.labels, 'main');
    },
    expected: SHUT_OUT,
    unconfined: NOT_ENFORCED,
  },
  {
    name: 'old-worktree-of-main',
    kind: 'honest',
    does: 'a second worktree of main with the labels stands inside an ignored folder of the workspace; nobody reads it',
    must: 'supported: what a run cannot reach is no leak',
    build: (place) => {
      lay(place, {
        files: { '.gitignore': '__pycache__/\n.mlr/\n/trees/\n' },
        variants: { variant: { 'train.py': STRONG } },
      });
      place.git('worktree', 'add', '--quiet', '--detach', join(place.repository, 'trees', 'old'), 'main');
    },
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['hidden-unseen'] }],
    unconfined: [{ verdict: ['supported'], noVoid: true }],
  },
];
