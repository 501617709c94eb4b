import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareArms } from '../../../src/evidence/arms.ts';
import { parseContract } from '../../../src/evidence/contractFile.ts';
import { Repository } from '../../../src/git/repository.ts';

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 12345\n`;

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'mlr-absent-'));
  git('init', '-q', '-b', 'main');
  writeFileSync(join(top, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n');
  for (const name of ['weights.bin', 'other "b".bin']) writeFileSync(join(top, name), POINTER);
  writeFileSync(join(top, 'README.md'), POINTER.replace('version', 'A pointer begins with version'));
  git('add', '-A');
  git('update-index', '--add', '--cacheinfo', `160000,${'12'.repeat(20)},vendor/lib`);
  git('commit', '-qm', 'start');
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

describe('what a commit names and does not hold', () => {
  it('is told of before anything runs: submodules, and files of which only the LFS pointer is there', async () => {
    expect((await armsWith('')).absent).toEqual([
      'Runs see an empty folder in the place of the submodule "vendor/lib", which no commit here holds. A run that needs it gets it from the workspace when it is named under `inputs` in mlr.yaml.',
      'Runs see a Git LFS pointer in the place of the files "other \\"b\\".bin", "weights.bin". A run that needs it gets it from the workspace when it is named under `inputs` in mlr.yaml.',
    ]);
  });

  it('comes from the workspace where it is an input, and is then told of no more', async () => {
    writeFileSync(join(top, 'weights.bin'), 'the weights themselves');
    const { absent, inputs } = await armsWith('inputs: [weights.bin]\n');
    expect(inputs).toEqual([{ from: join(top, 'weights.bin'), as: 'weights.bin' }]);
    expect(absent.join()).not.toContain('weights.bin');
    expect(absent.join()).toContain('other');
  });
});

async function armsWith(keys: string) {
  const repository = await Repository.open(top);
  const text = `version: 1\ntask: t\nrun: r\nevaluate: e\nmetrics: { accuracy: maximize }\n${keys}`;
  const baseline = { name: 'baseline', ...(await repository.resolve('main')) };
  const contract = parseContract(text, 'mlr.yaml');
  return await prepareArms({ workspace: repository.top, session: 's', repository, contract, baseline });
}

function git(...words: string[]): void {
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...words], { cwd: top, stdio: 'pipe' });
}
