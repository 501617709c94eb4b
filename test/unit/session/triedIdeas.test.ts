import { expect, test } from 'vitest';
import { EventLog } from '../../../src/session/log.ts';
import { sessionFolder } from '../../../src/session/store.ts';
import { triedIdeas } from '../../../src/session/triedIdeas.ts';
import { scratchFolder } from '../../hosts/scratchRepository.ts';
import { IDEA, measurement } from '../agents/agentWorkspace.ts';

test('what was measured here is told by its idea or its revisions, but never what a locked test set showed', async () => {
  const root = scratchFolder();
  const log = (id: string) => EventLog.open(sessionFolder(root, id));
  const research = await log('20260101-100000-aaaaaa');
  await research.append({ type: 'idea.chosen', idea: IDEA, file: null });
  await research.append({ type: 'measured', measurement: measurement() });
  await (await log('20260102-100000-aaaaaa')).append({ type: 'measured', measurement: measurement() });
  const { registration, ...rest } = measurement();
  const locked = { ...rest, registration: { ...registration, final: true } };
  await (await log('20260103-100000-aaaaaa')).append({ type: 'measured', measurement: locked });
  await (await log('20260104-100000-aaaaaa')).append({ type: 'measured', measurement: measurement() });

  const gain = { mean: 0.0123, low: -0.01, high: 0.03 };
  const told = { verdict: 'inconclusive', metric: 'accuracy', gain, reason: 'Too few pairs.' };
  expect(await triedIdeas(root, '20260104-100000-aaaaaa')).toEqual([
    { title: IDEA.title, hypothesis: IDEA.hypothesis, ...told },
    { title: 'ours against baseline', hypothesis: '', ...told },
  ]);
});
