import { useEffect, useState } from 'preact/hooks';
import type { Host } from './host.ts';
import { Hunks } from './hunks.tsx';
import type { ChangeSet, Gate, ItemOf } from './messages.ts';
import { Prose } from './prose.tsx';
import { ReviseForm } from './reviseForm.tsx';
import { useAnswer } from './useAnswer.ts';

interface ChangesProps {
  item: ItemOf<'changes'>;
  /** The open gate that asks about them. */
  gate: Gate | null;
  /** The change set with its hunks, once asked for. */
  changes: ChangeSet | null;
  refusals: number;
  host: Host;
}

/** What an agent wants to change; while it is asked, with the means to take all, some or none of it. */
export function Changes({ item, gate, changes, refusals, host }: ChangesProps) {
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
      {gate && <Decision item={item} gate={gate} changes={changes} refusals={refusals} host={host} />}
    </li>
  );
}

function Decision({ item, gate, changes, refusals, host }: ChangesProps & { gate: Gate }) {
  const { answer, sent } = useAnswer(gate, refusals, host);
  const [rejected, setRejected] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setRejected(new Set()), [item.id]);
  const all = changes?.files.flatMap((file) => file.hunks.map((hunk) => hunk.id)) ?? [];
  const hunks = all.filter((id) => !rejected.has(id));
  const revise = gate.options.find((option) => option.choice === 'revise');
  const inPart = changes !== null && hunks.length < all.length;
  return (
    <>
      <h2 class="question">{gate.question}</h2>
      {changes ? (
        <Hunks changes={changes} rejected={rejected} onChange={setRejected} />
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
