import type { ComponentChildren } from 'preact';
import type { Idea } from './messages.ts';
import { inline, Prose } from './prose.tsx';

/** By what ideas are compared, in the order in which one decides. */
export interface Criterion {
  readonly name: string;
  readonly isScore?: boolean;
  /** null where an idea says nothing of it. */
  of(idea: Idea): ComponentChildren;
}

type ScoreName = keyof NonNullable<Idea['scores']>;

/** The highest score of a criterion. */
const MOST = 5;

export const CRITERIA: readonly Criterion[] = [
  { name: 'Hypothesis', of: ({ hypothesis }) => words(hypothesis) },
  { name: 'Weak in it', of: ({ assessment }) => points(assessment?.weak) },
  { name: 'The model’s scores', of: ({ scores }) => scores && <strong>{sumOf(scores)}</strong> },
  ...(['clarity', 'validity', 'rigor', 'innovativeness', 'generalizability', 'feasibility'] as const).map(scoreOn),
  { name: 'Novelty', of: ({ novelty }) => words(novelty.verdict) },
  { name: 'Closest works', of: closestWorks },
  { name: 'Risks', of: ({ assessment }) => points(assessment?.risks) },
  { name: 'Measured by', of: measuredBy },
  { name: 'Cost', of: ({ assessment }) => words(assessment?.implies.cost) },
  { name: 'Method', of: ({ method }) => prose(method) },
  {
    name: 'Plan',
    of: ({ plan }) => (
      <ol>
        {plan.map((step, i) => (
          <li key={i}>{inline(step)}</li>
        ))}
      </ol>
    ),
  },
  { name: 'Why', of: ({ rationale }) => prose(rationale) },
  { name: 'Rests on', of: ({ assessment }) => works(assessment?.cites) },
  { name: 'Ablations', of: ({ assessment }) => points(assessment?.ablations) },
];

/** All scores together: by this, nobody being asked, an idea would be chosen. */
function sumOf(scores: NonNullable<Idea['scores']>): string {
  const all = Object.values(scores);
  return `${all.reduce((sum, score) => sum + score, 0)} of ${all.length * MOST}`;
}

function scoreOn(name: ScoreName): Criterion {
  return {
    name: `${name[0]?.toUpperCase()}${name.slice(1)}`,
    isScore: true,
    of: ({ scores, assessment }) =>
      scores && (
        <>
          <Score value={scores[name]} />
          {assessment && <p class="quiet">{inline(assessment.reasons[name])}</p>}
        </>
      ),
  };
}

function Score({ value }: { value: number }) {
  return (
    <p class="pips">
      <strong>{value}</strong>
      <span class="quiet"> of {MOST}</span>
      <span class="bar" aria-hidden="true">
        {Array.from({ length: MOST }, (_, i) => (
          <span key={i} class={i < Math.round(value) ? 'pip full' : 'pip'} />
        ))}
      </span>
    </p>
  );
}

function closestWorks({ assessment, novelty }: Idea): ComponentChildren {
  const closest = assessment?.closest ?? [];
  if (closest.length === 0) return points(novelty.closest);
  return (
    <ul>
      {closest.map(({ id, title, differs }) => (
        <li key={id}>
          <cite>{title}</cite> <span class="quiet">{id}</span>
          <p>{inline(differs)}</p>
        </li>
      ))}
    </ul>
  );
}

function measuredBy({ assessment }: Idea): ComponentChildren {
  if (!assessment) return null;
  const { metric, minimumEffect, seeds } = assessment.implies;
  const effect = minimumEffect === null ? '' : `, by at least ${minimumEffect}`;
  return <p>{`${metric}${effect}${seeds === null ? '' : `, over ${seeds} seeds`}`}</p>;
}

function works(all: readonly { id: string; title: string }[] = []): ComponentChildren {
  if (all.length === 0) return null;
  return (
    <ul>
      {all.map(({ id, title }) => (
        <li key={id}>
          <cite>{title}</cite> <span class="quiet">{id}</span>
        </li>
      ))}
    </ul>
  );
}

function points(all: readonly string[] = []): ComponentChildren {
  return all.length === 0 ? null : (
    <ul>
      {all.map((one, i) => (
        <li key={i}>{inline(one)}</li>
      ))}
    </ul>
  );
}

function words(text = ''): ComponentChildren {
  return text === '' ? null : <p>{inline(text)}</p>;
}

function prose(text: string): ComponentChildren {
  return text === '' ? null : <Prose text={text} />;
}
