import { adopt } from '../changes/adopt.ts';
import { decide } from '../changes/decide.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { Desk } from './desk.ts';

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
  const base = session.state.snapshot?.baseline.commit ?? (await repository.resolve('HEAD')).commit;
  const changes = await repository.changeSet(base, variant.tree, 'Adopt the variant');
  const chosen = answer.hunks
    ? decide(decide(changes, 'all', 'rejected'), { hunks: answer.hunks }, 'accepted')
    : decide(changes, 'all', 'accepted');
  const { applied, conflicting, partly } = await adopt(repository, base, variant.tree, chosen);
  await session.append({ type: 'adopted', applied: [...applied], conflicting: [...conflicting], partly });
  if (partly) {
    await session.append({
      type: 'notice',
      text: 'What you have now was not measured: only a part was taken over. Measure it with: mlr measure --baseline HEAD --variant worktree',
    });
  }
}
