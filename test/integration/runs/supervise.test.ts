import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readOutput, readStream } from '../../../src/runs/outputLog.ts';
import { readProcess } from '../../../src/runs/processTable.ts';
import { inRun, requestStop } from '../../../src/runs/runFolder.ts';
import { tracebacksOf } from '../../../src/runs/traceback.ts';
import { hashTree } from '../../../src/runs/treeFiles.ts';
import { leftOf, ScratchWorkspace, until } from '../../hosts/scratchWorkspace.ts';

let place: ScratchWorkspace;
beforeEach(async () => {
  place = await ScratchWorkspace.make();
});
afterEach(async () => {
  await place.remove();
});

test('a run that succeeds is recorded with its output, resources and environment, and its copy is gone', async () => {
  await place.write(
    'train.py',
    'import os\nopen(os.environ["MLR_OUT"] + "/a.txt", "w").write("hi")\nprint("done")\nimport time; time.sleep(0.2)',
  );
  const spec = place.spec(['/usr/bin/python3', 'train.py']);
  const run = await place.run(spec);
  expect(run).toMatchObject({ state: 'finished', exit: 0, output: { files: 1, bytes: 2 }, seed: 7 });
  expect(run.environment.python).toMatch(/^3\./);
  expect(run.resources.memoryBytes).toBeGreaterThan(1_000_000);
  expect(await readOutput(place.top, spec.id)).toBe('done\n');
  expect(await readFile(join(place.folder(spec), 'out', 'a.txt'), 'utf8')).toBe('hi');
  expect(existsSync(join(place.folder(spec), 'tree'))).toBe(false);
  expect(JSON.parse(await readFile(join(place.folder(spec), 'run.json'), 'utf8'))).toEqual(run);
});

test('a run that exits with an error is failed, with its code', async () => {
  expect(await place.python('raise SystemExit(3)')).toMatchObject({ state: 'failed', failure: 'exit', exit: 3 });
});

test('a run that failed is recorded with the last error that it printed, and where in its own code', async () => {
  await place.write('train.py', 'import json\n\ndef load(text):\n    return json.loads(text)\n\nload("nonsense")\n');
  const run = await place.run(place.spec(['/usr/bin/python3', 'train.py']));
  expect(run.state === 'failed' && run.printed).toBe(
    'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0) (train.py:4)',
  );
});

test('a run that failed without a traceback is recorded with its last line', async () => {
  const run = await place.python(
    'import argparse; argparse.ArgumentParser(prog="train.py").parse_args(["--sed", "1"])',
  );
  expect(run.state === 'failed' && run.printed).toBe('train.py: error: unrecognized arguments: --sed 1');
});

test.each([
  ['the words before it', 'print("no model found"); ', 'no model found'],
  ['nothing, where there are none', '', undefined],
])('a run that failed after its scores is not recorded with them, but with %s', async (_what, before, printed) => {
  const run = await place.python(`${before}print('{"accuracy": 0.9}'); raise SystemExit(1)`);
  expect(run).toMatchObject({ state: 'failed', reason: 'It ended with exit code 1.' });
  expect(run.state === 'failed' && run.printed).toBe(printed);
});

test('a run that crashes by a signal names it', async () => {
  const run = await place.python('import os, signal; os.kill(os.getpid(), signal.SIGSEGV)');
  expect(run).toMatchObject({ state: 'failed', failure: 'signal', exit: null });
  expect(run.state === 'failed' && run.reason).toContain('SIGSEGV');
});

test('an arm that was altered since it was exported is not run', async () => {
  await place.write('train.py', 'print("as exported")');
  const sourceSha256 = await hashTree(place.arm);
  const spec = () => place.spec(['/usr/bin/python3', 'train.py'], { sourceSha256 });
  expect(await place.run(spec())).toMatchObject({ state: 'finished' });
  await place.write('train.py', 'print("as altered!")');
  const run = await place.run(spec());
  expect(run).toMatchObject({ state: 'failed', failure: 'host' });
  expect(run.state === 'failed' && run.reason).toContain('was altered since it was exported');
});

test('a command that does not exist is named, and nothing is started', async () => {
  const run = await place.run(place.spec(['no-such-program']));
  expect(run).toMatchObject({ state: 'failed', failure: 'spawn' });
  expect(run.state === 'failed' && run.reason).toContain('"no-such-program"');
});

