import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Repository } from '../../../src/git/repository.ts';
import {
  filesBelow,
  put,
  scratchFolder,
  scratchRepository,
  userGit,
  userState,
} from '../../hosts/scratchRepository.ts';

describe('opening a workspace', () => {
  test('names the top and the subfolder that the workspace is', async () => {
    const root = scratchRepository({ 'code/exp one/train.py': 'print(1)\n' });
    const below = await Repository.open(join(root, 'code/exp one'));
    expect([below.top, below.folder]).toEqual([root, 'code/exp one']);
    expect((await Repository.open(root)).folder).toBe('');
  });

  test('says how to make a repository where there is none', async () => {
    const folder = scratchFolder();
    await expect(Repository.open(folder)).rejects.toMatchObject({
      reason: 'no-repository',
      message: `${folder} is not a git repository; run \`git init && git add -A && git commit -m start\` there first`,
    });
    await expect(Repository.open(join(folder, 'gone'))).rejects.toMatchObject({ reason: 'no-repository' });
  });

  test('says how to make the first commit', async () => {
    const root = scratchFolder();
    userGit(root, 'init', '--quiet');
    await expect(Repository.open(root)).rejects.toMatchObject({
      reason: 'no-commit',
      message: expect.stringContaining('git commit'),
    });
  });

  test('refuses a bare repository', async () => {
    const root = scratchFolder();
    userGit(root, 'init', '--quiet', '--bare');
    await expect(Repository.open(root)).rejects.toMatchObject({ reason: 'bare' });
  });

  test('asks to install git where it is missing', async () => {
    const root = scratchRepository({});
    const path = process.env.PATH;
    process.env.PATH = join(root, 'nowhere');
    try {
      await expect(Repository.open(root)).rejects.toMatchObject({
        reason: 'no-git',
        message: expect.stringContaining('install git'),
      });
    } finally {
      process.env.PATH = path;
    }
  });

  test('asks for a newer git where it is too old', async () => {
    const root = scratchRepository({});
    put(root, { 'bin/git': '#!/bin/sh\necho git version 1.8.3.1\n' });
    chmodSync(join(root, 'bin/git'), 0o755);
    const path = process.env.PATH;
    process.env.PATH = `${join(root, 'bin')}:${path}`;
    try {
      await expect(Repository.open(root)).rejects.toMatchObject({
        reason: 'too-old',
        message: 'git version 1.8.3.1 is too old; install git 2.30 or newer',
      });
    } finally {
      process.env.PATH = path;
    }
  });

  test('is not misled by the git variables of whoever started the program', async () => {
    const root = scratchRepository({ a: '1\n' });
    process.env.GIT_DIR = join(scratchRepository({ other: '' }), '.git');
    try {
      expect((await Repository.open(root)).top).toBe(root);
    } finally {
      delete process.env.GIT_DIR;
    }
  });
});

describe('revisions', () => {
  test('resolve to commit, tree and subject', async () => {
    const root = scratchRepository({ a: '1\n' });
    userGit(root, 'commit', '--quiet', '--allow-empty', '-m', 'Zweite Änderung\n\nbody');
    userGit(root, 'tag', '-a', 'v1', '-m', 'tag');
    const repository = await Repository.open(root);
    expect(await repository.resolve('v1')).toEqual({
      revision: 'v1',
      commit: userGit(root, 'rev-parse', 'HEAD'),
      tree: userGit(root, 'rev-parse', 'HEAD^{tree}'),
      subject: 'Zweite Änderung',
    });
  });

  test.each(['nope', '', '--all', '-h', '--output=x', 'HEAD:a', 'a\nb'])(
    '%j is refused as no revision',
    async (revision) => {
      const repository = await Repository.open(scratchRepository({ a: '1\n' }));
      await expect(repository.resolve(revision)).rejects.toMatchObject({ reason: 'no-such-revision' });
    },
  );
});

