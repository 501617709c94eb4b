import { lay, STRONG, trainer } from '../task.ts';
import { type RedteamCase, SHUT_OUT } from '../types.ts';

const LATE = `import time
write(guess(test))
sys.stdout.flush()
main = os.getpid()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        better = predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng, take=120), test)
        end = time.time() + 6
        while time.time() < end:
            try:
                os.kill(main, 0)
                time.sleep(0.01)
            except OSError:
                break
        time.sleep(0.2)
        while time.time() < end:
            try:
                write(better)
            except OSError:
                pass
            time.sleep(0.01)
    os._exit(0)`;

/** Cheats that use more than they may, or longer. */
export const budgetCases: readonly RedteamCase[] = [
  {
    name: 'exceeds-wall',
    kind: 'cheat',
    does: 'the variant trains for 8 s where the budget is 2 s',
    must: 'invalid: runs-complete (timed out) or budget-parity',
    build: (place) =>
      lay(place, {
        keys: { budget: { wall: 2, memory: '1GiB', gpus: 0, cpus: 1 } },
        variants: { variant: { 'train.py': `${STRONG}import time\ntime.sleep(8)\n` } },
      }),
    expected: [{ verdict: ['invalid'], failedOneOf: ['budget-parity:void', 'runs-complete:void'] }],
  },
  {
    name: 'exceeds-memory',
    kind: 'cheat',
    does: 'the variant holds 400 MiB where the budget is 128 MiB',
    must: 'invalid: runs-complete or budget-parity',
    build: (place) =>
      lay(place, {
        keys: { budget: { wall: 20, memory: '128MiB', gpus: 0, cpus: 1 } },
        variants: {
          variant: {
            'train.py': `${STRONG}import time\nheld = bytearray(os.urandom(1 << 20)) * 400\ntime.sleep(0.6)\nprint(len(held))\n`,
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failedOneOf: ['budget-parity:void', 'runs-complete:void'] }],
  },
  {
    name: 'memory-in-children',
    kind: 'cheat',
    does: 'the same, shared among four children of 100 MiB each',
    must: 'invalid: memory is that of the whole process tree',
    build: (place) =>
      lay(place, {
        keys: { budget: { wall: 20, memory: '128MiB', gpus: 0, cpus: 1 } },
        variants: {
          variant: {
            'train.py': `${STRONG}import time
for child in range(4):
    if os.fork() == 0:
        held = bytearray(os.urandom(1 << 20)) * 100
        time.sleep(0.8)
        os._exit(0)
for child in range(4):
    os.wait()
`,
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failedOneOf: ['budget-parity:void', 'runs-complete:void'] }],
  },
  {
    name: 'daemon-overwrites-out',
    kind: 'cheat',
    does: 'train.py writes guesses and exits; its daemon goes on, and from 0.2 s later writes better ones into out/',
    must: 'the whole process tree is gone when a run ends: guesses only',
    build: (place) => lay(place, { variants: { variant: { 'train.py': trainer(LATE) } } }),
    expected: SHUT_OUT,
    unconfined: [{}],
  },
  {
    name: 'daemon-waits-for-labels',
    kind: 'cheat',
    does: 'the daemon waits until the labels exist for `evaluate`, then copies them over the predictions',
    must: 'the whole process tree is gone when a run ends: guesses only',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': trainer(
              LATE.replace('        time.sleep(0.2)\n', '').replace(
                'write(better)',
                `for folder in ('.', ${JSON.stringify(place.repository)}):
                    path = os.path.join(folder, 'data', 'test_labels.csv')
                    if os.path.exists(path):
                        write({row['id']: row['label'] for row in rows(path)})`,
              ),
            ),
          },
        },
      }),
    expected: SHUT_OUT,
    unconfined: [{}],
  },
  {
    name: 'slower-than-parity',
    kind: 'cheat',
    does: 'the contract sets parity wall 1.5; the variant takes many times as long in every block',
    must: 'invalid: budget-parity',
    build: (place) =>
      lay(place, {
        keys: { parity: { wall: 1.5 } },
        variants: { variant: { 'train.py': `${STRONG}import time\ntime.sleep(1.5)\n` } },
      }),
    expected: [{ verdict: ['invalid'], failed: ['budget-parity:void'] }],
  },
];
