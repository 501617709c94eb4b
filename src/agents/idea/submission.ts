import * as z from 'zod';
import { type Idea, IdeaScores, type IdeaSet } from '../../domain/idea.ts';
import type { Paper } from '../../domain/paper.ts';
import { finishingTool, type Tool } from '../tool.ts';
import { Grounding } from './grounding.ts';
import { citableWorks, heldAgainst, type Literature, searchesInWords, worksFound } from './literature.ts';
import { slug } from './slug.ts';

/** What the agent itself says, as far as the tool found it grounded; which paper it was is not its to say. */
export type ProposedIdeas = Omit<IdeaSet, 'paper'>;

/** Ideas that are handed in, and those that are at least weighed before. */
export const HOW_MANY = 3;
const WEIGHED = 5;
const RELATED = 20;

const Text = z.string().trim().min(1);
const Scored = (criterion: keyof IdeaScores) =>
  z.object({
    score: IdeaScores.shape[criterion],
    why: Text.describe('What keeps it from a higher score.'),
  });
const Proposal = z.object({
  title: Text,
  hypothesis: Text.describe('What is changed, how the primary metric moves, by about how much you expect, and why.'),
  method: Text,
  rationale: Text.describe('Which gap of the paper, and what in this workspace speaks for it.'),
  cites: z.array(Text).default([]).describe('Keys of works that the rationale rests on, such as R2 or W1.'),
  plan: z.array(Text).min(1).describe('Concrete steps, in order.'),
  measure: z.object({
    metric: Text,
    minimum_effect: z.number().nullable().describe('Smallest gain worth having, in the unit of the metric.'),
    seeds: z.number().int().nullable(),
    cost: Text.describe('What the runs would take here, and where you know it from.'),
  }),
  ablations: z.array(Text).default([]).describe('Later comparisons that would tell why it works.'),
  risks: z.array(Text).default([]).describe('What could make it fail or mislead.'),
  scores: z.object({
    clarity: Scored('clarity'),
    validity: Scored('validity'),
    rigor: Scored('rigor'),
    innovativeness: Scored('innovativeness'),
    generalizability: Scored('generalizability'),
    feasibility: Scored('feasibility'),
  }),
  novelty: z.object({
    closest: z.array(z.object({ work: Text.describe('Its key.'), differs: Text })),
    verdict: Text,
  }),
});
type Proposal = z.output<typeof Proposal>;

interface Subject {
  readonly paper: Paper | null;
  /** Null where none is searched. */
  readonly literature: Literature | null;
}

/** Takes in what was found in a paper, and three ideas. */
export function submitIdeas(subject: Subject): Tool<ProposedIdeas> {
  return finishingTool({
    name: 'submit_ideas',
    description: 'Hand in what was found, what was weighed, and exactly three ideas.',
    parameters: z.object({
      tasks: z.array(Text).min(1).describe('The tasks the paper works on.'),
      gaps: z
        .array(z.object({ gap: Text, quotation: Text.describe('A sentence of the paper, word for word.') }))
        .min(1)
        .describe('What it leaves open, each with the words it rests on.'),
      keywords: z.array(Text).min(1),
      defects: z
        .array(Text)
        .default([])
        .describe('Defects of the code as it is, each with file:line; none is the usual answer.'),
      considered: z
        .array(z.object({ title: Text, mechanism: Text, kept: z.boolean(), why: Text }))
        .min(WEIGHED)
        .describe('At least five candidates that differ in mechanism; which three are kept, and why.'),
      ideas: z.array(Proposal).length(HOW_MANY),
    }),
    run: async ({ ideas, gaps, ...found }) => {
      const titles = new Set(ideas.map(({ title }) => slug(title)));
      if (titles.size < ideas.length) {
        return { refused: 'Two ideas have the same title: hand in three that differ.' };
      }
      const grounding = groundingOf(subject);
      const grounds = gaps.flatMap(({ gap, quotation }) => {
        const place = grounding.place(quotation, `gap “${gap}”`);
        return place === null ? [] : [{ gap, quotation, ...place }];
      });
      if (grounds.length === 0) {
        return {
          refused: `No quotation stands in the paper, the first is “${gaps[0]?.quotation}”: copy each from the text as it stands there.`,
        };
      }
      const checked = ideas.map((idea) => groundedIdea(idea, grounding, subject.literature)).sort(byScore);
      return {
        result: {
          ...found,
          gaps: grounds.map(({ gap }) => gap),
          grounds,
          ...whatWasFound(subject, checked, grounding),
        },
      };
    },
  });
}

