import type { Host } from './host.ts';
import type { ChangeSet, ItemOf } from './messages.ts';
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
  if (item.answer) return <Answered item={item} />;
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

function Answered({ item }: { item: ItemOf<'gate'> }) {
  const { gate, answer, by } = item;
  const label = gate.options.find((option) => option.choice === answer?.choice)?.label ?? answer?.choice;
  return (
    <li class="entry gate answered">
      <p>
        {gate.question} <strong>{label}</strong>
        {answer?.comment && <q>{answer.comment}</q>}
        <span class="quiet"> by {by}</span>
      </p>
    </li>
  );
}
