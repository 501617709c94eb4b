import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdir, rename, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeptTrees, treesIn } from '../../../src/runs/keptTrees.ts';
import { readOutput } from '../../../src/runs/outputLog.ts';
import { sessionFolder } from '../../../src/runs/runFolder.ts';
import { copyTree } from '../../../src/runs/treeFiles.ts';
import { ScratchWorkspace } from '../../hosts/scratchWorkspace.ts';

let place: ScratchWorkspace;
let trees: KeptTrees;
let tree: string;
let session: string;
beforeEach(async () => {
  place = await ScratchWorkspace.make();
  trees = new KeptTrees(1);
  tree = join(place.top, 'tree');
  session = sessionFolder(place.top, 's1');
  for (const path of ['train.py', 'lib/a.py', 'lib/deep/b.py', 'lib/deep/c.py', 'other/d.py']) {
    await place.write(path, `# ${path}\n`);
    await utimes(join(place.arm, path), 1_700_000_000, 1_700_000_000);
  }
  await symlink('train.py', join(place.arm, 'link.py'));
});
afterEach(async () => {
  await place.remove();
});

/** Lets a program do what it likes in a laid out tree, as a run does, and hands that on to the next run.
 *  @returns whether the tree was used again */
async function between(program: string, limits = { outputBytes: 1 }): Promise<boolean> {
  const spec = place.spec(['true'], { limits });
  await copyTree(place.arm, tree);
  await trees.note(tree);
  execFileSync('/usr/bin/python3', ['-c', program], { cwd: tree });
  await trees.keep(spec, tree, session);
  return await trees.take(spec, tree);
}

/** Everything in a tree that a program could leave something in: names, kinds, modes, times, contents, attributes. */
function contentsOf(path: string): string {
  const program = `
import os, sys
for top, folders, files in os.walk('.'):
    folders.sort()
    attributes = lambda p: [(n, os.getxattr(p, n, follow_symlinks=False)) for n in os.listxattr(p, follow_symlinks=False) if n.startswith('user.')]
    print(top, oct(os.lstat(top).st_mode), attributes(top))
    for name in sorted(files):
        p = os.path.join(top, name); s = os.lstat(p)
        print(p, oct(s.st_mode), s.st_nlink, 0 if os.path.islink(p) else s.st_mtime, attributes(p), os.readlink(p) if os.path.islink(p) else open(p).read())`;
  return execFileSync('/usr/bin/python3', ['-c', program], { cwd: path, encoding: 'utf8' });
}

test('a run gets the very tree of the run before, where that left it alone', async () => {
  await copyTree(place.arm, tree);
  const before = statSync(join(tree, 'lib/deep/b.py')).ino;
  const spec = place.spec(['true']);
  await trees.note(tree);
  await trees.keep(spec, tree, session);
  expect(existsSync(tree)).toBe(false);
  expect(await trees.take(spec, tree)).toBe(true);
  expect(statSync(join(tree, 'lib/deep/b.py')).ino).toBe(before);
  expect(contentsOf(tree)).toBe(contentsOf(place.arm));
});

test.each([
  ['a new file', 'open("lib/deep/seen.txt", "w").write("7")'],
  ['a new folder', 'import os; os.makedirs("lib/new/er"); open("lib/new/er/x", "w")'],
  ['a mark in an attribute of a folder', 'import os; os.setxattr("lib/deep", "user.seen", b"7")'],
  ['a mark in an attribute of its top', 'import os; os.setxattr(".", "user.seen", b"7")'],
  ['a new link', 'import os; os.symlink("lib/a.py", "seen")'],
  ['a pipe', 'import os; os.mkfifo("lib/pipe")'],
  ['a top that nobody may enter', 'import os; os.chmod(".", 0)'],
])('%s is not there for the next run', async (_what, program) => {
  expect(await between(program)).toBe(true);
  expect(contentsOf(tree)).toBe(contentsOf(place.arm));
});