test.each([
  ['a path that it covers has gone is put up again', 'create file at /gone/a.sock: Read-only', 'finished'],
  ['a path that it covers goes is put up again', 'bind mount /dev/null on /newroot/gone/a.sock: Unable', 'finished'],
  ['a path that is there cannot be covered is not', 'create file at /etc/passwd: Read-only', 'failed'],
])('a sandbox that cannot be put up because %s', async (_what, said, state) => {
  // Stands in for bubblewrap: what a socket that closes at the wrong moment makes it say, then a run that succeeds.
  const sandbox = join(place.top, 'bin', 'bwrap');
  const script = `#!/bin/sh
    [ "$1" = --help ] && exit
    [ -e "$0.tried" ] && { echo '{ "exit-code": 0 }' >&3; exit 0; }
    : >"$0.tried"
    echo "bwrap: Can't ${said}" >&2
    exit 1`;
  await mkdir(join(place.top, 'bin'));
  await writeFile(sandbox, script);
  await chmod(sandbox, 0o755);
  vi.stubEnv('PATH', `${join(place.top, 'bin')}:${process.env.PATH}`);
  try {
    expect(await place.run(place.spec(['true'], { confinement: 'bwrap' }))).toMatchObject({ state });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a run ends at its time limit, with a grace to tidy up', async () => {
  const program = `
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *a: (print("tidied"), sys.exit(0)))
print("up"); time.sleep(60)`;
  const spec = place.spec(['/usr/bin/python3', '-c', program], { limits: { wallSeconds: 3 } });
  const run = await place.run(spec);
  expect(run).toMatchObject({ state: 'failed', failure: 'wall' });
  expect(run.resources.wallSeconds).toBeLessThan(20);
  expect(await readOutput(place.top, spec.id)).toBe('up\ntidied\n');
});

test('a run that hangs until its time limit leaves the calls that were open in its output, and no core', async () => {
  await place.write('wait.py', 'import time\n\ndef fetch():\n    time.sleep(60)\n\nfetch()\n');
  const spec = place.spec(['/usr/bin/python3', 'wait.py'], { limits: { wallSeconds: 3 } });
  const run = await place.run(spec);
  expect(run).toMatchObject({ state: 'failed', failure: 'wall' });
  expect(run.resources.wallSeconds).toBeLessThan(20);
  const [calls] = tracebacksOf(await readOutput(place.top, spec.id));
  expect(calls?.frames.map(({ line, function: name }) => [line, name])).toEqual([
    [6, '<module>'],
    [4, 'fetch'],
  ]);
  expect(run.output).toMatchObject({ files: 0 });
});

test('a run that ignores the request to end is killed after the grace', async () => {
  const deaf = 'import signal, time\nfor one in (signal.SIGTERM, signal.SIGABRT): signal.signal(one, signal.SIG_IGN)\n';
  const run = await place.python(`${deaf}time.sleep(60)`, { limits: { wallSeconds: 2 } });
  expect(run).toMatchObject({ state: 'failed', failure: 'wall' });
  expect(run.resources.wallSeconds).toBeGreaterThan(3.5);
  expect(run.resources.wallSeconds).toBeLessThan(20);
});

test('a run that eats memory is ended at its limit', async () => {
  const run = await place.python('import time\nx = []\nwhile True: x.append(b"x" * 2**22); time.sleep(0.002)', {
    limits: { memoryBytes: 200 * 2 ** 20 },
  });
  expect(run).toMatchObject({ state: 'failed', failure: 'memory' });
  expect(run.resources.memoryBytes).toBeLessThan(1000 * 2 ** 20);
});

test('memory is that of all processes of the run together', async () => {
  const program = `
import subprocess, sys
child = "x = b'x' * (60 * 2**20); import time; time.sleep(1)"
for p in [subprocess.Popen([sys.executable, "-c", child]) for _ in range(3)]: p.wait()`;
  const run = await place.python(program);
  expect(run.state).toBe('finished');
  expect(run.resources.memoryBytes).toBeGreaterThan(180 * 2 ** 20);
  expect(run.resources.processes).toBe(4);
});

test('a run that multiplies without end is bounded, and nothing of it is left', async () => {
  const spec = place.spec(['/bin/sh', '-c', 'b() { b | b & }; b; sleep 20'], { limits: { processes: 20 } });
  const run = await place.run(spec);
  expect(run).toMatchObject({ state: 'failed', failure: expect.stringMatching(/^(processes|memory)$/) as string });
  expect(leftOf(spec.id)).toEqual([]);
});

test('a process that detached itself and forgot its environment ends with the run', async () => {
  const marker = join(place.arm, 'pid');
  const program = `
import os, subprocess, time
pid = os.fork()
if pid == 0:
    os.setsid()
    if os.fork(): os._exit(0)
    open(${JSON.stringify(marker)}, "w").write(str(os.getpid()))
    os.execve("/bin/sleep", ["sleep", "61.5"], {})
os.waitpid(pid, 0); time.sleep(0.6)`;
  const run = await place.python(program);
  expect(run.state).toBe('finished');
  const pid = Number(await readFile(marker, 'utf8'));
  expect(pid).toBeGreaterThan(1);
  expect(readProcess(pid)).toBeNull();
});

test('a stop request ends a run and says who asked', async () => {
  const spec = place.spec(['/usr/bin/python3', '-c', 'import time; time.sleep(60)']);
  const run = place.run(spec);
  await until(() => leftOf(spec.id).length > 0);
  await requestStop(place.top, spec.id, 'Ada');
  expect(await run).toMatchObject({ state: 'stopped', by: 'Ada' });
});

test('output beyond the limit fails the run, and is not read', async () => {
  const run = await place.python('import os; open(os.environ["MLR_OUT"] + "/big", "wb").write(b"x" * 3 * 2**20)');
  expect(run).toMatchObject({ state: 'failed', failure: 'output', output: null });
});

test('a log beyond the limit keeps its beginning and its end, and fails nothing', async () => {
  const spec = place.spec([
    '/usr/bin/python3',
    '-c',
    'import sys; sys.stdout.write("".join(f"{i}\\n" for i in range(400_000)))',
  ]);
  expect((await place.run(spec)).state).toBe('finished');
  const output = await readOutput(place.top, spec.id);
  expect(output.startsWith('0\n1\n')).toBe(true);
  expect(output.endsWith('\n399999\n')).toBe(true);
  expect(output).toMatch(/\[… \d+ bytes left out/);
  expect(output.length).toBeLessThan(1.2 * 2 ** 20);
});

test('a run that prints much takes 64 MiB of the disk, and its last line can be read', async () => {
  const program = `
import sys
for _ in range(160): sys.stdout.write("x" * 2**20)
print()
print('{"score": 1}')`;
  const spec = place.spec(['/usr/bin/python3', '-c', program], { limits: { outputBytes: 2 ** 31 } });
  expect((await place.run(spec)).state).toBe('finished');
  expect(statSync(inRun.log(place.folder(spec))).size).toBeLessThan(65 * 2 ** 20);
  expect((await readStream(place.top, spec.id, 'stdout')).endsWith('x\n{"score": 1}\n')).toBe(true);
}, 30_000);

test.each([
  ['a link', 'os.symlink("/etc/passwd", out + "/passwd")', 'a link, passwd'],
  ['a FIFO in a folder', 'os.mkdir(out + "/d"); os.mkfifo(out + "/d/pipe")', 'a named pipe, d/pipe'],
  ['a socket', 'import socket; os.chdir(out); socket.socket(socket.AF_UNIX).bind("door")', 'a socket, door'],
])('%s in the output fails the run', async (_, statement, named) => {
  const run = await place.python(`import os; out = os.environ["MLR_OUT"]; ${statement}`);
  expect(run).toMatchObject({ state: 'failed', failure: 'output' });
  expect(run.state === 'failed' && run.reason).toContain(named);
});

test('what is printed to stdout can be told from what is printed to stderr', async () => {
  const spec = place.spec(['/bin/sh', '-c', 'echo one; sleep 0.1; echo warning >&2; sleep 0.1; echo two']);
  await place.run(spec);
  expect(await readOutput(place.top, spec.id)).toBe('one\nwarning\ntwo\n');
  expect(await readStream(place.top, spec.id, 'stdout')).toBe('one\ntwo\n');
});

test('no secret of this machine reaches a run; what the run needs does', async () => {
  const secrets = {
    OPENAI_API_KEY: 'k',
    AWS_SECRET_ACCESS_KEY: 'k',
    CUDA_TOKEN: 'k',
    SSH_AUTH_SOCK: '/s',
    HF_TOKEN: 'k',
  };
  Object.assign(process.env, secrets, { OMP_NUM_THREADS: '1' });
  try {
    const spec = place.spec(['/usr/bin/python3', '-c', 'import os, json; print(json.dumps(dict(os.environ)))'], {
      env: { EXTRA: 'yes' },
    });
    await place.run(spec);
    const seen = JSON.parse(await readOutput(place.top, spec.id));
    for (const name of Object.keys(secrets)) expect(seen).not.toHaveProperty(name);
    expect(seen).toMatchObject({ OMP_NUM_THREADS: '1', EXTRA: 'yes', MLR_SEED: '7', MLR_RUN: spec.id });
    expect(seen.HOME).toBe(join(place.folder(spec), 'home'));
    expect(seen.PYTHONHASHSEED).toBeUndefined();
  } finally {
    for (const name of [...Object.keys(secrets), 'OMP_NUM_THREADS']) delete process.env[name];
  }
});

test('the arm is imported, not what is installed from the original', async () => {
  await place.write('src/model.py', 'name = "arm"\n');
  await mkdir(join(place.top, 'src'));
  await writeFile(join(place.top, 'src', 'model.py'), 'name = "original"\n');
  const spec = place.spec(['/usr/bin/python3', '-c', 'import model; print(model.name)'], {
    env: { PYTHONPATH: join(place.top, 'src') },
  });
  await place.run(spec);
  expect(await readOutput(place.top, spec.id)).toBe('arm\n');
});

test('a run gets copies of its inputs without the hidden file; changing one shows in its record, not on disk', async () => {
  await mkdir(join(place.top, 'data'));
  await writeFile(join(place.top, 'data', 'train.csv'), 'a\n');
  await writeFile(join(place.top, 'data', 'labels.csv'), 'secret\n');
  await place.write('data/labels.csv', 'secret\n');
  const program = 'import os; print(sorted(os.listdir("data"))); open("data/train.csv", "a").write("b")';
  const spec = place.spec(['/usr/bin/python3', '-c', program], {
    inputs: [{ from: join(place.top, 'data'), as: 'data' }],
    masked: [join(place.top, 'data', 'labels.csv')],
  });
  const run = await place.run(spec);
  expect(await readOutput(place.top, spec.id)).toBe("['train.csv']\n");
  expect(run.hashes[0]?.before).not.toBe(run.hashes[0]?.after);
  expect(await readFile(join(place.top, 'data', 'train.csv'), 'utf8')).toBe('a\n');
});

test('an arm that links its data folder elsewhere does not lead the copy of an input out of the run', async () => {
  const elsewhere = join(place.top, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(place.top, 'x.csv'), 'x');
  await symlink(elsewhere, join(place.arm, 'data'));
  const spec = place.spec(['/bin/cat', 'data/x.csv'], {
    inputs: [{ from: join(place.top, 'x.csv'), as: 'data/x.csv' }],
  });
  expect((await place.run(spec)).state).toBe('finished');
  expect(await readOutput(place.top, spec.id)).toBe('x');
  expect(existsSync(join(elsewhere, 'x.csv'))).toBe(false);
});

test('hiding a file never removes the original, even where the arm links to its folder', async () => {
  const labels = join(place.top, 'data', 'labels.csv');
  await mkdir(join(place.top, 'data'));
  await writeFile(labels, 'secret');
  await symlink(join(place.top, 'data'), join(place.arm, 'data'));
  expect((await place.run(place.spec(['true'], { masked: [labels] }))).state).toBe('finished');
  expect(await readFile(labels, 'utf8')).toBe('secret');
});

test('a run that puts a link in the place of its output folder fails', async () => {
  const run = await place.run(place.spec(['/bin/sh', '-c', 'rmdir "$MLR_OUT" && ln -s /etc "$MLR_OUT"']));
  expect(run).toMatchObject({ state: 'failed', failure: 'output' });
});

test('a run that takes away the right to delete its folders is cleared away all the same', async () => {
  const spec = place.spec(['/bin/sh', '-c', 'mkdir -p a/b && touch a/b/c && chmod 500 a/b a && chmod 500 "$HOME"']);
  expect((await place.run(spec)).state).toBe('finished');
  expect(existsSync(join(place.folder(spec), 'tree'))).toBe(false);
  expect(existsSync(join(place.folder(spec), 'home'))).toBe(false);
});

test('a watched file that a run changes has two hashes', async () => {
  await place.write('evaluate.py', 'honest');
  const spec = place.spec(['/bin/sh', '-c', 'echo cheat > evaluate.py'], { watched: ['evaluate.py', 'missing.py'] });
  const [evaluate, missing] = (await place.run(spec)).hashes;
  expect(evaluate?.before).toMatch(/^[0-9a-f]{64}$/);
  expect(evaluate?.after).not.toBe(evaluate?.before);
  expect(missing).toEqual({ path: 'missing.py', before: null, after: null });
});

test('evaluate reads the output of a run and has none of its own to judge', async () => {
  const out = join(place.top, 'earlier');
  await mkdir(out);
  await writeFile(join(out, 'predictions.csv'), '1\n');
  const spec = place.spec(['/bin/sh', '-c', 'cat "$MLR_OUT/predictions.csv"'], { out: { path: out, readOnly: true } });
  expect(await place.run(spec)).toMatchObject({ state: 'finished', output: { files: 1 } });
  expect(await readOutput(place.top, spec.id)).toBe('1\n');
});

test('a path that leaves the workspace is refused before anything is started', async () => {
  const run = await place.run(place.spec(['true'], { inputs: [{ from: '/etc/hostname', as: '../x' }] }));
  expect(run).toMatchObject({ state: 'failed', failure: 'spawn' });
  expect(run.state === 'failed' && run.reason).toContain('"../x"');
});
