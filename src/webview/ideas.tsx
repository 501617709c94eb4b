import type { Host } from './host.ts';
import type { Gate, Idea, ItemOf } from './messages.ts';
import { inline, Prose } from './prose.tsx';
import { ReviseForm } from './reviseForm.tsx';
import { useAnswer } from './useAnswer.ts';

interface IdeasProps {
  item: ItemOf<'ideas'>;
  /** The open gate that asks to choose among them. */
  gate: Gate | null;
  refusals: number;
  host: Host;
}

/** The ideas as cards; while a choice is asked for, each with a button. */
export function Ideas({ item, gate, refusals, host }: IdeasProps) {
  const { answer, sent } = useAnswer(gate, refusals, host);
  const revise = gate?.options.find((option) => option.choice === 'revise');
  return (
    <li class="entry ideas">
      <h2 class="who">{item.ideas.length === 1 ? 'One idea' : `${item.ideas.length} ideas`}</h2>
      {item.gaps.length > 0 && (
        <details>
          <summary>Gaps found in the paper</summary>
          <ul>
            {item.gaps.map((gap, i) => (
              <li key={i}>{inline(gap)}</li>
            ))}
          </ul>
        </details>
      )}
      {gate && <h2 class="question">{gate.question}</h2>}
      {item.ideas.map((idea) => (
        <IdeaCard
          key={idea.id}
          idea={idea}
          isChosen={item.chosen === idea.id}
          isSent={sent}
          onTry={gate?.options.some((option) => option.choice === idea.id) ? () => answer({ choice: idea.id }) : null}
        />
      ))}
      {revise && (
        <ReviseForm
          label={revise.label}
          button="Ask for others"
          isSent={sent}
          onSend={(comment) => answer({ choice: 'revise', comment })}
        />
      )}
    </li>
  );
}

interface IdeaCardProps {
  idea: Idea;
  isChosen: boolean;
  isSent: boolean;
  onTry: (() => void) | null;
}

function IdeaCard({ idea, isChosen, isSent, onTry }: IdeaCardProps) {
  const title = `idea-${idea.id}`;
  return (
    <article class={isChosen ? 'card chosen' : 'card'} aria-labelledby={title}>
      <h3 id={title}>{idea.title}</h3>
      {isChosen && <p class="badge">Chosen</p>}
      <p>{inline(idea.hypothesis)}</p>
      {idea.scores && <Scores scores={idea.scores} />}
      <details>
        <summary>Method and plan</summary>
        <Prose text={idea.method} />
        <ol>
          {idea.plan.map((step, i) => (
            <li key={i}>{inline(step)}</li>
          ))}
        </ol>
        {idea.rationale !== '' && <h4>Why</h4>}
        <Prose text={idea.rationale} />
        <p class="quiet">Novelty: {idea.novelty.verdict}</p>
      </details>
      {onTry && (
        <button type="button" disabled={isSent} aria-label={`Try this: ${idea.title}`} onClick={onTry}>
          Try this
        </button>
      )}
    </article>
  );
}

function Scores({ scores }: { scores: NonNullable<Idea['scores']> }) {
  return (
    <dl class="scores" aria-label="The model’s own scores, 1 to 5">
      {Object.entries(scores).map(([name, score]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{score}</dd>
        </div>
      ))}
    </dl>
  );
}
