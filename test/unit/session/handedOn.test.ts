import { expect, test } from 'vitest';
import { emptyConversation } from '../../../src/agents/conversation.ts';
import { Repository } from '../../../src/git/repository.ts';
import { knownDefects, repairsSoFar } from '../../../src/session/handedOn.ts';
import { emptyState } from '../../../src/session/state.ts';
import { put, scratchRepository, userGit } from '../../hosts/scratchRepository.ts';

test('defects that any agent reported are known to those after it, each once', () => {
  const state = emptyState();
  const ideas = {
    paper: { title: 'P' },
    tasks: [],
    gaps: [],
    keywords: [],
    related: [],
    ideas: [],
    defects: ['a', 'b'],
  };
  state.ideas.push({ call: 'idea', ideas });
  const conversation = (output: unknown) => ({
    ...emptyConversation(),
    agent: 'experiment' as const,
    model: 'm',
    output,
  });
  state.conversations.set('experiment', conversation({ summary: 'S', defects: ['b', 'c'] }));
  state.conversations.set('experiment-2', conversation({ summary: 'of a version that reported none' }));
  expect(knownDefects(state)).toEqual(['a', 'b', 'c']);
});

test('a defect that is told again in other words is known by its place', () => {
  const state = emptyState();
  const first = 'train.py:31 `scale` divides by a spread of 0 where a column is constant (also src/data.py:4)';
  const conversation = (defects: string[]) => ({
    ...emptyConversation(),
    agent: 'idea' as const,
    model: 'm',
    output: { defects },
  });
  state.conversations.set('idea', conversation([first]));
  state.conversations.set(
    'experiment',
    conversation(['Division by zero at train.py:31.', 'train.py:31 and train.py:40 drop a row']),
  );
  expect(knownDefects(state)).toEqual([first, 'train.py:31 and train.py:40 drop a row']);
});

test('two defects that one agent finds in one line are both handed on', () => {
  const state = emptyState();
  const one = 'train.py:44 divides by a spread of 0 where a batch holds one row';
  const other = 'train.py:44 divides by a spread of 0 where a column of a batch is constant';
  const conversation = (defects: string[]) => ({
    ...emptyConversation(),
    agent: 'idea' as const,
    model: 'm',
    output: { defects },
  });
  state.conversations.set('idea', conversation([one, other]));
  state.conversations.set('experiment', conversation(['train.py:44: the spread may be 0']));
  expect(knownDefects(state)).toEqual([one, other]);
});

test('a repair is told as the diff of the arm that was mended', async () => {
  const root = scratchRepository({ 'train.py': 'int(value)\n' });
  const from = userGit(root, 'rev-parse', 'HEAD');
  put(root, { 'train.py': 'int(value or 0)\n' });
  userGit(root, 'commit', '--quiet', '-am', 'mended');
  const repairs = [
    {
      call: 'debug-1',
      of: 'baseline' as const,
      from,
      to: userGit(root, 'rev-parse', 'HEAD'),
      met: ['ValueError in pixels'],
    },
  ];
  const [repair] = await repairsSoFar(await Repository.open(root), { repairs });
  expect(repair).toMatchObject({ of: 'baseline', met: ['ValueError in pixels'] });
  expect(repair?.diff).toContain('-int(value)\n+int(value or 0)\n');
});
