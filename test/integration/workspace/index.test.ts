import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseThreads } from '../../../src/workspace/symbols/parsePool.ts';
import { memorySource, Segment } from '../../../src/workspace/symbols/segment.ts';

const root = join(import.meta.dirname, '..', '..', '..');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'index-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Answer {
  files: number;
  symbols: number;
  parsed: number;
  languages: Record<string, number>;
  definitions: { path: string; line: number; kind: string; name: string }[];
  problems: { path: string; problem: string }[];
  notices: string[];
}

async function run(program: string, words: string[]): Promise<string> {
  return (await promisify(execFile)(program, words, { maxBuffer: 2 ** 28 })).stdout;
}
const index = async (workspace: string, ...words: string[]): Promise<Answer> =>
  JSON.parse(
    await run(process.execPath, [join(root, 'dist', 'cli.mjs'), 'index', '--json', '--workspace', workspace, ...words]),
  );

describe('the index of a large real tree', { timeout: 300_000 }, () => {
  it("holds the functions and classes that Python's own parser finds, and none that it does not", async () => {
    const library = (await run('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'])).trim();
    const tree = join(folder, 'library');
    // Python's own tests, where they are installed, are larger than all the rest.
    const skipped = /site-packages|dist-packages|__pycache__|\/test\/|\.(?:so|a|pyc|exe|whl)$/;
    await cp(library, tree, { recursive: true, dereference: true, filter: (path) => !skipped.test(path) });
    const truth: { definitions: [string, number, string][]; unparsed: string[] } = JSON.parse(
      await run('python3', [join(import.meta.dirname, 'definitions.py'), tree]),
    );
    const found = await index(tree, '--list');
    const unread = new Set([...truth.unparsed, ...found.problems.map(({ path }) => path)]);
    const large = found.problems.filter(({ problem }) => problem.includes('larger than'));
    const key = (path: string, line: number, name: string) => `${path}:${line}:${name}`;
    const named = found.definitions.filter(({ path }) => path.endsWith('.py'));
    const ours = new Set(named.map(({ path, line, name }) => key(path, line, name)));
    const theirs = truth.definitions.filter(([path]) => !large.some((file) => file.path === path));
    const all = new Set(truth.definitions.map(([path, line, name]) => key(path, line, name)));
    const missing = theirs.filter(([path, line, name]) => !ours.has(key(path, line, name)));
    const invented = named.filter(({ path, line, name }) => !unread.has(path) && !all.has(key(path, line, name)));
    const share = 1 - missing.length / theirs.length;
    process.stdout.write(
      `index: ${(100 * share).toFixed(2)} % of ${theirs.length} definitions found, ${invented.length} invented\n`,
    );
    expect(theirs.length).toBeGreaterThan(10_000);
    expect(share).toBeGreaterThanOrEqual(0.995);
    expect(invented).toEqual([]);
    const again = await index(tree);
    expect([again.parsed, again.symbols]).toEqual([0, found.symbols]);
  });
});

describe('a workspace of 100,000 files', { timeout: 300_000 }, () => {
  it('is indexed in bounded memory, and the code among its data is found', async () => {
    const work = join(folder, 'many');
    for (let part = 0; part < 100; part += 1) {
      mkdirSync(join(work, `part${part}`), { recursive: true });
      for (let i = 0; i < 1000; i += 1) {
        const isCode = i % 10 === 0;
        const name = join(work, `part${part}`, isCode ? `m${i}.py` : `scan${i}.png`);
        writeFileSync(name, isCode ? `def step_${part}_${i}():\n    return ${i}\n` : '');
      }
    }
    const watched = join(folder, 'watched.mjs');
    await writeFile(
      watched,
      "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS));\n" +
        'process.argv.splice(1, 1);\nawait import(process.argv[1]);\n',
    );
    const words = [watched, join(root, 'dist', 'cli.mjs'), 'index', '--json', '--workspace', work];
    const search = ['--search', 'step_73_420'];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [...words, ...search]);
    const found: Answer & { hits: { name: string }[] } = JSON.parse(stdout);
    expect([found.files, found.symbols, found.hits[0]?.name]).toEqual([10_000, 10_000, 'step_73_420']);
    expect(Number(/peak (\d+)/.exec(stderr)?.[1]) / 1000).toBeLessThan(400);
  });
});

