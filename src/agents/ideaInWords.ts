import type { Idea } from '../domain/idea.ts';

/** An idea as the agents after it read it; its scores are nobody's instruction. */
export function ideaInWords(idea: Pick<Idea, 'title' | 'hypothesis' | 'method' | 'rationale' | 'plan'>): string {
  const plan = idea.plan.map((step, i) => `${i + 1}. ${step}`);
  return [
    idea.title,
    `Hypothesis: ${idea.hypothesis}`,
    `Method: ${idea.method}`,
    `Rationale: ${idea.rationale}`,
    ['Plan:', ...plan].join('\n'),
  ].join('\n\n');
}
