import type { ChangeSet } from '../domain/change.ts';
import type { SessionEvent } from '../domain/event.ts';
import { Repository } from '../git/repository.ts';
import { adoptionOf } from '../session/adoptPhase.ts';
import { SessionError } from '../session/errors.ts';
import { foldAll, type SessionState } from '../session/state.ts';
import type { ChangedText } from './protocol.ts';

/** The files of a proposed change set as they were and as they would be; `adopt` is what adopting the variant would change.
 *  @throws SessionError `bad-input` when the session proposed no such change set */
export async function changedTexts(
  workspace: string,
  events: readonly SessionEvent[],
  id: string,
): Promise<{ changes: ChangeSet; files: ChangedText[] }> {
  const state = foldAll(events);
  const repository = await Repository.open(workspace);
  const changes = id === 'adopt' ? (await adoptionOf(repository, state)).changes : proposed(state, id);
  const files = await Promise.all(
    changes.files.map(async (file) => ({
      path: file.path,
      before: text(await repository.readFile(changes.base, file.path)),
      after: text(await repository.readFile(changes.tree, file.path)),
    })),
  );
  return { changes, files };
}

function proposed({ proposals }: SessionState, id: string): ChangeSet {
  const proposal = proposals.findLast((p) => p.changes.id === id);
  if (proposal) return proposal.changes;
  const known = proposals.map((p) => p.changes.id).join(', ') || 'none';
  throw new SessionError('bad-input', `This session proposed no change set "${id}"; it proposed: ${known}.`);
}

function text(content: Buffer | null): string | null {
  return content === null ? null : content.toString('utf8');
}
