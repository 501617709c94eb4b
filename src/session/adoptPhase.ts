import { adopt, undoAdopt } from '../changes/adopt.ts';
import { decide } from '../changes/decide.ts';
import type { ChangeSet } from '../domain/change.ts';
import type { Measurement } from '../domain/evidence.ts';
import { Repository } from '../git/repository.ts';
import type { Desk } from './desk.ts';
import { SessionError } from './errors.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

/** Asks whether the measured variant shall become part of the researcher's own tree. On autopilot it stays on its branch. */
export async function offerAdoption(desk: Desk, measurement: Measurement): Promise<void> {
  const { session, repository } = desk;
  const { baseline, variant, adopted } = session.state;
  if (!baseline || !variant || adopted) return;
  const answer = await session.ask(
    {
      id: 'adopt',
      kind: 'adopt',
      question: 'Take the variant over into your working tree?',
      detail: `The result is **${measurement.verdict}**: ${measurement.reason}\n\nThe variant is kept on the branch \`${variant.branch}\` either way.`,
      options: [
        { choice: 'keep', label: `Leave it on ${variant.branch}` },
        { choice: 'adopt', label: 'Take it over into my files' },
      ],
    },
    { choice: 'keep' },
  );
  if (answer.choice !== 'adopt') return;
  const { base, changes } = await adoptionOf(repository, session.state);
  const chosen = answer.hunks
    ? decide(decide(changes, 'all', 'rejected'), { hunks: answer.hunks }, 'accepted')
    : decide(changes, 'all', 'accepted');
  const { applied, conflicting, partly, files, undo } = await adopt(repository, base, variant.tree, chosen);
  await session.append({
    type: 'adopted',
    applied: [...applied],
    conflicting: [...conflicting],
    partly,
    undo: { ref: undo, files: [...files] },
  });
  if (partly) {
    await session.append({
      type: 'notice',
      text: 'What you have now was not measured: only a part was taken over. Measure it with: mlr measure --baseline HEAD --variant worktree',
    });
  }
}

/** Takes an adoption back: every file that it wrote has its bytes from before, unless it was changed since.
 *  @throws SessionError `bad-input` where nothing was adopted, or it was taken back already */
export async function undoAdoption(session: Session, workspace: string, by: string): Promise<void> {
  const { adopted } = session.state;
  if (!adopted?.undo) {
    throw new SessionError('bad-input', `Session ${session.id} has adopted nothing that could be taken back.`);
  }
  const { restored, conflicting } = await undoAdopt(await Repository.open(workspace), adopted.undo);
  await session.append({ type: 'adoption.undone', restored, conflicting, by });
}

/** What adopting a session's variant would change in the researcher's own tree.
 *  @throws SessionError `bad-input` where there is no variant */
export async function adoptionOf(
  repository: Repository,
  { snapshot, variant }: SessionState,
): Promise<{ base: string; changes: ChangeSet }> {
  if (!variant) throw new SessionError('bad-input', 'This session has no variant yet, so there is nothing to adopt.');
  const base = snapshot?.baseline.commit ?? (await repository.resolve('HEAD')).commit;
  return { base, changes: await repository.changeSet(base, variant.tree, 'Adopt the variant') };
}
