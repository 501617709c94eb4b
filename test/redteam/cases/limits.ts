import { readdirSync, readFileSync } from 'node:fs';
import type { Place } from '../place.ts';
import { lay, STRONG } from '../task.ts';
import { type RedteamCase, SUPPORTED } from '../types.ts';

const LATE = [{ verdict: ['invalid'], failedOneOf: ['budget-parity:void', 'runs-complete:void'] }] as const;

function within(keys: Record<string, unknown>, more: string): (place: Place) => void {
  return (place) => lay(place, { keys, variants: { variant: { 'train.py': `${STRONG}${more}` } } });
}

const wall = (seconds: number): Record<string, unknown> => ({
  budget: { wall: seconds, memory: '1GiB', gpus: 0, cpus: 1 },
});

/** Command lines of processes that hold this word. */
function processesWith(word: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(word));
}

const gone = (word: string) => (): string[] => processesWith(word).map((line) => `still runs: ${line.slice(0, 120)}`);

/** Runs at the edge of what they may use. */
export const limitCases: readonly RedteamCase[] = [
  {
    name: 'ignores-sigterm',
    kind: 'cheat',
    does: 'the variant ignores SIGTERM, SIGINT and SIGHUP and sleeps for a minute where the budget is 2 s',
    must: 'invalid: runs-complete (timed out), within the time of the test, and no process is left',
    build: within(
      wall(2),
      `import signal, subprocess
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)', 'redteam-ignores-sigterm'])
`,
    ),
    expected: LATE,
    after: gone('redteam-ignores-sigterm'),
  },
  {
    name: 'double-fork-outlives-run',
    kind: 'cheat',
    does: 'the variant is good and leaves a grandchild with a session of its own, which sleeps for two minutes',
    must: 'the whole process tree is gone when a run ends; the result stands',
    build: within(
      wall(20),
      `import subprocess
subprocess.Popen([sys.executable, '-c', '''import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(120)', 'redteam-double-fork'])
os._exit(0)'''], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait()
`,
    ),
    expected: [{ verdict: ['supported', 'invalid'] }],
    unconfined: [{}],
    after: gone('redteam-double-fork'),
  },
  {
    name: 'holds-the-output-open',
    kind: 'cheat',
    does: 'the variant is good and leaves a child that keeps standard output open for two minutes',
    must: 'measure ends in the time of the test: nobody waits for the pipe of a process that is gone',
    build: within(
      wall(20),
      `import subprocess
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(120)', 'redteam-holds-output'], start_new_session=True)
`,
    ),
    expected: [{ verdict: ['supported', 'invalid'] }],
    unconfined: [{}],
    after: gone('redteam-holds-output'),
  },
  {
    name: 'memory-just-under',
    kind: 'honest',
    does: 'the variant holds 150 MiB for half a second where the budget is 256 MiB, and maps 4 GiB that it never touches',
    must: 'supported: memory is the resident set, never the address space',
    build: within(
      { budget: { wall: 20, memory: '256MiB', gpus: 0, cpus: 1 } },
      `import mmap, time
held = bytearray(os.urandom(1 << 20)) * 150
reserved = mmap.mmap(-1, 4 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, 'MAP_NORESERVE', 0x4000))
time.sleep(0.5)
print(len(held))
`,
    ),
    expected: SUPPORTED,
  },
  {
    name: 'output-just-over',
    kind: 'cheat',
    does: 'the variant writes 80 KiB where output_limit is 64KiB',
    must: 'invalid: an output larger than the limit is void',
    build: within(
      { output_limit: '64KiB' },
      "open(os.path.join(args.out, 'more.bin'), 'wb').write(os.urandom(80 << 10))\n",
    ),
    expected: [{ verdict: ['invalid'], someVoid: true }],
  },
  {
    name: 'output-in-many-files',
    kind: 'cheat',
    does: 'the same in 40 files of 2 KiB each, in folders within folders',
    must: 'invalid: an output larger than the limit is void',
    build: within(
      { output_limit: '64KiB' },
      `for part in range(40):
    folder = os.path.join(args.out, 'a%d' % (part % 5), 'b')
    os.makedirs(folder, exist_ok=True)
    open(os.path.join(folder, str(part)), 'wb').write(os.urandom(2 << 10))
`,
    ),
    expected: [{ verdict: ['invalid'], someVoid: true }],
  },
  {
    name: 'output-just-under',
    kind: 'honest',
    does: 'the variant writes 40 KiB beside its predictions where output_limit is 64KiB',
    must: 'supported',
    build: within(
      { output_limit: '64KiB' },
      "open(os.path.join(args.out, 'more.bin'), 'wb').write(os.urandom(40 << 10))\n",
    ),
    expected: SUPPORTED,
  },
  {
    name: 'floods-standard-output',
    kind: 'honest',
    does: 'the variant prints 40 MB of progress before it writes its predictions',
    must: 'supported: what a script prints is a log, and no crash',
    build: within({}, "for line in range(400):\n    sys.stdout.write('x' * 99999 + '\\n')\n"),
    expected: SUPPORTED,
  },
];
