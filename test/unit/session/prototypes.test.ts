import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChangeSet } from '../../../src/domain/change.ts';
import { fetchFiles } from '../../../src/git/fetchFiles.ts';
import { fetchPrototype, type PrototypeRequest } from '../../../src/session/prototypes.ts';
import { reusedIn, reuseInWords } from '../../../src/session/reused.ts';
import { type GitServer, gitServer } from '../../hosts/gitServer.ts';

const MIT =
  'MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software\n';
const MODEL = Array.from({ length: 12 }, (_, i) => `    weights_${i} = initialise(layer=${i}, scale=0.0${i})`);

let root: string;
let server: GitServer;
let first: string;
const git = (...words: string[]) =>
  execFileSync(
    'git',
    ['-C', path.join(root, 'sock', 'pairing'), '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words],
    {
      encoding: 'utf8',
    },
  ).trim();

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'mlr-remote-'));
  const repository = path.join(root, 'sock', 'pairing');
  await mkdir(path.join(repository, 'src'), { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await writeFile(path.join(repository, 'LICENSE'), MIT);
  await writeFile(path.join(repository, 'src', 'model.py'), `def build():\n${MODEL.join('\n')}\n`);
  await symlink('/etc/passwd', path.join(repository, 'secrets'));
  // A filter of the person's that the repository asks for would be a program that it starts.
  await writeFile(path.join(repository, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n');
  await writeFile(path.join(repository, 'weights.bin'), 'version https://git-lfs.github.com/spec/v1\n');
  await writeFile(path.join(repository, '.gitmodules'), '[submodule "x"]\n\tpath = x\n\turl = https://192.0.2.1/x\n');
  git('add', '--all');
  git('commit', '--quiet', '--message=first');
  first = git('rev-parse', 'HEAD');
  await writeFile(path.join(repository, 'later.py'), 'x = 1\n');
  git('add', '--all');
  git('commit', '--quiet', '--message=second');
  server = await gitServer(root);
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'mlr-prototype-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

function fetching(request: Partial<PrototypeRequest>, localOnly = false) {
  const url = `${server.baseUrl}/sock/pairing`;
  const ports = { workspace, localOnly, secret: async () => null, proxies: null, signal: new AbortController().signal };
  return fetchPrototype({ url, ref: null, approved: true, ...request }, ports);
}

async function fetched(request: Partial<PrototypeRequest> = {}) {
  const answer = await fetching(request);
  if (answer.kind !== 'fetched') throw new Error('it was not fetched');
  return answer.prototype;
}

test('nothing is fetched before somebody agrees, and the gate tells what would be', async () => {
  const answer = await fetching({ approved: false });
  expect(answer).toMatchObject({
    kind: 'waiting',
    gate: { kind: 'approveCommand', question: expect.stringContaining('Fetch http') },
  });
  expect(existsSync(path.join(workspace, '.mlr'))).toBe(false);
});

test('code comes as files of one commit with its licence, without what could reach or start anything', async () => {
  const prototype = await fetched({ ref: first });
  expect(prototype).toMatchObject({
    commit: first,
    folder: `.mlr/prototypes/sock-pairing-${first.slice(0, 12)}`,
    files: 6,
    licence: { spdx: 'MIT', file: 'LICENSE', terms: 'It may be used and changed; its copyright notice must be kept.' },
  });
  const folder = path.join(workspace, prototype.folder);
  expect((await readdir(folder)).sort()).toEqual([
    '.gitattributes',
    '.gitmodules',
    'LICENSE',
    'secrets',
    'src',
    'weights.bin',
  ]);
  expect((await lstat(path.join(folder, 'secrets'))).isSymbolicLink()).toBe(false);
  expect(await readFile(path.join(folder, 'secrets'), 'utf8')).toBe('/etc/passwd');
  // What is here is not asked for again.
  expect(await fetching({ ref: first, approved: false })).toEqual({ kind: 'fetched', prototype });
  expect((await fetched({ ref: 'main' })).commit).toBe(git('rev-parse', 'HEAD'));
});

test('what cannot be had is one sentence, and leaves nothing behind', async () => {
  await expect(fetching({ url: `${server.baseUrl}/sock/gone` })).rejects.toThrow(
    /sock\/gone cannot be fetched: .*check the address/,
  );
  await expect(fetching({ ref: 'no-such-branch' })).rejects.toThrow(/couldn't find remote ref no-such-branch/);
  await expect(fetching({ ref: '--upload-pack=touch' })).rejects.toThrow('is no branch, tag or commit');
  await expect(fetching({ url: 'ext::sh -c touch' })).rejects.toThrow('is no address of a repository');
  await expect(fetching({ url: 'https://github.com/a/b' }, true)).rejects.toThrow('local only is on');
  expect(await readdir(path.join(workspace, '.mlr', 'prototypes'))).toEqual([]);
});

test('a repository that is too large, or a protocol that was not allowed, is refused', async () => {
  const limits = {
    bytes: 100,
    milliseconds: 20_000,
    protocols: ['http'],
    proxy: null,
    signal: new AbortController().signal,
  };
  const remote = { url: `${server.baseUrl}/sock/pairing`, ref: null };
  const folder = path.join(workspace, 'x');
  await expect(fetchFiles(remote, folder, limits)).rejects.toMatchObject({ reason: 'too-large' });
  const local = { url: path.join(root, 'sock', 'pairing'), ref: null };
  await expect(fetchFiles(local, folder, { ...limits, bytes: 1e6 })).rejects.toThrow("transport 'file' not allowed");
  expect(existsSync(folder)).toBe(false);
});

describe('what a change takes over', () => {
  const change = (lines: readonly string[]): ChangeSet => ({
    id: 'c',
    title: 't',
    base: 'b',
    tree: 't',
    files: [
      {
        path: 'mine.py',
        kind: 'added',
        binary: false,
        before: null,
        after: 'a',
        hunks: [
          {
            id: 'h',
            oldStart: 0,
            oldLines: 0,
            newStart: 1,
            newLines: lines.length,
            lines: lines.map((l) => `+${l}`),
            decision: 'open',
          },
        ],
      },
    ],
  });

  test('is named with its source, commit and licence, however it was indented', async () => {
    const prototype = await fetched({ ref: first });
    const lines = [
      'import math',
      '',
      ...MODEL.slice(2, 9).flatMap((line) => [line.trim(), '']),
      'print("done with it")',
    ];
    const reused = await reusedIn(change(lines), workspace);
    expect(reused).toEqual([
      { path: 'mine.py', lines: 7, url: prototype.url, commit: first, file: 'src/model.py', licence: 'MIT' },
    ]);
    expect(reuseInWords(reused)).toBe(
      `Taken over from others:\n- \`mine.py\`: 7 added lines stand in \`src/model.py\` of ${prototype.url} at ${first.slice(0, 12)}, licence MIT`,
    );
  });

  test('is nothing where a few lines are alike, or nothing was fetched', async () => {
    expect(await reusedIn(change(MODEL), workspace)).toEqual([]);
    await fetched();
    expect(
      await reusedIn(
        change([...MODEL.slice(0, 4), 'something_else = 12345', 'x', '}', ...MODEL.slice(6, 9)]),
        workspace,
      ),
    ).toEqual([]);
  });
});
