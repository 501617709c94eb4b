import type { ComponentChildren } from 'preact';
import { CRITERIA, type Criterion } from './criteria.tsx';
import type { Gate, GateAnswer, Idea, ItemOf } from './messages.ts';
import { inline } from './prose.tsx';
import { Question } from './question.tsx';
import { ReviseForm } from './reviseForm.tsx';
import { Beneath } from './setFacts.tsx';
import { useWidth } from './useWidth.ts';

/** From this width on ideas stand side by side; below, one after the other. Pixels. */
const SIDE_BY_SIDE = 640;

interface ComparisonProps {
  readonly title: string;
  readonly item: ItemOf<'ideas'>;
  /** The open gate that asks to choose among them. */
  readonly gate: Gate | null;
  /** An answer is on its way. */
  readonly isSent: boolean;
  readonly onAnswer: (answer: GateAnswer) => void;
}

/** All ideas of a session beside each other, criterion by criterion, and what they rest on; answers the question. */
export function Comparison({ title, item, gate, isSent, onAnswer }: ComparisonProps) {
  const isWide = useWidth() >= SIDE_BY_SIDE;
  const revise = gate?.options.find((option) => option.choice === 'revise');
  const choice = ({ id, title: name }: Idea): ComponentChildren => (
    <>
      {item.chosen === id && <span class="badge">Chosen</span>}
      {gate?.options.some((option) => option.choice === id) && (
        <button
          type="button"
          disabled={isSent}
          aria-label={`Try this: ${name}`}
          onClick={() => onAnswer({ choice: id })}
        >
          Try this
        </button>
      )}
    </>
  );
  const criteria = CRITERIA.filter(({ of }) => item.ideas.some((idea) => of(idea) !== null));
  const Layout = isWide ? SideBySide : OneByOne;
  return (
    <main>
      <header>
        <h1>{title}</h1>
        {gate ? <Question text={gate.question} /> : <p class="quiet">{closedWords(item)}</p>}
      </header>
      <Layout ideas={item.ideas} criteria={criteria} choice={choice} />
      {revise && (
        <ReviseForm
          label={revise.label}
          button="Ask for others"
          isSent={isSent}
          onSend={(comment) => onAnswer({ choice: 'revise', comment })}
        />
      )}
      <Beneath item={item} />
    </main>
  );
}

function closedWords({ ideas, chosen }: ItemOf<'ideas'>): string {
  const taken = ideas.find(({ id }) => id === chosen);
  return taken ? `Chosen: ${taken.title}` : 'Nothing is asked about them now.';
}

interface LayoutProps {
  readonly ideas: readonly Idea[];
  readonly criteria: readonly Criterion[];
  readonly choice: (idea: Idea) => ComponentChildren;
}

function SideBySide({ ideas, criteria, choice }: LayoutProps) {
  return (
    <table class="comparison" style={{ '--ideas': ideas.length }}>
      <thead>
        <tr>
          <td />
          {ideas.map((idea) => (
            <th key={idea.id} scope="col">
              <span class="title">{inline(idea.title)}</span>
              <span class="choice">{choice(idea)}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {criteria.map(({ name, of, isScore }) => (
          <tr key={name} class={isScore ? 'score' : 'ruled'}>
            <th scope="row">{name}</th>
            {ideas.map((idea) => (
              <td key={idea.id}>{of(idea) ?? <span class="quiet">–</span>}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OneByOne({ ideas, criteria, choice }: LayoutProps) {
  return (
    <>
      {ideas.map((idea) => (
        <article key={idea.id} class="card" aria-labelledby={`idea-${idea.id}`}>
          <h2 id={`idea-${idea.id}`}>{inline(idea.title)}</h2>
          {criteria.map(({ name, of, isScore }) => {
            const said = of(idea);
            return (
              said !== null && (
                <section key={name} class={isScore ? 'score' : undefined}>
                  <h3>{name}</h3>
                  {said}
                </section>
              )
            );
          })}
          <div class="choice">{choice(idea)}</div>
        </article>
      ))}
    </>
  );
}
