import { expect, test } from 'vitest';
import { baselineScore } from '../../../src/session/baselineScore.ts';
import { EventLog } from '../../../src/session/log.ts';
import { sessionFolder } from '../../../src/session/store.ts';
import { put, scratchFolder, scratchRepository, userGit } from '../../hosts/scratchRepository.ts';

/** A session that measured the noise of a commit by its accuracy. */
async function measured(root: string, session: string, values: (number | null)[]): Promise<void> {
  const [commit, tree] = ['HEAD', 'HEAD^{tree}'].map((name) => userGit(root, 'rev-parse', name));
  const baseline = { name: 'baseline', revision: 'HEAD', commit: commit ?? '', tree: tree ?? '' };
  const seeds = values.map((_, i) => i + 1);
  const log = await EventLog.open(sessionFolder(root, session));
  await log.append({ type: 'noise.planned', baseline, metric: 'accuracy', seeds });
  const told = { mean: 0, deviation: 0, noiseFloor: 0, secondsPerRun: 1, plans: [] };
  await log.append({ type: 'noise.measured', card: { metric: 'accuracy', revision: 'HEAD', seeds, values, ...told } });
}

const CONTRACT = { metrics: { accuracy: 'maximize' as const } };

test('the newest score of the committed code is known, by the metric of the contract, and of no other code', async () => {
  const root = scratchRepository({ 'train.py': 'RATE = 1\n', '.gitignore': '.mlr/\n' });
  expect(await baselineScore(root, CONTRACT)).toBeNull();
  await measured(root, '20260101-100000-aaaaaa', [0.1, 0.2]);
  await measured(root, '20260102-100000-aaaaaa', [0.6, null, 0.8]);
  const { mean, deviation, seeds } = (await baselineScore(root, CONTRACT)) ?? {};
  expect(mean).toBeCloseTo(0.7);
  expect(deviation).toBeCloseTo(Math.SQRT2 / 10);
  expect(seeds).toBe(2);
  expect(await baselineScore(root, { metrics: { loss: 'minimize' } })).toBeNull();
  put(root, { 'train.py': 'RATE = 2\n' });
  userGit(root, 'commit', '--quiet', '-am', 'other code');
  expect(await baselineScore(root, CONTRACT)).toBeNull();
});

test('without a repository nothing is known', async () => {
  expect(await baselineScore(scratchFolder(), CONTRACT)).toBeNull();
});
