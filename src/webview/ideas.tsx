import type { Host } from './host.ts';
import type { Gate, Idea, ItemOf } from './messages.ts';
import { inline, Prose } from './prose.tsx';
import { Question } from './question.tsx';
import { ReviseForm } from './reviseForm.tsx';
import { Gaps, LeftOut } from './setFacts.tsx';
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
          <Gaps item={item} />
        </details>
      )}
      <LeftOut considered={item.considered ?? []} />
      {gate && <Question text={gate.question} />}
      {item.ideas.length > 1 && (
        <div class="buttons">
          <button type="button" class="secondary" onClick={() => host.post({ type: 'compareIdeas' })}>
            Compare side by side
          </button>
        </div>
      )}
      {item.ideas.map((idea) => (
        <IdeaCard
          key={idea.id}
          idea={idea}
          isChosen={item.chosen === idea.id}
          isSent={sent}
          onTry={gate?.options.some((option) => option.choice === idea.id) ? () => answer({ choice: idea.id }) : null}
        />
      ))}
      {item.searched !== undefined && <p class="quiet">Literature: {item.searched}</p>}
      {item.dropped && <p class="quiet">{item.dropped}</p>}
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
      <Points heading="Weak in it" points={idea.assessment?.weak ?? []} />
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
        <Points heading="Risks" points={idea.assessment?.risks ?? []} />
        <Points heading="Ablations" points={idea.assessment?.ablations ?? []} />
        {idea.assessment && <p class="quiet">Cost: {idea.assessment.implies.cost}</p>}
      </details>
      <Judgement idea={idea} />
      {onTry && (
        <button type="button" disabled={isSent} aria-label={`Try this: ${idea.title}`} onClick={onTry}>
          Try this
        </button>
      )}
    </article>
  );
}

function Points({ heading, points }: { heading: string; points: readonly string[] }) {
  if (points.length === 0) return null;
  return (
    <>
      <h4>{heading}</h4>
      <ul>
        {points.map((point, i) => (
          <li key={i}>{inline(point)}</li>
        ))}
      </ul>
    </>
  );
}

/** Why the scores are what they are, and what the idea is closest to. */
function Judgement({ idea: { assessment, novelty } }: { idea: Idea }) {
  const closest = assessment?.closest ?? [];
  return (
    <details>
      <summary>
        Scores and novelty
        {closest.length > 0 && `: ${closest.length} close ${closest.length === 1 ? 'work' : 'works'}`}
      </summary>
      {assessment && (
        <dl class="reasons">
          {Object.entries(assessment.reasons).map(([name, why]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{inline(why)}</dd>
            </div>
          ))}
        </dl>
      )}
      <p>{inline(novelty.verdict)}</p>
      {closest.length > 0 && (
        <ul>
          {closest.map(({ id, title, differs }) => (
            <li key={id}>
              <strong>{title}</strong> <span class="quiet">{id}</span>: {inline(differs)}
            </li>
          ))}
        </ul>
      )}
    </details>
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
