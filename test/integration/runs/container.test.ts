import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findImage } from '../../../src/runs/container/engine.ts';
import { readLock } from '../../../src/runs/lock.ts';
import { supervisorLock } from '../../../src/runs/lostRun.ts';
import { readOutput } from '../../../src/runs/outputLog.ts';
import { readRecord, requestStop, sessionFolder } from '../../../src/runs/runFolder.ts';
import { RunQueue } from '../../../src/runs/runQueue.ts';
import { testImage } from '../../hosts/containers/testImage.ts';
import { buildSupervisor, leftOf, ScratchWorkspace, until } from '../../hosts/scratchWorkspace.ts';

const container = await testImage();
const isHere = typeof container !== 'string';

type Changes = NonNullable<Parameters<ScratchWorkspace['spec']>[1]>;

function contained(changes: Changes = {}): Changes {
  if (!isHere) throw new Error(container);
  return { confinement: 'container', container, ...changes };
}

/** Containers that are there, running or not, of a run. */
function containersOf(id: string): string {
  return execFileSync(isHere ? container.engine : 'podman', ['ps', '--all', '--quiet', '--filter', `name=mlr-${id}`], {
    encoding: 'utf8',
  }).trim();
}

test('this machine has a container engine, or the reason is told', () => {
  if (!isHere) process.stderr.write(`not run: runs in containers (${container.split('\n')[0]})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(container).toMatchObject({ image: 'localhost/mlr-test:latest' });
  expect(container).not.toBe('');
});

describe.runIf(isHere)('a run in a container', () => {
  let place: ScratchWorkspace;
  beforeEach(async () => {
    place = await ScratchWorkspace.make();
  });
  afterEach(async () => {
    await place.remove();
  });

  async function printed(program: string, changes: Changes = {}): Promise<string> {
    const spec = place.spec(['python3', '-c', program], contained(changes));
    const run = await place.run(spec);
    const output = await readOutput(place.top, spec.id);
    expect({ state: run.state, output }).toEqual({ state: 'finished', output });
    return output.trim();
  }

  test('sees the arm at the place of the original, writes its output, and its record names the image', async () => {
    await place.write(
      'train.py',
      'import os\nprint(os.getcwd(), sorted(os.listdir(".")))\nopen(os.environ["MLR_OUT"] + "/p.csv", "w").write("1")\n',
    );
    const spec = place.spec(['python3', 'train.py'], contained());
    const run = await place.run(spec);
    expect(await readOutput(place.top, spec.id)).toBe(`${place.top} ['.mlr-out', 'train.py']\n`);
    expect(run).toMatchObject({
      ...{ state: 'finished', confinement: 'container', cwd: place.top, output: { files: 1, bytes: 1 } },
      environment: { container: 'podman', image: 'localhost/mlr-test:latest', imageId: isHere && container.id },
    });
    expect(run.environment.python).toMatch(/^3\.\d+/);
    expect(run.resources.wallSeconds).toBeGreaterThan(0);
    expect(containersOf(spec.id)).toBe('');
  });

  test('sees nothing else of the machine: neither files nor keys nor network', async () => {
    await writeFile(join(dirname(place.top), 'beside.txt'), 'x');
    process.env.SOME_API_KEY = 'sk-canary';
    try {
      const listed = await printed(`
import os, socket
print(os.path.exists(${JSON.stringify(join(dirname(place.top), 'beside.txt'))}), os.listdir(${JSON.stringify(homedir())}))
print([name for name in os.environ if 'KEY' in name or 'canary' in os.environ[name]])
try: socket.create_connection(('1.1.1.1', 53), 2)
except OSError as error: print(type(error).__name__)`);
      expect(listed.split('\n').map((line) => line.trim())).toEqual(['False []', '[]', 'OSError']);
    } finally {
      delete process.env.SOME_API_KEY;
    }
  });

  test('reads its inputs and cannot change them, and what is masked in them is not there', async () => {
    const corpus = join(dirname(place.top), 'a, "corpus"');
    await mkdir(join(corpus, 'secret'), { recursive: true });
    await writeFile(join(corpus, 'rows.csv'), '1,2');
    await writeFile(join(corpus, 'secret', 'labels.csv'), 'yes');
    const inputs = [{ from: corpus, as: 'data' }];
    const masked = [join(corpus, 'secret')];
    const listed = await printed(
      `
import os
print(open('data/rows.csv').read(), os.listdir('data/secret'))
try: open('data/rows.csv', 'w')
except OSError as error: print(error.strerror)`,
      { inputs, masked },
    );
    expect(listed).toBe('1,2 []\nRead-only file system');
  });

  test('cannot change the kernel of the machine, nor gain what it was not given', async () => {
    const listed = await printed(`
import os
for path in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/sys/kernel/uevent_helper'):
    try: open(path, 'w').write('x'); print('wrote', path)
    except OSError: pass
print([line.split()[1] for line in open('/proc/self/status') if line.startswith(('CapEff', 'NoNewPrivs'))])`);
    expect(listed).toBe("['0000000000000000', '1']");
  });

  test('is ended where it asks for more memory than its limit', async () => {
    const spec = place.spec(
      ['python3', '-c', 'x = bytearray(1 << 30); print(len(x))'],
      contained({ limits: { memoryBytes: 2 ** 26 } }),
    );
    expect(await place.run(spec)).toMatchObject({ state: 'failed', failure: 'memory' });
  });

  test('is ended at its time limit with everything it started, though it ignores being asked', async () => {
    const program = `
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0: os.setsid()
time.sleep(60)`;
    const spec = place.spec(['python3', '-c', program], contained({ limits: { wallSeconds: 2 } }));
    const run = await place.run(spec);
    expect(run).toMatchObject({ state: 'failed', failure: 'wall' });
    expect(leftOf(spec.id)).toEqual([]);
    expect(containersOf(spec.id)).toBe('');
  });

  test('fails with its own exit code, and with its error where its command is not in the image', async () => {
    const own = await place.run(place.spec(['python3', '-c', 'raise SystemExit(127)'], contained()));
    expect(own).toMatchObject({ state: 'failed', failure: 'exit', exit: 127 });
    const absent = await place.run(place.spec(['no-such-program'], contained()));
    expect(absent).toMatchObject({ state: 'failed', failure: 'spawn' });
    expect(absent.state === 'failed' && absent.reason).toMatch(
      /could not start "no-such-program" in localhost\/mlr-test/,
    );
  });

  test('is stopped when somebody asks', async () => {
    const spec = place.spec(['python3', '-c', 'import time; time.sleep(60)'], contained());
    const running = place.run(spec);
    await until(() => leftOf(spec.id).length > 0);
    await requestStop(place.top, spec.id, 'researcher');
    expect(await running).toMatchObject({ state: 'stopped', by: 'researcher' });
    expect(containersOf(spec.id)).toBe('');
  });
});

describe.runIf(isHere)('a run in a container whose supervisor is killed', () => {
  let place: ScratchWorkspace;
  let session: string;
  beforeAll(async () => {
    place = await ScratchWorkspace.make();
    session = sessionFolder(place.top, 's1');
  });
  afterAll(async () => {
    await until(async () => !(await readLock(supervisorLock(session))).live, 10_000);
    await place.remove();
  });

  test('ends with it, is recorded as lost, and leaves no container', async () => {
    const supervisorArgv = [...(await buildSupervisor(place.top)), session, place.top, '1000'];
    const queue = new RunQueue({ workspace: place.top, session: 's1', supervisorArgv });
    const spec = place.spec(['python3', '-c', 'import time; time.sleep(60)'], contained());
    await queue.submit(spec);
    await until(async () => (await readRecord(place.folder(spec)))?.state === 'running');
    await until(() => leftOf(spec.id).length > 0);
    const { owner } = await readLock(supervisorLock(session));
    if (owner) process.kill(owner.pid, 'SIGKILL');
    await until(() => leftOf(spec.id).length === 0, 10_000);
    expect(await queue.wait(spec.id)).toMatchObject({ state: 'failed', failure: 'host' });
    await until(() => containersOf(spec.id) === '', 10_000);
    expect(existsSync(join(place.folder(spec), 'tree'))).toBe(false);
  });
});

describe('where a container cannot be had', () => {
  test.runIf(isHere)('an image that is not on this machine is named, with the command that fetches it', async () => {
    await expect(findImage({ image: 'localhost/no-such-image', engine: 'podman' })).rejects.toThrow(
      /podman has no image localhost\/no-such-image on this machine; fetch it with `podman pull/,
    );
  });

  test('a machine without an engine is told so, with the way out', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nonexistent';
    try {
      await expect(findImage({ image: 'x' })).rejects.toThrow(
        /podman is not installed; docker is not installed\. Install podman or docker .*environment: local/,
      );
    } finally {
      process.env.PATH = path;
    }
  });
});
