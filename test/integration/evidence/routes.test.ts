import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, test } from 'vitest';
import type { Check, Measurement } from '../../../src/domain/evidence.ts';
import { measure } from '../../../src/evidence/measure.ts';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { CONTRACT, EVALUATE, ScratchStudy, SHORT, TRAIN } from './scratchStudy.ts';

const probed = await probeConfinement();
const isHere = probed.level === 'bwrap';

test('this machine confines runs, or the probe says why not', () => {
  if (!isHere) process.stderr.write(`not run: routes to hidden files (${probed.detail})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(probed.level).toBe('bwrap');
  expect(probed.detail).not.toBe('');
});

/** An arm whose output is not the baseline's. */
const OTHER = TRAIN.replace('SKILL = 20', 'SKILL = 22');

/** Looks for the labels by every route there might be, and fails with those that lead there. */
const SEARCH = (top: string) => `${OTHER}
import glob, os, subprocess
SECRET = "secret-label"
top = ${JSON.stringify(top)}
def holds(path):
    try:
        return SECRET in open(path, errors="replace").read()
    except OSError:
        return False
def git(*words):
    done = subprocess.run(["git", *words], capture_output=True, text=True)
    return SECRET in done.stdout
routes = {path: holds(path) for path in ["data/labels.txt", top + "/data/labels.txt", "data/linked.txt", "copy.txt"]}
for base in ["/proc/*/root", "/proc/*/cwd", "/proc/*/cwd/..", "/proc/1/root"]:
    for name in ["data/labels.txt", top[1:] + "/data/labels.txt", top[1:] + "-other/data/labels.txt"]:
        for path in glob.glob(base + "/" + name):
            routes[path] = holds(path)
routes["git"] = git("show", "HEAD:data/labels.txt") or git("--git-dir", top + "/.git", "show", "HEAD:data/labels.txt")
for folder in [top, top + "-other", top + "/.mlr", "/tmp", os.path.dirname(top)]:
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            if holds(path) and name != "train.py":
                routes[path] = True
found = [route for route, leads in routes.items() if leads]
assert not found, found
`;

const LABELS = Array.from({ length: 40 }, () => '1').join('\n');

describe.runIf(isHere)('a confined run', { timeout: 300_000 }, () => {
  let study: ScratchStudy;
  afterEach(() => study.remove());

  async function measured(
    variant: Record<string, string>,
    { contract = SHORT, files = {} }: { contract?: string; files?: Record<string, string> } = {},
  ): Promise<Measurement> {
    await study.write(files);
    const baseline = await study.arm('baseline');
    const request = await study.request(baseline, [await study.arm('variant', variant)], contract);
    const outcome = await measure({ ...request, confinement: 'bwrap', allSeeds: true });
    if (outcome.kind !== 'measured') throw new Error(JSON.stringify(outcome.failures));
    return outcome.measurement;
  }

  const voids = ({ checks }: Measurement): Check[] => checks.filter((c) => c.kind === 'void' && c.passed === false);

  it('finds hidden labels by no route: path, git, worktrees, /proc, old runs, links and copies in the workspace', async () => {
    study = await ScratchStudy.make();
    const evaluate = EVALUATE.replace('.read_text().split()\n', '.read_text().split()[:40]\n');
    await study.write({ 'evaluate.py': evaluate, 'data/labels.txt': `${LABELS}\nsecret-label` });
    // Left there by their owner, where git does not look.
    await writeFile(join(study.top, '.git', 'info', 'exclude'), 'copy.txt\ndata/linked.txt\n');
    await copyFile(join(study.top, 'data/labels.txt'), join(study.top, 'copy.txt'));
    await link(join(study.top, 'data/labels.txt'), join(study.top, 'data/linked.txt'));
    await study.git('worktree', 'add', '-q', `${study.top}-other`);
    // The run of an earlier measurement, which kept what it saw.
    const old = join(study.top, '.mlr/runs/old/out/seen.txt');
    await mkdir(dirname(old), { recursive: true });
    await writeFile(old, 'secret-label');
    const measurement = await measured({ 'train.py': SEARCH(study.top) });
    expect(voids(measurement)).toEqual([]);
    expect(measurement.checks.find(({ name }) => name === 'hidden-unseen')?.passed).toBe(true);
    await study.git('worktree', 'remove', '--force', `${study.top}-other`);
  });

  it('is void where a copy of a hidden file is tracked under another name', async () => {
    study = await ScratchStudy.make();
    const text = await readFile(join(study.top, 'data/labels.txt'), 'utf8');
    const measurement = await measured({ 'train.py': OTHER }, { files: { 'old/answers.txt': text } });
    expect(voids(measurement)).toMatchObject([
      {
        name: 'hidden-unseen',
        detail: expect.stringContaining('old/answers.txt of baseline is a copy of data/labels.txt'),
      },
    ]);
    expect(measurement.verdict).toBe('invalid');
  });

  it('cannot reach the evaluation: modules, start-up files, .pth, byte code, HOME, a process left behind', async () => {
    study = await ScratchStudy.make();
    const attack = `${OTHER}
import os, subprocess
bad = "import builtins, json\\nreal = json.dumps\\njson.dumps = lambda o, *a, **k: real({'accuracy': 0.987})\\n"
home = Path(os.environ["HOME"])
packages = f".local/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
for folder in [Path("."), out, home, home / packages, Path(os.environ["TMPDIR"]), Path("data"), Path("__pycache__"), out / "__pycache__"]:
    for name in ["sitecustomize.py", "usercustomize.py", "conftest.py", "json.py", "pathlib.py", "x.pth"]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("import sitecustomize\\n" if name.endswith(".pth") else bad)
        except OSError:
            pass
later = f"import time, pathlib; time.sleep(0.3); [pathlib.Path('{out}').joinpath('predictions.txt').write_text('') for _ in range(9)]"
if os.fork() == 0:
    os.setsid()
    subprocess.Popen([sys.executable, "-c", later], start_new_session=True)
    os._exit(0)
`;
    const own = { 'sitecustomize.py': 'import json\njson.dumps = lambda *a, **k: \'{"accuracy": 0.987}\'\n' };
    const modules = { 'json.py': 'raise SystemExit("shadowed")\n', 'conftest.py': 'raise SystemExit(1)\n' };
    const measurement = await measured({ 'train.py': attack, ...own, ...modules });
    const values = measurement.variants[0]?.values ?? [];
    expect(values.every((value) => value !== null && value > 0.3 && value < 0.7)).toBe(true);
    expect(voids(measurement)).toEqual([]);
  });

  it('is void where a variant changes a test input, although the contract lets it vary', async () => {
    study = await ScratchStudy.make();
    const contract = `${SHORT}varies: [data/test.csv]\n`;
    const rows = Array.from({ length: 40 }, (_, i) => `q${i}`).join('\n');
    const measurement = await measured({ 'train.py': OTHER, 'data/test.csv': rows }, { contract });
    expect(voids(measurement)).toMatchObject([{ name: 'inputs-unchanged', revision: 'variant' }]);
  });

  it('sees a folder of many files as an input, read-only and neither copied nor linked', async () => {
    study = await ScratchStudy.make({ '.gitignore': '.mlr/\nlarge/\n' });
    const large = join(study.top, 'large');
    await mkdir(large);
    for (let i = 0; i < 300; i += 1) await writeFile(join(large, `${i}.txt`), String(i));
    const look = `${OTHER}
import os
names = os.listdir("large")
assert len(names) == 300, len(names)
for name in names[:5]:
    assert os.stat("large/" + name).st_nlink == 1
    for change in [lambda p: open(p, "w"), os.remove, lambda p: os.chmod(p, 0o777)]:
        try:
            change("large/" + name)
        except OSError:
            continue
        raise SystemExit("changed " + name)
`;
    const contract = SHORT.replace('inputs: [data/test.csv]', 'inputs: [data/test.csv, large]');
    const measurement = await measured({ 'train.py': look }, { contract });
    expect(voids(measurement)).toEqual([]);
    expect((await stat(join(large, '1.txt'))).nlink).toBe(1);
    expect(existsSync(join(study.top, '.mlr/runs', measurement.runs[0]?.id ?? '', 'tree/large/1.txt'))).toBe(false);
  });

  it('trains on shuffled labels read-only, whether the file or its folder is the input', async () => {
    study = await ScratchStudy.make();
    const table = `id,label\n${Array.from({ length: 40 }, (_, i) => `t${i},${i % 2}`).join('\n')}\n`;
    const base = `${CONTRACT}labels: { file: data/train.csv, column: label }\ntrivial: "/usr/bin/python3 train.py {seed} {out}"\n`;
    const contract = base.replace('[data/test.csv]', '[data/test.csv, data/train.csv]');
    await study.write({ 'data/train.csv': table, 'mlr.yaml': contract });
    const baseline = await study.arm('baseline');
    const better = await study.arm('variant', { 'train.py': TRAIN.replace('SKILL = 20', 'SKILL = 32') });
    const request = await study.request(baseline, [better], contract);
    const outcome = await measure({ ...request, confinement: 'bwrap', controls: true });
    if (outcome.kind !== 'measured') throw new Error(JSON.stringify(outcome.failures));
    const { checks, controls } = outcome.measurement;
    expect(controls?.labelShuffle?.permutations).toBe(5);
    expect(checks.find(({ name }) => name === 'label-shuffle')).toMatchObject({ kind: 'doubt', passed: false });
  });
});