/** Takes in an idea that a person brought, in the form of the others. */
export function submitOwnIdea(subject: Subject): Tool<ProposedIdeas> {
  return finishingTool({
    name: 'submit_idea',
    description: "Hand in the researcher's idea in this form, and what is weak in it.",
    parameters: z.object({
      keywords: z.array(Text).min(1),
      defects: z.array(Text).default([]).describe('Defects of the code as it is, each with file:line.'),
      idea: Proposal,
      weak: z.array(Text).min(1).describe('What a sceptical reviewer would object to, each with how to mend it.'),
    }),
    run: async ({ idea, weak, ...found }) => {
      const grounding = groundingOf(subject);
      const checked = groundedIdea(idea, grounding, subject.literature, weak);
      return { result: { ...found, tasks: [], gaps: [], ...whatWasFound(subject, [checked], grounding) } };
    },
  });
}

function groundingOf({ paper, literature }: Subject): Grounding {
  return new Grounding(paper, citableWorks(paper, literature));
}

function whatWasFound({ literature }: Subject, ideas: Idea[], { dropped }: Grounding) {
  const searched = searchesInWords(literature);
  const named = new Set(
    ideas
      .flatMap(({ assessment }) => [...(assessment?.cites ?? []), ...(assessment?.closest ?? [])])
      .map(({ title }) => title),
  );
  const works = worksFound(literature);
  // What an idea names stands before what was merely found.
  const related = [...works.filter(({ title }) => named.has(title)), ...works.filter(({ title }) => !named.has(title))];
  return {
    related: related.slice(0, RELATED).map(({ title, year, source, id }) => ({ title, year, source, id })),
    ideas,
    dropped,
    ...(searched !== '' && { searched }),
  };
}

/** A verdict on novelty says what it was held against, in the tool's words. */
const NOT_SEARCHED = 'Not checked against the literature.';

function groundedIdea(
  { cites, measure, ablations, risks, scores, novelty, ...idea }: Proposal,
  grounding: Grounding,
  literature: Literature | null,
  weak: string[] = [],
): Idea {
  const where = `idea “${idea.title}”`;
  const cited = cites.flatMap((key) => grounding.work(key, where) ?? []).map(({ id, title }) => ({ id, title }));
  const closest = novelty.closest.flatMap(({ work, differs }) => {
    const found = grounding.work(work, where);
    return found === null ? [] : [{ id: found.id, title: found.title, differs }];
  });
  const against = worksFound(literature).length === 0 ? NOT_SEARCHED : `Held against ${heldAgainst(literature)}.`;
  return {
    id: slug(idea.title),
    title: idea.title,
    hypothesis: grounding.words(idea.hypothesis, where),
    method: grounding.words(idea.method, where),
    rationale: grounding.words(idea.rationale, where),
    plan: idea.plan,
    scores: eachOf(scores, ({ score }) => score),
    novelty: {
      closest: closest.map(({ title, differs }) => `${title}: ${differs}`),
      verdict: `${against} ${grounding.words(novelty.verdict, where)}`,
    },
    assessment: {
      reasons: eachOf(scores, ({ why }) => why),
      cites: cited,
      closest,
      implies: {
        metric: measure.metric,
        minimumEffect: measure.minimum_effect,
        seeds: measure.seeds,
        cost: measure.cost,
      },
      ablations,
      risks,
      weak,
    },
  };
}

function eachOf<From, To>(scores: Record<keyof IdeaScores, From>, of: (one: From) => To): Record<keyof IdeaScores, To> {
  const { clarity, validity, rigor, innovativeness, generalizability, feasibility } = scores;
  return {
    clarity: of(clarity),
    validity: of(validity),
    rigor: of(rigor),
    innovativeness: of(innovativeness),
    generalizability: of(generalizability),
    feasibility: of(feasibility),
  };
}

/** The best scored first; equals stay in the order they were handed in. */
function byScore(one: Idea, other: Idea): number {
  return total(other) - total(one);
}

function total({ scores }: Idea): number {
  return Object.values(scores ?? {}).reduce((sum, score) => sum + score, 0);
}
