import { describe, expect, test } from 'vitest';
import type { MeasureFailure } from '../../../src/evidence/measure.ts';
import { Repository } from '../../../src/git/repository.ts';
import { describeFailures } from '../../../src/session/failedRuns.ts';
import { put, scratchRepository, userGit } from '../../hosts/scratchRepository.ts';
import { CONTRACT } from '../agents/agentWorkspace.ts';

const BASELINE = 'def pixels(value):\n    return int(value)\n';
const VARIANT = `STEPS = 0\nDRIFT = []\n\n\n${BASELINE}`;

function failure(name: string, commit: string, at: string): { told: MeasureFailure; output: string } {
  const run: MeasureFailure['run'] = {
    state: 'failed',
    version: 1,
    id: `run-${name}`,
    session: 's',
    purpose: 'run',
    arm: { name, commit, tree: commit },
    seed: 7,
    argv: ['python3', 'train.py'],
    cwd: '/arm',
    confinement: 'none',
    startedAt: '',
    endedAt: '',
    pid: 1,
    environment: {},
    exit: 1,
    resources: { wallSeconds: 1, memoryBytes: 1, processes: 1 },
    hashes: [],
    output: null,
    failure: 'exit',
    reason: 'It ended with exit code 1.',
  };
  const output = [
    'Traceback (most recent call last):',
    `  File "/arm/${at.replace(':', '", line ')}, in pixels`,
    "ValueError: invalid literal for int() with base 10: ''",
  ].join('\n');
  const arm = { name, revision: name, commit, tree: commit };
  return { told: { run, arm, metrics: {}, reason: run.reason }, output };
}

/** Both arms failed, the variant four lines lower; what stands in the working tree by now is neither arm. */
async function bothFailed(atOfBaseline = 'train.py:2') {
  const root = scratchRepository({ 'train.py': BASELINE, 'labels.py': 'SECRET = 1\n' });
  const baseline = userGit(root, 'rev-parse', 'HEAD');
  put(root, { 'train.py': VARIANT });
  userGit(root, 'commit', '--quiet', '-am', 'variant');
  const variant = userGit(root, 'rev-parse', 'HEAD');
  put(root, { 'train.py': '# neither\n' });
  const failures = [failure('variant', variant, 'train.py:6'), failure('baseline', baseline, atOfBaseline)];
  return describeFailures(await Repository.open(root), {
    failures: failures.map(({ told }) => told),
    contract: { ...CONTRACT, hidden: ['labels.py'] },
    diff: '',
    output: async (run) => failures.find(({ told }) => told.run.id === run)?.output ?? '',
  });
}

describe('where both arms failed', () => {
  test('each failing line is looked up in the sources of its own arm', async () => {
    const [baseline, variant] = await bothFailed();
    expect(baseline).toMatchObject({ arm: 'baseline', seed: 7, exit: 1 });
    expect(baseline?.evidence).toContain('Where: train.py:2, in pixels');
    expect(baseline?.evidence).toContain('>    2 |     return int(value)');
    expect(variant?.arm).toBe('variant');
    expect(variant?.evidence).toContain('Where: train.py:6, in pixels');
    expect(variant?.evidence).toContain('>    6 |     return int(value)');
  });

  test('a line of a hidden file is not shown', async () => {
    const [baseline] = await bothFailed('labels.py:1');
    expect(baseline?.evidence).toContain('ValueError');
    expect(baseline?.evidence).not.toContain('SECRET');
  });
});
