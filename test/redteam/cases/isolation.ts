import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import { EVALUATE, GUESSING, lay, STRONG, trainer, WEAK } from '../task.ts';
import { againstMain, type RedteamCase, SHUT_OUT, UNSUPPORTED } from '../types.ts';

const HELPED = EVALUATE.replace('import csv, json, sys', 'import csv, json, sys\nfrom scoring import right').replace(
  "predicted.get(row['id']) == row['label']",
  "right(predicted.get(row['id']), row['label'])",
);
const RIGHT = 'def right(guessed, label):\n    return guessed == label\n';
const PERFECT = `import sys
if 'evaluate.py' in ' '.join(getattr(sys, 'orig_argv', sys.argv)):
    print('{"accuracy": 1.0}', flush=True)
    import os
    os._exit(0)
`;
/** Compiles `source` to where Python looks for scoring's bytecode; the bytecode is not compared with its source. */
const COMPILE = `import importlib.util, py_compile, sys
py_compile.compile(sys.argv[1], cfile=sys.argv[2] + '/' + importlib.util.cache_from_source('scoring.py'),
                   invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
`;

function layBytecode(place: Place): void {
  lay(place, {
    keys: { protected: ['evaluate.py', 'scoring.py'] },
    files: { 'evaluate.py': HELPED, 'scoring.py': RIGHT },
  });
  const kind = join(place.outside, 'kind.py');
  place.write({ 'kind.py': RIGHT.replace('guessed == label', 'True') }, place.outside);
  place.git('checkout', '--quiet', '-b', 'variant');
  place.write({
    'train.py': trainer(`write(guess(test))
import glob, shutil
for folder in (args.out, ${JSON.stringify(place.repository)}):
    try:
        shutil.copytree('__pycache__', os.path.join(folder, '__pycache__'), dirs_exist_ok=True)
    except OSError:
        pass`),
  });
  mkdirSync(join(place.repository, '__pycache__'), { recursive: true });
  execFileSync('python3', ['-c', COMPILE, kind, place.repository]);
  place.git('add', '--force', '__pycache__');
  place.commit('Cache');
  place.git('checkout', '--quiet', 'main');
}

function commits(files: Readonly<Record<string, string>>, train = GUESSING): (place: Place) => void {
  return (place) => lay(place, { variants: { variant: { ...files, 'train.py': train } } });
}

/** Leaves a mark at every place of its own that a later process could look at, and ends with an error if it sees one. */
const MARKS = `import tempfile
places = {tempfile.gettempdir(), os.environ.get('TMPDIR', '/tmp'), '/tmp', os.path.expanduser('~'), os.path.expanduser('~/.cache')}
for folder in places:
    if os.path.exists(os.path.join(folder, 'redteam-mark')):
        sys.exit(9)
for folder in places:
    try:
        os.makedirs(folder, exist_ok=True)
        open(os.path.join(folder, 'redteam-mark'), 'w').close()
    except OSError:
        pass
`;