describe('trees', () => {
  const odd = [
    'with space.py',
    'quo"te\'s.txt',
    'new\nline',
    'tab\tname',
    'naïve-Ω-日本.md',
    '-dash',
    'a:b',
    'sub/*.py',
    '[x]',
    'back\\slash',
  ];

  test('files of any name can be listed, read, written and removed', async () => {
    const root = scratchRepository(Object.fromEntries(odd.map((name) => [name, `I am ${name}\r\nno end`])));
    const repository = await Repository.open(root);
    const { commit, tree } = await repository.resolve('HEAD');
    expect((await repository.listFiles(commit)).map((file) => file.path).sort()).toEqual([...odd].sort());
    for (const name of odd) expect((await repository.readFile(tree, name))?.toString()).toBe(`I am ${name}\r\nno end`);
    expect(await repository.readFile(commit, 'absent')).toBeNull();
    expect(await repository.readFile(commit, 'sub')).toBeNull();

    const changed = await repository.writeTreeWith(
      tree,
      odd.map((path) => ({ path, content: Buffer.from(`new ${path}`) })),
    );
    for (const name of odd) expect((await repository.readFile(changed, name))?.toString()).toBe(`new ${name}`);
    const emptied = await repository.writeTreeWith(
      changed,
      odd.map((path) => ({ path, content: null })),
    );
    expect(await repository.listFiles(emptied)).toEqual([]);
  });

  test('a written file keeps its mode unless told otherwise', async () => {
    const repository = await Repository.open(scratchRepository({ a: '' }));
    const { tree } = await repository.resolve('HEAD');
    const executable = await repository.writeTreeWith(tree, [{ path: 'a', content: Buffer.from('x'), mode: '100755' }]);
    const rewritten = await repository.writeTreeWith(executable, [{ path: 'a', content: Buffer.from('y') }]);
    expect(await repository.listFiles(rewritten)).toMatchObject([{ path: 'a', mode: '100755', size: 1 }]);
  });

  test.each(['../x', '/x', 'a/../b', '.git/config', 'a//b', 'a/.GIT/x', ''])(
    'no tree is written with the path %j',
    async (path) => {
      const repository = await Repository.open(scratchRepository({ a: '' }));
      const { tree } = await repository.resolve('HEAD');
      await expect(repository.writeTreeWith(tree, [{ path, content: Buffer.from('') }])).rejects.toMatchObject({
        reason: 'bad-path',
      });
    },
  );
});

