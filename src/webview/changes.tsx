import type { Host } from './host.ts';
import { Hunks } from './hunks.tsx';
import type { ChangeSet, Gate, ItemOf } from './messages.ts';
import { Prose } from './prose.tsx';
import { Question } from './question.tsx';
import { ReviewButtons } from './reviewButtons.tsx';
import { ReviseForm } from './reviseForm.tsx';
import { useAnswer } from './useAnswer.ts';
import { useDecisions } from './useDecisions.ts';

interface ChangesProps {
  item: ItemOf<'changes'>;
  /** The open gate that asks about them. */
  gate: Gate | null;
  /** The change set with its hunks, once asked for. */
  changes: ChangeSet | null;
  /** The same as it is under review in the editor. */
  review: ChangeSet | null;
  refusals: number;
  host: Host;
}

/** What an agent wants to change; while it is asked, with the means to take all, some or none of it. */
export function Changes(props: ChangesProps) {
  const { item, gate, host } = props;
  return (
    <li class="entry changes">
      <h2 class="who">{item.of === 'baseline' ? 'Repair of the baseline' : 'Proposed changes'}</h2>
      <Prose text={item.summary} />
      <ul class="files">
        {item.files.map((file) => (
          <li key={file.path}>
            <span class="path">{file.path}</span>
            <span class="counts">
              {file.kind !== 'modified' && <span class="quiet">{file.kind} </span>}
              <span class="added" title={`${file.added} lines added`}>
                +{file.added}
              </span>{' '}
              <span class="removed" title={`${file.removed} lines removed`}>
                −{file.removed}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {item.accepted && <p class="quiet">{decisionWords(item)}</p>}
      <div class="buttons">
        <button type="button" class="secondary" onClick={() => host.post({ type: 'showChanges', changes: item.id })}>
          Show
        </button>
      </div>
      {gate && <Decision {...props} gate={gate} />}
    </li>
  );
}

function Decision({ item, gate, changes, review, refusals, host }: ChangesProps & { gate: Gate }) {
  const { answer, sent } = useAnswer(gate, refusals, host);
  const { all, rejected, accepted, reject } = useDecisions(changes ?? review, host);
  const hunks = all.filter((id) => !rejected.has(id));
  const revise = gate.options.find((option) => option.choice === 'revise');
  const inPart = hunks.length < all.length;
  return (
    <>
      <Question text={gate.question} />
      {changes ? (
        <Hunks changes={changes} rejected={rejected} onChange={reject} />
      ) : (
        <button type="button" class="link" onClick={() => host.post({ type: 'askHunks', changes: item.id })}>
          Choose hunks…
        </button>
      )}
      <fieldset class="buttons" aria-label={gate.question}>
        <button
          type="button"
          disabled={sent || (inPart && hunks.length === 0)}
          onClick={() => answer(inPart ? { choice: 'accept', hunks } : { choice: 'accept' })}
        >
          {inPart ? `Accept ${hunks.length} of ${all.length} hunks` : 'Accept all'}
        </button>
        {accepted.length > 0 && accepted.length < hunks.length && (
          <button
            type="button"
            class="secondary"
            disabled={sent}
            onClick={() => answer({ choice: 'accept', hunks: accepted })}
          >
            Accept only the {accepted.length} you took
          </button>
        )}
        <ReviewButtons isDecided={rejected.size + accepted.length > 0} host={host} />
      </fieldset>
      {revise && (
        <ReviseForm
          label="Or say what should be different"
          button="Ask for changes"
          isSent={sent}
          onSend={(comment) => answer({ choice: 'revise', comment })}
        />
      )}
    </>
  );
}

function decisionWords(item: ItemOf<'changes'>): string {
  const total = item.files.reduce((sum, file) => sum + file.hunks, 0);
  const accepted = item.accepted?.length ?? 0;
  if (accepted === total) return 'Accepted.';
  return accepted === 0 ? 'Not accepted.' : `${accepted} of ${total} hunks accepted.`;
}