describe('threads that parse', () => {
  const bundle = join(root, 'dist', 'parseWorker.mjs');
  const task = (path: string) => {
    const absolute = join(folder, path);
    return { path, absolute, language: 'python', bytes: 20, changed: 1, known: '' };
  };

  it('are used again by the next update, and hand over what is theirs alone', async () => {
    for (const name of ['first.py', 'second.py'])
      writeFileSync(join(folder, name), `def ${name.slice(0, -3)}(): pass\n`);
    let started = 0;
    const count = () => {
      started += 1;
    };
    process.on('worker', count);
    for (const name of ['first.py', 'second.py']) {
      const pool = parseThreads(1, bundle);
      await pool.parse([task(name)]);
      const [rest] = await pool.rest();
      await pool.close();
      const segment = new Segment(memorySource(rest?.segment ?? new Uint8Array()));
      expect(segment.header.files.map(({ path }) => path)).toEqual([name]);
    }
    process.off('worker', count);
    expect(started).toBe(1);
  });

  it('fail for everybody who waits where one ends', async () => {
    const dying = join(folder, 'dying.mjs');
    writeFileSync(
      dying,
      "import { parentPort } from 'node:worker_threads';\nparentPort.on('message', () => process.exit(3));\n",
    );
    const pool = parseThreads(1, dying);
    const asked = await Promise.allSettled([pool.parse([task('first.py')]), pool.parse([task('second.py')])]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await pool.close();
  });
});

describe('what an index must bear', { timeout: 300_000 }, () => {
  it('leaves out what it cannot use with a reason, and goes on after damage', async () => {
    const work = join(folder, 'odd');
    await cp(join(root, 'examples', 'digits'), work, { recursive: true });
    const odd: Record<string, string | Buffer> = {
      'utf16.py': Buffer.from('\ufeffdef wide():\n    return 1\n', 'utf16le'),
      'line.py': `x = "${'a'.repeat(10_000_000 - 1_000)}"\n`.slice(0, 1_400_000),
      'huge.py': 'x = 1\n'.repeat(500_000),
      'two.py': 'print "old"\ndef old():\n    print >>f, "x"\n',
      'broken.py': 'def whole():\n    return 1\n\ndef torn(:\n    pass\n\ndef after():\n    return 2\n',
      'binary.py': Buffer.from([0, 1, 2, 0]),
      'empty.ipynb': '',
      '.mlrignore': 'secret.py\n',
      'secret.py': 'def secret(): pass\n',
      'note.ipynb': JSON.stringify(
        { cells: [{ cell_type: 'code', source: ['%time\n', 'def cell():\n', '    return 1\n'] }], nbformat: 4 },
        null,
        1,
      ),
    };
    for (const [name, content] of Object.entries(odd)) await writeFile(join(work, name), content);
    await symlink('.', join(work, 'loop'));
    const found = await index(work, '--list');
    const names = found.definitions.map(({ name }) => name);
    expect(found.definitions.filter(({ path }) => path.startsWith('loop/'))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['wide', 'old', 'whole', 'after', 'cell']));
    expect(names).not.toContain('secret');
    const at = found.definitions.find(({ name }) => name === 'cell');
    expect(String(odd['note.ipynb']).split('\n')[(at?.line ?? 0) - 1]).toContain('def cell');
    const why = Object.fromEntries(found.problems.map(({ path, problem }) => [path, problem]));
    expect(why).toMatchObject({
      'line.py': expect.stringContaining('a line of more than'),
      'huge.py': expect.stringContaining('larger than'),
      'binary.py': 'it is no text',
      'broken.py': 'it does not parse as a whole',
      'empty.ipynb': 'it is no notebook that can be read',
    });
    await writeFile(join(work, '.mlr', 'index', '1.segment'), 'no index at all'.repeat(1000));
    const mended = await index(work);
    expect([mended.files, mended.symbols]).toEqual([found.files, found.symbols]);
    expect(mended.notices[0]).toMatch(/1\.segment is damaged \(.*\): its files are read anew\.$/);
    await writeFile(join(work, 'two.py'), 'def newer():\n    return 1\n');
    await rm(join(work, 'broken.py'));
    const edited = await index(work, '--list');
    expect(edited.parsed).toBe(1);
    expect(edited.definitions.map(({ name }) => name)).toEqual(expect.arrayContaining(['newer', 'wide']));
    expect(edited.definitions.map(({ path }) => path)).not.toContain('broken.py');
  });

  it('passes over what may not be entered, and works where nothing may be written', async () => {
    const work = join(folder, 'closed');
    await mkdir(join(work, 'inner'), { recursive: true });
    await writeFile(join(work, 'open.py'), 'def seen(): pass\n');
    await writeFile(join(work, 'inner', 'shut.py'), 'def unseen(): pass\n');
    await writeFile(join(work, 'shut.py'), 'def unread(): pass\n');
    for (const name of ['inner', 'shut.py']) await chmod(join(work, name), 0);
    await chmod(work, 0o555);
    await chmod(folder, 0o755);
    // Nothing is forbidden to root, so somebody else has to look.
    const someone = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const cli = join(root, 'dist', 'cli.mjs');
    const words = [cli, 'index', '--json', '--list', '--workspace', work];
    const { stdout } = await promisify(execFile)(process.execPath, words, { ...someone, cwd: '/' });
    const found: Answer = JSON.parse(stdout);
    expect(found.definitions.map(({ name }) => name)).toEqual(['seen']);
    expect(found.problems).toEqual([{ path: 'shut.py', problem: 'it may not be read' }]);
    for (const path of [work, join(work, 'inner'), join(work, 'shut.py')]) await chmod(path, 0o755);
  });
});