describe('commits of our own', () => {
  test('carry our identity, whatever the user has configured, and run no hook', async () => {
    const root = scratchRepository({ a: '1\n' });
    userGit(root, 'config', 'user.name', 'Somebody');
    userGit(root, 'config', 'commit.gpgSign', 'true');
    userGit(root, 'config', 'gpg.program', '/bin/false');
    const hook = `#!/bin/sh\ntouch '${join(root, 'hooked')}'\nexit 1\n`;
    for (const name of ['post-checkout', 'pre-commit', 'reference-transaction', 'post-index-change']) {
      writeFileSync(join(root, '.git/hooks', name), hook, { mode: 0o755 });
    }
    const before = userState(root);
    const repository = await Repository.open(root);
    const head = await repository.resolve('HEAD');
    const tree = await repository.writeTreeWith(head.tree, [{ path: 'b', content: Buffer.from('2\n') }]);
    const commit = await repository.commitTree(tree, [head.commit], 'Add b\n\nWhy: “quotes” -- and 日本');
    await repository.keep('s-1', { variant: commit });
    expect(userGit(root, 'log', '-1', '--format=%an <%ae> %cn %P%n%B', 'refs/mlr/s-1/variant')).toBe(
      `MLR Copilot <mlr-copilot@localhost> MLR Copilot ${head.commit}\nAdd b\n\nWhy: “quotes” -- and 日本`,
    );
    expect(userState(root)).toEqual(before);
  });

  test('only our own branches and refs are ever written', async () => {
    const root = scratchRepository({ a: '1\n' });
    const repository = await Repository.open(root);
    const { commit } = await repository.resolve('HEAD');
    for (const branch of [
      'main',
      'refs/heads/main',
      'mlr/',
      'mlr/../main',
      'mlr/a..b',
      'mlr/x.lock',
      'mlr/-d',
      'mlr/a b',
    ]) {
      await expect(repository.setBranch(branch, commit)).rejects.toMatchObject({ reason: 'bad-name' });
    }
    await expect(repository.keep('../heads', { main: commit })).rejects.toMatchObject({ reason: 'bad-name' });
    await repository.setBranch('mlr/idea-1', commit);
    expect(userGit(root, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main\nrefs/heads/mlr/idea-1');
  });
});

describe('an export', () => {
  test('holds the tree but what is left out, and nothing of git', async () => {
    const root = scratchRepository({
      'train.py': 'a\n',
      'data/train.csv': '1\n',
      'data/labels.csv': 'secret\n',
      'data/labels.csv.md': 'about\n',
      'hidden/x/y': 'secret\n',
      'ünï "q"\n.txt': 'odd\n',
    });
    const repository = await Repository.open(root);
    put(root, { 'train.py': 'dirty\n', '.gitattributes': '* text eol=crlf\n' });
    const before = userState(root);
    const folder = join(scratchFolder(), 'deep/export');
    await repository.exportTree((await repository.resolve('HEAD')).tree, folder, {
      leaveOut: ['data/labels.csv', 'hidden/'],
    });
    expect(filesBelow(folder)).toEqual({
      'train.py': 'a\n',
      'data/train.csv': '1\n',
      'data/labels.csv.md': 'about\n',
      'ünï "q"\n.txt': 'odd\n',
    });
    expect(userState(root)).toEqual(before);
  });

  test('keeps executables and links, and makes a submodule an empty folder', async () => {
    const inner = scratchRepository({ x: '1\n' });
    const root = scratchRepository({ a: 'x\n' });
    userGit(root, 'update-index', '--add', '--cacheinfo', `160000,${userGit(inner, 'rev-parse', 'HEAD')},module`);
    userGit(root, 'update-index', '--chmod=+x', 'a');
    userGit(root, 'commit', '--quiet', '-m', 'module');
    const repository = await Repository.open(root);
    const link = await repository.writeTreeWith((await repository.resolve('HEAD')).tree, [
      { path: 'link', content: Buffer.from('a'), mode: '120000' },
    ]);
    const folder = join(scratchFolder(), 'export');
    await repository.exportTree(link, folder, { leaveOut: [] });
    expect(filesBelow(folder)).toEqual({ a: 'x\n', link: '-> a', module: '(empty)' });
  });

  test('never mixes with files that are there already', async () => {
    const repository = await Repository.open(scratchRepository({ a: 'x\n' }));
    const folder = scratchFolder();
    put(folder, { old: '' });
    await expect(
      repository.exportTree((await repository.resolve('HEAD')).tree, folder, { leaveOut: [] }),
    ).rejects.toMatchObject({
      reason: 'not-empty',
    });
  });
});

test('a workspace on a linked worktree of the user works like any other', async () => {
  const root = scratchRepository({ a: '1\n' });
  const linked = join(scratchFolder(), 'linked');
  userGit(root, 'worktree', 'add', '--quiet', '-b', 'side', linked);
  put(linked, { a: '2\n' });
  mkdirSync(join(linked, 'sub'));
  const repository = await Repository.open(join(linked, 'sub'));
  expect([repository.top, repository.folder]).toEqual([linked, 'sub']);
  expect((await repository.snapshot('s'))?.changed).toEqual(['a']);
});

describe('a bundle of arms', () => {
  const arms = async (root: string) => {
    const repository = await Repository.open(root);
    const { tree } = await repository.resolve('HEAD');
    const other = await repository.writeTreeWith(tree, [{ path: 'b', content: Buffer.from('2\n') }]);
    return [
      { name: 'variant', tree: other },
      { name: 'baseline', tree },
    ];
  };

  test('is the same whenever it is written, and leaves no ref behind', async () => {
    const root = scratchRepository({ a: '1\n' });
    const repository = await Repository.open(root);
    const trees = await arms(root);
    const before = userState(root);
    const folder = scratchFolder();
    // At the same time, as two measurements of one workspace do.
    const written = ['one', 'two', 'three'].map((name) => repository.writeBundle(join(folder, name), 'arms', trees));
    const [commits] = await Promise.all(written);
    const bytes = ['one', 'two', 'three'].map((name) => readFileSync(join(folder, name)));
    expect(bytes[1]).toEqual(bytes[0]);
    expect(bytes[2]).toEqual(bytes[0]);
    expect(userState(root)).toEqual(before);
    const heads = userGit(root, 'bundle', 'list-heads', join(folder, 'one')).trim().split('\n');
    expect(heads).toEqual([`${commits?.baseline} refs/mlr/arms/baseline`, `${commits?.variant} refs/mlr/arms/variant`]);
  });

  test('is fetched where git names objects by SHA-256 too', async () => {
    const root = scratchFolder();
    userGit(root, 'init', '--quiet', '--object-format=sha256');
    put(root, { a: '1\n' });
    userGit(root, 'add', '-A');
    userGit(root, 'commit', '--quiet', '-m', 'start');
    const repository = await Repository.open(root);
    const file = join(scratchFolder(), 'arms.bundle');
    const commits = await repository.writeBundle(file, 'arms', await arms(root));
    await repository.fetchBundle(file, 'fetched');
    expect(await repository.readFile(commits.variant ?? '', 'b')).toEqual(Buffer.from('2\n'));
  });

  test('names the command that failed', async () => {
    const root = scratchRepository({ a: '1\n' });
    const repository = await Repository.open(root);
    await expect(
      repository.writeBundle(join(root, 'no/such/folder/b'), 'arms', await arms(root)),
    ).rejects.toMatchObject({ message: expect.stringContaining('git bundle failed in') });
  });
});