test.each([
  ['wrote over a file', 'open("lib/a.py", "a").write("best = 7")'],
  [
    'wrote over a file of the same size, and set its times back',
    'import os; s = os.stat("lib/a.py"); f = open("lib/a.py", "r+"); f.write("!"); f.close(); os.utime("lib/a.py", ns=(s.st_atime_ns, s.st_mtime_ns))',
  ],
  ['left a mark in a time', 'import os; os.utime("lib/a.py", (7, 7))'],
  ['left a mark in a mode', 'import os; os.chmod("lib/a.py", 0o777)'],
  ['left a mark in an attribute of a file', 'import os; os.setxattr("lib/a.py", "user.seen", b"7")'],
  ['removed a file', 'import os; os.remove("lib/deep/b.py")'],
  [
    'exchanged two files',
    'import os; os.rename("lib/a.py", "t"); os.rename("train.py", "lib/a.py"); os.rename("t", "train.py")',
  ],
  ['gave a file a second name', 'import os; os.link("lib/a.py", "lib/twin.py")'],
  ['put a link in place of a file', 'import os; os.remove("train.py"); os.symlink("lib/a.py", "train.py")'],
  ['led a link elsewhere', 'import os; os.remove("link.py"); os.symlink("lib/a.py", "link.py")'],
  ['removed a folder', 'import shutil; shutil.rmtree("lib/deep")'],
  ['put a link in place of a folder', 'import os; os.rename("lib", "was"); os.symlink("was", "lib")'],
  ['took away the right to enter a folder', 'import os; os.chmod("lib/deep", 0)'],
  [
    'exchanged two folders of the same names',
    'import os; os.rename("lib", "t"); os.rename("other", "lib"); os.rename("t", "other")',
  ],
  ['wrote to very many folders', 'for i in range(40): open(f"wide/{i}/seen", "w")'],
])('the tree of a run that %s is not used again', async (_what, program) => {
  await place.write('other/a.py', '# lib/a.py\n');
  for (let i = 0; i < 40; i += 1) await place.write(`wide/${i}/file.py`, '');
  expect(await between(program)).toBe(false);
  expect(existsSync(tree)).toBe(false);
});

test('no tree is kept where the disk could not hold what the next run may write', async () => {
  expect(await between('', { outputBytes: 2 ** 60 })).toBe(false);
});

test('a tree is used for no run that sees other inputs', async () => {
  const spec = place.spec(['true']);
  await copyTree(place.arm, tree);
  await trees.note(tree);
  await trees.keep(spec, tree, session);
  expect(await trees.take({ ...spec, inputs: [{ from: place.arm, as: 'data' }] }, tree)).toBe(false);
});

test('a tree that another process left is not used', async () => {
  const spec = place.spec(['true']);
  await copyTree(place.arm, tree);
  await trees.note(tree);
  await trees.keep(spec, tree, session);
  expect(await new KeptTrees(1).take(spec, tree)).toBe(false);
});

test('a tree that somebody removed is copied again', async () => {
  const spec = place.spec(['true']);
  await copyTree(place.arm, tree);
  await trees.note(tree);
  await trees.keep(spec, tree, session);
  await mkdir(join(place.top, 'away'));
  await rename(treesIn(session), join(place.top, 'away', 'trees'));
  expect(await trees.take(spec, tree)).toBe(false);
});

test('runs of a large arm see nothing of each other, and leave no copy of it in their folders', async () => {
  for (let i = 0; i < 600; i += 1) await place.write(`data/${i % 20}/${i}.txt`, String(i));
  await place.write(
    'train.py',
    `import os
print(sum(len(files) for _, _, files in os.walk('data')), open('data/0/0.txt').read(), os.stat('data/1/1.txt').st_ino)
open('data/0/seen', 'w').write('7')`,
  );
  const first = place.spec(['/usr/bin/python3', 'train.py']);
  const second = place.spec(['/usr/bin/python3', 'train.py']);
  for (const spec of [first, second]) expect(await place.run(spec)).toMatchObject({ state: 'finished' });
  expect(await readOutput(place.top, first.id)).toMatch(/^600 0 \d+\n$/);
  // The same file by its number: the tree was used again, and not copied.
  expect(await readOutput(place.top, second.id)).toBe(await readOutput(place.top, first.id));
  expect(existsSync(join(place.folder(second), 'tree'))).toBe(false);
});
