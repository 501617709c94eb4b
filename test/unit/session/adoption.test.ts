import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type TranscriptItem, transcribe } from '../../../src/domain/transcript.ts';
import { Repository } from '../../../src/git/repository.ts';
import { offerAdoption, undoAdoption } from '../../../src/session/adoptPhase.ts';
import type { Desk } from '../../../src/session/desk.ts';
import { put, scratchFolder, scratchRepository, userGit } from '../../hosts/scratchRepository.ts';
import { beginSession } from './beginSession.ts';

test('an adoption is taken back once, but for what was changed since, and the chat says so', async () => {
  const root = scratchRepository({ 'a.py': 'a = 1\n', 'b.py': 'b = 1\n' });
  const base = userGit(root, 'rev-parse', 'HEAD');
  put(root, { 'a.py': 'a = 2\n', 'b.py': 'b = 2\n' });
  userGit(root, 'commit', '--quiet', '--all', '--message', 'variant');
  const repository = await Repository.open(root);
  const { commit, tree } = await repository.resolve('HEAD');
  userGit(root, 'reset', '--quiet', '--hard', base);
  const session = await beginSession(join(scratchFolder(), 's1'), { policy: 'review' });
  await session.append({ type: 'baseline.fixed', commit: base, tree: base, why: 'HEAD', call: null });
  await session.append({ type: 'variant.committed', commit, tree, branch: 'mlr/x', call: 'experiment' });

  const measurement = { verdict: 'supported', reason: 'better' };
  const offered = offerAdoption({ session, repository } as unknown as Desk, measurement as never);
  await expect.poll(() => session.state.gates.has('adopt')).toBe(true);
  await session.answer('adopt', { choice: 'adopt' }, 'researcher');
  await offered;
  expect(readFileSync(join(root, 'a.py'), 'utf8')).toBe('a = 2\n');

  put(root, { 'b.py': 'b = 3\n' });
  await undoAdoption(session, root, 'researcher');
  expect(readFileSync(join(root, 'a.py'), 'utf8')).toBe('a = 1\n');
  expect(readFileSync(join(root, 'b.py'), 'utf8')).toBe('b = 3\n');
  await expect(undoAdoption(session, root, 'researcher')).rejects.toThrow(/adopted nothing that could be taken back/);

  const items: TranscriptItem[] = [];
  for (const event of session.log.events) transcribe(items, event);
  expect(items.findLast((item) => item.kind === 'adoption')).toMatchObject({
    canUndo: false,
    undone: 'researcher took it back: a.py. You changed b.py since, so that stays.',
  });
});
