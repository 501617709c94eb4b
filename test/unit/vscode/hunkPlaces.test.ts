import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptedTree } from '../../../src/changes/acceptedTree.ts';
import type { ChangeSet } from '../../../src/domain/change.ts';
import { Repository } from '../../../src/git/repository.ts';
import { Decisions, tallyOf } from '../../../src/vscode/review/decisions.ts';
import { lineInEdited, placesOf, textWith } from '../../../src/vscode/review/hunkPlaces.ts';
import { put, scratchRepository, userGit } from '../../hosts/scratchRepository.ts';

const BEFORE = Array.from({ length: 60 }, (_, i) => `line ${i + 1}\n`).join('');
const AFTER = BEFORE.replace('line 5\n', 'five\nand a half\n')
  .replace('line 30\n', '')
  .replace('line 55\n', 'fifty-five\n');

describe('the hunks of a proposal', () => {
  test('stand where they are shown, whatever was rejected before them', async () => {
    const { changes } = await proposal(BEFORE, AFTER);
    const [first = '', second = '', third = ''] = tallyOf(changes.files, new Decisions()).all;
    const all = placesOf(changes, new Decisions());
    expect(all.map(({ line, lines, removes }) => [line, lines, removes])).toEqual([
      [4, 2, 1],
      [30, 0, 1],
      [54, 1, 1],
    ]);
    const rejected = new Decisions([{ hunks: [first, second], decision: 'rejected' }]);
    expect(placesOf(changes, rejected).map(({ line, lines }) => [line, lines])).toEqual([
      [4, 1],
      [29, 1],
      [54, 1],
    ]);
    const [file] = changes.files;
    const shown = file && textWith(file, { before: BEFORE, after: AFTER }, (hunk) => rejected.of(hunk) !== 'rejected');
    expect(shown?.split('\n')[54]).toBe('fifty-five');
    expect(third).not.toBe('');
  });

  test('give the text that their acceptance commits', async () => {
    const { repository, changes } = await proposal(BEFORE, AFTER);
    const [file] = changes.files;
    const ids = tallyOf(changes.files, new Decisions()).all;
    await fc.assert(
      fc.asyncProperty(fc.subarray([...ids]), async (hunks) => {
        const decisions = new Decisions([
          { hunks: ids, decision: 'rejected' },
          { hunks, decision: 'accepted' },
        ]);
        const tree = await acceptedTree(repository, decisions.on(changes));
        const committed = (await repository.readFile(tree, 'file.txt'))?.toString('utf8');
        const texts = { before: BEFORE, after: AFTER };
        expect(file && textWith(file, texts, (hunk) => decisions.of(hunk) === 'accepted')).toBe(committed);
      }),
      { numRuns: 8 },
    );
  });

  test('move with the text that a person edits meanwhile, and conflict only where their own lines were edited', async () => {
    const { changes } = await proposal(BEFORE, AFTER);
    const [, second, third] = changes.files[0]?.hunks ?? [];
    if (!second || !third) throw new Error('three hunks are expected');
    const longer = `new\nnewer\n${BEFORE}`;
    expect(lineInEdited(BEFORE, longer, third)).toBe(56);
    expect(lineInEdited(BEFORE, BEFORE.replace('line 54', 'other'), third)).toBe(54);
    expect(lineInEdited(BEFORE, BEFORE.replace('line 55', 'other'), third)).toBeNull();
    expect(lineInEdited(BEFORE, BEFORE.replaceAll('\n', '\r\n'), second)).toBe(29);
  });
});

describe('decisions', () => {
  test('can be taken back one by one', () => {
    const first = new Decisions().with({ hunks: ['a', 'b'], decision: 'accepted' });
    const second = first.with({ hunks: ['b'], decision: 'rejected' });
    expect([second.of({ id: 'a' }), second.of({ id: 'b' })]).toEqual(['accepted', 'rejected']);
    expect(second.withoutLast().of({ id: 'b' })).toBe('accepted');
    expect(second.withoutLast().withoutLast().of({ id: 'a' })).toBe('open');
    expect(second.with({ hunks: ['b'], decision: 'rejected' })).toBe(second);
  });
});

async function proposal(before: string, after: string): Promise<{ repository: Repository; changes: ChangeSet }> {
  const root = scratchRepository({ 'file.txt': before });
  put(root, { 'file.txt': after });
  userGit(root, 'commit', '--quiet', '--all', '--message', 'after');
  const repository = await Repository.open(root);
  const [base, tree] = await Promise.all(['HEAD~1', 'HEAD'].map((name) => repository.resolve(name)));
  return { repository, changes: await repository.changeSet(base?.commit ?? '', tree?.tree ?? '', 'Change') };
}
