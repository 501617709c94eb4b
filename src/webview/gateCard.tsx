import { useState } from 'preact/hooks';
import type { Host } from './host.ts';
import type { ChangeSet, Gate, ItemOf } from './messages.ts';
import { Prose } from './prose.tsx';
import { Question } from './question.tsx';
import { ReviewButtons } from './reviewButtons.tsx';
import { ReviseForm } from './reviseForm.tsx';
import { useAnswer } from './useAnswer.ts';
import { useDecisions } from './useDecisions.ts';

interface GateCardProps {
  item: ItemOf<'gate'>;
  /** Whether a person's answer is waited for. */
  isOpen: boolean;
  /** What is decided on carries the buttons: the ideas' and the changes' own cards. */
  isCarried: boolean;
  /** What an adoption would change, as it is under review in the editor. */
  review: ChangeSet | null;
  refusals: number;
  host: Host;
}

/** A question that waits for a person, or how it was answered. */
export function GateCard({ item, isOpen, isCarried, review, refusals, host }: GateCardProps) {
  const { gate } = item;
  const { answer, sent } = useAnswer(gate, refusals, host);
  if (item.answer) return <Answered item={item} refusals={refusals} host={host} />;
  if (!isOpen || isCarried) return null;
  const { all, rejected, accepted } = useDecisions(review, host);
  const taken = all.filter((id) => !rejected.has(id));
  const revise = gate.options.find((option) => option.choice === 'revise');
  const choices = gate.options.filter((option) => option !== revise);
  return (
    <li class="entry gate">
      <Question text={gate.question} />
      <Prose text={gate.detail} />
      <fieldset class="buttons" aria-label={gate.question}>
        {choices.map((option, i) => {
          const isPart = option.choice === 'adopt' && taken.length < all.length;
          return (
            <button
              key={option.choice}
              type="button"
              class={i === 0 ? '' : 'secondary'}
              disabled={sent || (isPart && taken.length === 0)}
              onClick={() => answer(isPart ? { choice: 'adopt', hunks: taken } : { choice: option.choice })}
            >
              {isPart ? `Take ${taken.length} of ${all.length} hunks over into my files` : option.label}
            </button>
          );
        })}
        {review && gate.kind === 'adopt' && (
          <ReviewButtons isDecided={rejected.size + accepted.length > 0} host={host} />
        )}
      </fieldset>
      {revise && (
        <ReviseForm
          label={revise.label}
          button="Send"
          isSent={sent}
          onSend={(comment) => answer({ choice: 'revise', comment })}
        />
      )}
    </li>
  );
}

function Answered({ item, refusals, host }: Pick<GateCardProps, 'item' | 'refusals' | 'host'>) {
  const { gate, answer, by } = item;
  const label = gate.options.find((option) => option.choice === answer?.choice)?.label ?? answer?.choice;
  // Later gates are about what belongs to one session alone: its change, its runs.
  const isBranchable = gate.kind === 'chooseIdea' || gate.kind === 'approvePlan';
  return (
    <li class="entry gate answered">
      <p>
        {gate.question} <strong>{label}</strong>
        {answer?.comment && <q>{answer.comment}</q>}
        <span class="quiet"> by {by}</span>
      </p>
      {isBranchable && <Branches gate={gate} canKeep={answer?.choice !== 'stop'} refusals={refusals} host={host} />}
    </li>
  );
}

interface BranchesProps {
  gate: Gate;
  /** Whether anything follows from the answer. */
  canKeep: boolean;
  refusals: number;
  host: Host;
}

/** New sessions that can begin from a decision. */
function Branches({ gate, canKeep, refusals, host }: BranchesProps) {
  const [sentAt, setSentAt] = useState<number | null>(null);
  const branch = (keepAnswer: boolean) => () => {
    setSentAt(refusals);
    host.post({ type: 'branch', gate: gate.id, keepAnswer });
  };
  const isSent = sentAt === refusals;
  return (
    <fieldset class="branches" aria-label={`Begin a new session from “${gate.question}”`}>
      <button
        type="button"
        class="link"
        title="A new session, in which this is asked again"
        disabled={isSent}
        onClick={branch(false)}
      >
        Decide anew
      </button>
      {canKeep && (
        <button
          type="button"
          class="link"
          title="A new session with this answer, in which what follows is done again"
          disabled={isSent}
          onClick={branch(true)}
        >
          Branch from here
        </button>
      )}
    </fieldset>
  );
}