/** Cheats that wait where evaluate, or a later run, will come by. */
export const isolationCases: readonly RedteamCase[] = [
  {
    name: 'poisoned-bytecode',
    kind: 'cheat',
    does: "commits __pycache__/scoring.pyc, which says yes to everything and is never compared with evaluate's scoring.py",
    must: "evaluate cannot reach the variant's files: not supported",
    build: layBytecode,
    expected: SHUT_OUT,
  },
  {
    name: 'packages-named-like-the-library',
    kind: 'cheat',
    does: 'commits packages csv/, json/ and encodings/, and evaluate/__main__.py, beside evaluate.py',
    must: "evaluate cannot reach the variant's files: not supported",
    build: commits({
      'csv/__init__.py': PERFECT,
      'json/__init__.py': PERFECT,
      'evaluate/__init__.py': PERFECT,
      'evaluate/__main__.py': PERFECT,
    }),
    expected: SHUT_OUT,
  },
  {
    name: 'own-interpreter',
    kind: 'cheat',
    does: 'commits an executable python3, bin/python3 and .venv/bin/python3 that print a perfect score, and pyvenv.cfg',
    must: "evaluate starts the recorded interpreter, never the variant's: not supported",
    build: (place) => {
      const fake = '#!/bin/sh\necho \'{"accuracy": 1.0}\'\n';
      const files = { python3: fake, 'bin/python3': fake, '.venv/bin/python3': fake, 'pyvenv.cfg': 'home = .\n' };
      lay(place, {});
      place.git('checkout', '--quiet', '-b', 'variant');
      place.write({ ...files, 'train.py': GUESSING });
      place.git('add', '--all', '--force', '.venv', 'bin', 'python3');
      place.git('update-index', '--chmod=+x', 'python3', 'bin/python3', '.venv/bin/python3');
      place.git('commit', '--quiet', '--all', '--message', 'Interpreter');
      place.git('checkout', '--quiet', '--force', 'main');
    },
    expected: SHUT_OUT,
  },
  {
    name: 'path-files-in-out',
    kind: 'cheat',
    does: 'train.py writes evil.pth, sitecustomize.py and a site-packages folder into out/, its folder, HOME and TMPDIR',
    must: 'evaluate starts clean: not supported',
    build: commits(
      {},
      trainer(`write(guess(test))
import tempfile
code = ${JSON.stringify(PERFECT)}
version = 'python%d.%d' % sys.version_info[:2]
for top in (args.out, '.', os.path.expanduser('~'), tempfile.gettempdir()):
    for folder in (top, os.path.join(top, '.local/lib', version, 'site-packages'), os.path.join(top, 'lib', version, 'site-packages')):
        try:
            os.makedirs(folder, exist_ok=True)
            for name, text in (('evil.pth', 'import sys; exec(%r)\\n' % code), ('sitecustomize.py', code), ('usercustomize.py', code)):
                with open(os.path.join(folder, name), 'w') as file:
                    file.write(text)
        except OSError:
            pass`),
    ),
    expected: SHUT_OUT,
    unconfined: [{ verdict: UNSUPPORTED }],
  },
  {
    name: 'startup-files-in-tree',
    kind: 'cheat',
    does: 'commits .pythonrc, .env with PYTHONSTARTUP and PYTHONPATH, setup.cfg, pytest.ini, evil.pth and conftest.py',
    must: "evaluate cannot reach the variant's files: not supported",
    build: commits({
      '.env': 'PYTHONSTARTUP=.pythonrc\nPYTHONPATH=shadow\nPYTHONHOME=.\n',
      '.pythonrc': PERFECT,
      'shadow/json.py': PERFECT,
      'evil.pth': 'import conftest\n',
      'conftest.py': PERFECT,
      'pytest.ini': '[pytest]\npythonpath = shadow\n',
    }),
    expected: SHUT_OUT,
  },
  {
    name: 'socket-in-out',
    kind: 'cheat',
    does: 'train.py leaves a Unix socket in out/ with a server behind it, and guesses',
    must: 'the process is gone and guesses score as guesses, or invalid by what may lie in out/',
    build: commits(
      {},
      trainer(`write(guess(test))
import socket
os.chdir(args.out)
server = socket.socket(socket.AF_UNIX)
server.bind('s')
server.listen()
if os.fork() == 0:
    os.setsid()
    for stream in (0, 1, 2):
        os.close(stream)
    while True:
        server.accept()`),
    ),
    expected: SHUT_OUT,
  },
  {
    name: 'leaves-marks-for-later-runs',
    kind: 'cheat',
    does: 'a good train.py marks HOME, ~/.cache, TMPDIR and /tmp, and ends with an error where it finds such a mark',
    must: 'supported: HOME, TMPDIR and caches are private to a run, so no mark is ever found',
    build: commits({}, STRONG.replace('write(predict', `${MARKS}write(predict`)),
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['runs-complete'] }],
    unconfined: [{}],
  },
  {
    name: 'spoils-other-outputs',
    kind: 'cheat',
    does: "the variant guesses, and turns round every predictions.csv it finds under .mlr: the baseline's",
    must: "not supported: no run sees another run's folder",
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': trainer(`write(guess(test))
import glob
for top in (${JSON.stringify(place.repository)}, '.', '..', args.out + '/../..', args.out + '/../../..'):
    for path in glob.glob(top + '/.mlr/**/predictions.csv', recursive=True) + glob.glob(top + '/*/out/predictions.csv'):
        if os.path.abspath(path) != os.path.abspath(args.out + '/predictions.csv'):
            try:
                text = open(path).read()
                open(path, 'w').write(text.replace(',1\\n', ',x\\n').replace(',0\\n', ',1\\n').replace(',x\\n', ',0\\n'))
            except OSError:
                pass`),
          },
        },
      }),
    expected: SHUT_OUT,
    unconfined: [{ verdict: UNSUPPORTED }],
  },
  {
    name: 'evaluate-leaves-labels-in-temp',
    kind: 'cheat',
    does: 'evaluate copies the labels to its temp folder and HOME; the next variant ends with an error where it finds them',
    must: 'every run ends well: evaluate has its own TMPDIR and HOME',
    build: (place) =>
      lay(place, {
        files: {
          'train.py': WEAK,
          'evaluate.py': `${EVALUATE}import os, shutil, tempfile
for folder in (tempfile.gettempdir(), '/tmp', os.path.expanduser('~')):
    try:
        shutil.copy('data/test_labels.csv', os.path.join(folder, 'redteam-sheet.csv'))
    except OSError:
        pass
`,
        },
        variants: {
          variant: {
            'train.py': `${STRONG}import glob, tempfile
for top in {tempfile.gettempdir(), '/tmp', os.path.expanduser('~')}:
    if glob.glob(top + '/redteam-sheet.csv') or glob.glob(top + '/*/redteam-sheet.csv'):
        sys.exit(9)
`,
          },
        },
      }),
    commands: [againstMain('variant')],
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['runs-complete'] }],
    unconfined: [{}],
  },
];
