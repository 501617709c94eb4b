import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { readOutput } from '../../../src/runs/outputLog.ts';
import { listPids } from '../../../src/runs/processTable.ts';
import { outInside } from '../../../src/runs/runFolder.ts';
import { leftOf, ScratchWorkspace } from '../../hosts/scratchWorkspace.ts';

const probed = await probeConfinement();
const isHere = probed.level === 'bwrap';

test('this machine confines runs, or the probe says why not', () => {
  if (!isHere) process.stderr.write(`not run: confinement by bubblewrap (${probed.detail})\n`);
  expect(probed.detail).toMatch(/\.$/);
  if (process.env.MLR_REQUIRE === 'all') expect(probed).toMatchObject({ level: 'bwrap' });
});

describe.runIf(isHere)('a confined run', () => {
  let place: ScratchWorkspace;
  beforeEach(async () => {
    place = await ScratchWorkspace.make();
  });
  afterEach(async () => {
    await place.remove();
  });

  /** Runs a Python program confined, and gives what it printed. */
  async function printed(program: string, changes: Parameters<ScratchWorkspace['spec']>[1] = {}): Promise<string> {
    const spec = place.spec(['/usr/bin/python3', '-c', program], { confinement: 'bwrap', ...changes });
    const run = await place.run(spec);
    const output = await readOutput(place.top, spec.id);
    expect({ state: run.state, output }).toEqual({ state: 'finished', output });
    return output.trim();
  }

  test('sees the arm at the place of the original, and writes its output', async () => {
    await writeFile(join(place.top, 'original.txt'), 'x');
    await mkdir(join(place.top, '.git'));
    await place.write('train.py', 'import os\nprint(os.getcwd(), sorted(os.listdir(".")))\n');
    const spec = place.spec(['sh', '-c', 'python3 train.py && echo 1 > "$MLR_OUT/p.csv"'], { confinement: 'bwrap' });
    const run = await place.run(spec);
    expect(await readOutput(place.top, spec.id)).toBe(`${place.top} ['.mlr-out', 'train.py']\n`);
    expect(run).toMatchObject({ state: 'finished', output: { files: 1, bytes: 2 }, cwd: place.top });
    expect(outInside(spec, place.top)).toBe(join(place.top, '.mlr-out'));
    expect(existsSync(join(place.top, '.mlr-out'))).toBe(false);
  });

  test('finds nothing of an earlier run of a large arm, which is not copied again', async () => {
    for (let i = 0; i < 600; i += 1) await place.write(`data/${i % 20}/${i}.txt`, String(i));
    const program = `
import os
print(sum(len(files) for _, _, files in os.walk('data')), open('data/0/0.txt').read(), os.stat('data/1/1.txt').st_ino)
open('data/0/seen', 'w').write('7'); os.setxattr('data/2', 'user.seen', b'7')`;
    const listed = await printed(program);
    expect(listed).toMatch(/^600 0 \d+$/);
    expect(await printed(`${program.replace('import os', 'import os; assert not os.listxattr("data/2")')}`)).toBe(
      listed,
    );
  });

  test('works in the workspace folder below the repository', async () => {
    await place.write('sub/project/a.txt', 'here');
    const run = { folder: 'sub/project' };
    await mkdir(join(place.top, 'sub', 'project'), { recursive: true });
    expect(await printed('print(open("a.txt").read())', run)).toBe('here');
  });

  test('cannot write outside its copy, its output and its temporary folders', async () => {
    const program = `
import os, tempfile
def attempt(path):
    try:
        open(path, "w").write("x"); return "written"
    except OSError as error: return error.strerror
print([attempt(p) for p in ["/etc/mlr-test", "/usr/mlr-test", "/var/lib/mlr-test", "own", os.environ["MLR_OUT"] + "/o"]])
tempfile.NamedTemporaryFile().write(b"x"); open(os.path.expanduser("~/x"), "w")`;
    const refused = "'Read-only file system'";
    expect(await printed(program)).toBe(`[${refused}, ${refused}, ${refused}, 'written', 'written']`);
    expect(existsSync(join(homedir(), 'x'))).toBe(false);
    expect(existsSync(join(place.arm, 'own'))).toBe(false);
  });

  test('cannot remount the machine writable, even as root', async () => {
    // Asked only, never written: where this fails, the machine must not pay for it.
    const program = `
import subprocess
for words in (["mount", "-o", "remount,rw", "/"], ["mount", "-t", "tmpfs", "x", "/mnt"], ["umount", "-l", "/etc/ssh"],
              ["unshare", "-Urm", "sh", "-c", "mount -o remount,rw,bind / && test -w /etc"]):
    print(subprocess.run(words, capture_output=True).returncode != 0)
print(open("/proc/self/status").read().split("CapEff:")[1].split()[0])`;
    expect((await printed(program)).split('\n')).toEqual(['True', 'True', 'True', 'True', '0000000000000000']);
  });

  test('cannot set a kernel setting, as root either', async () => {
    // Opened only, never written: where this fails, the machine must not pay for it.
    const program = `
import os
print([path for top in ("/proc/sys", "/sys") for at, _, names in os.walk(top) for path in [os.path.join(at, n) for n in names]
       if os.access(path, os.W_OK)], os.access("/proc/sysrq-trigger", os.W_OK))
try: os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY)
except OSError as error: print(error.strerror)`;
    expect(await printed(program)).toMatch(/^\[\] False\n(Read-only file system|Permission denied)$/);
  });

  test('does not see hidden files, masked folders, nor the homes of people', async () => {
    await place.write('data/labels.csv', 'secret');
    await mkdir(join(place.top, 'data'));
    await writeFile(join(place.top, 'data', 'labels.csv'), 'secret');
    const corpus = join(place.top, '..', 'corpus');
    await mkdir(join(corpus, 'sub'), { recursive: true });
    for (const name of ['train.csv', 'labels.csv', 'sub/labels.csv']) await writeFile(join(corpus, name), 'secret');
    const masked = [join(place.top, 'data/labels.csv'), join(await realpath(corpus), 'labels.csv'), '/usr/share/perl5'];
    const program = `
import os
def read(path):
    try: return open(path).read()
    except OSError: return "unreadable"
print([os.path.exists("data/labels.csv"), sorted(os.listdir("corpus")), read("corpus/labels.csv"),
       os.listdir("/usr/share/perl5"), os.path.exists(os.path.expanduser("~/.ssh")), os.path.exists("/home/someone")])`;
    const inputs = [{ from: await realpath(corpus), as: 'corpus' }];
    expect(await printed(program, { masked, inputs })).toBe(
      "[False, ['labels.csv', 'sub', 'train.csv'], 'unreadable', [], False, False]",
    );
  });

  test.runIf(existsSync('/home'))('sees none of the homes of this machine but its own, which is empty', async () => {
    const program = `
import os
mounts = [line.split() for line in open("/proc/self/mountinfo")]
own = os.path.basename(os.path.expanduser("~"))
print(any(m[4] == "/home" and "tmpfs" in m for m in mounts), [name for name in os.listdir("/home") if name != own])`;
    expect(await printed(program)).toBe('True []');
  });

  test('sees a hidden file only where it is revealed', async () => {
    await mkdir(join(place.top, 'data'));
    const labels = join(place.top, 'data', 'labels.csv');
    await writeFile(labels, 'secret');
    const program = 'import os; print(open("data/labels.csv").read())';
    const revealed = [{ from: labels, as: 'data/labels.csv' }];
    expect(await printed(program, { masked: [labels], revealed })).toBe('secret');
  });

  test('cannot change an input, and reads it at its place', async () => {
    const data = join(place.top, 'data');
    await mkdir(data);
    await writeFile(join(data, 'train.csv'), 'rows');
    const program = `
print(open("data/train.csv").read())
try: open("data/train.csv", "a")
except OSError as error: print(error.strerror)`;
    const inputs = [{ from: data, as: 'data' }];
    expect(await printed(program, { inputs })).toBe('rows\nRead-only file system');
  });

  test('cannot change the output of the run that it evaluates', async () => {
    const out = join(place.top, 'earlier');
    await mkdir(out);
    await writeFile(join(out, 'p.csv'), '1');
    const program = `
import os; path = os.environ["MLR_OUT"] + "/p.csv"; print(open(path).read())
try: open(path, "w")
except OSError as error: print(error.strerror)`;
    expect(await printed(program, { out: { path: out, readOnly: true } })).toBe('1\nRead-only file system');
  });

  test('has no network but itself, unless it was given one', async () => {
    const program = `
import socket
server = socket.create_server(("127.0.0.1", 0)); socket.create_connection(server.getsockname()).close()
print([name for _, name in socket.if_nameindex()])
try: socket.create_connection(("192.0.2.1", 80), 2)
except OSError as error: print(error.strerror)`;
    expect(await printed(program)).toBe("['lo']\nNetwork is unreachable");
    const names = 'import socket; print(*sorted(name for _, name in socket.if_nameindex()))';
    const ofMachine = execFileSync('/usr/bin/python3', ['-c', names], { encoding: 'utf8' }).trim();
    expect(await printed(names, { network: ['example.org'] })).toBe(ofMachine);
  });

  test('cannot hold more than its limit in folders that live in memory, and puts nothing beside the devices', async () => {
    const program = `
import os
def mib(path): return os.statvfs(path).f_blocks * os.statvfs(path).f_frsize >> 20
kinds = {place: kind for _, place, kind, *_ in map(str.split, open("/proc/mounts"))}
places = [place for place, kind in kinds.items() if kind in ("tmpfs", "ramfs") and os.access(place, os.W_OK)]
print({mib(place) for place in places if place != "/dev/shm"} - {1}, mib("/dev/shm"), os.access("/dev", os.W_OK))
open("/dev/null", "w").write("x")`;
    expect(await printed(program, { limits: { memoryBytes: 300 * 2 ** 20 } })).toBe('set() 300 False');
  });

  test('sees only its own processes, keeps the host name, shared memory and Unix sockets', async () => {
    const program = `
import os, socket, multiprocessing as m
from multiprocessing import shared_memory
print(len([p for p in os.listdir("/proc") if p.isdigit()]) < 5, socket.gethostname())
block = shared_memory.SharedMemory(create=True, size=10); block.unlink()
s = socket.socket(socket.AF_UNIX); s.bind(os.environ["TMPDIR"] + "/s")
with m.Pool(2) as pool: print(pool.map(abs, [-1, -2]))
print(os.path.exists("/run/docker.sock"), os.listdir("/run"))`;
    expect(await printed(program)).toBe(`True ${hostname()}\n[1, 2]\nFalse []`);
  });

  test('cannot read the secrets of the machine, as root either', async () => {
    const program = `
def read(path):
    try: return open(path).read()
    except OSError: return ""
print(repr(read("/etc/shadow")), repr(read("/root/.gitconfig")))`;
    expect(await printed(program)).toBe("'' ''");
  });

  test('starts with an interpreter that lives below a hidden home or in the repository', async () => {
    const home = await ScratchWorkspace.make();
    const before = process.env.HOME;
    try {
      process.env.HOME = home.top;
      await writeFile(join(home.top, 'private.txt'), 'x');
      const inHome = join(home.top, 'envs', 'mine');
      const inRepository = join(place.top, '.venv');
      for (const folder of [inHome, inRepository]) {
        execFileSync('/usr/bin/python3', ['-m', 'venv', '--without-pip', folder]);
        const spec = place.spec(
          [
            join(folder, 'bin', 'python'),
            '-c',
            'import sys, os; print(sys.prefix, os.listdir(os.path.expanduser("~")))',
          ],
          { confinement: 'bwrap' },
        );
        await place.run(spec);
        const seen = folder === inHome ? "['envs']" : '[]';
        expect(await readOutput(place.top, spec.id)).toBe(`${folder} ${seen}\n`);
      }
    } finally {
      process.env.HOME = before;
      await home.remove();
    }
  });

  test('leaves no process behind, whatever it detached', async () => {
    const program = `
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve("/bin/sleep", ["sleep", "62.5"], {})
    os._exit(0)
time.sleep(0.3)`;
    const spec = place.spec(['/usr/bin/python3', '-c', program], { confinement: 'bwrap' });
    expect((await place.run(spec)).state).toBe('finished');
    expect(leftOf(spec.id)).toEqual([]);
    expect(await commandLines()).not.toContain('sleep\0' + '62.5');
  });

  test('ends at its limits with a grace, and its exit code, signal and missing command are told apart', async () => {
    const python = (program: string, changes = {}) => place.python(program, { confinement: 'bwrap', ...changes });
    expect(await python('raise SystemExit(5)')).toMatchObject({ failure: 'exit', exit: 5 });
    expect(await python('import os; os.kill(os.getpid(), 11)')).toMatchObject({ failure: 'signal', exit: null });
    expect(await place.run(place.spec(['nowhere'], { confinement: 'bwrap' }))).toMatchObject({ failure: 'spawn' });
    const slow =
      'import signal, sys, time, os; signal.signal(15, lambda *a: (open(os.environ["MLR_OUT"] + "/t", "w"), sys.exit(0))); time.sleep(60)';
    const ended = await python(slow, { limits: { wallSeconds: 3 } });
    expect(ended).toMatchObject({ failure: 'wall', output: { files: 1 } });
    expect(ended.resources.wallSeconds).toBeLessThan(20);
    const hog = await python('x = b"x" * (400 * 2**20); import time; time.sleep(5)', {
      limits: { memoryBytes: 2 ** 28 },
    });
    expect(hog).toMatchObject({ failure: 'memory' });
  });

  test('is counted without the sandbox itself', async () => {
    const run = await place.python('import time; time.sleep(0.3)', { confinement: 'bwrap' });
    expect(run.resources.processes).toBe(1);
  });

  test('is bounded when it multiplies without end', async () => {
    const spec = place.spec(['/bin/sh', '-c', 'b() { b | b & }; b; sleep 20'], {
      confinement: 'bwrap',
      limits: { processes: 30 },
    });
    const run = await place.run(spec);
    expect(run).toMatchObject({ state: 'failed', failure: 'processes' });
    expect(run.resources.wallSeconds).toBeLessThan(20);
    expect(leftOf(spec.id)).toEqual([]);
  });
});

async function commandLines(): Promise<string> {
  const lines = await Promise.all(listPids().map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.join('\n');
}
