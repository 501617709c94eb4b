import { z } from 'zod';
import type { Measurement } from '../../domain/evidence.ts';
import type { Idea } from '../../domain/idea.ts';
import { ideaInWords } from '../ideaInWords.ts';
import type { AgentDefinition } from '../loop.ts';
import { fillPrompt, material } from '../prompt.ts';
import { finishingTool } from '../tool.ts';
import { figuresOf, fillFigures } from './figures.ts';
import { measurementInWords } from './measurementInWords.ts';
import prompt from './prompt.md';
import { strayNumbers } from './strayNumbers.ts';

export interface ValidateContext {
  readonly idea: Idea;
  /** The variant's change against the baseline, as a unified diff. */
  readonly diff: string;
  readonly measurement: Measurement;
  /** What the Experiment agent said of its change; '' where a person wrote it. */
  readonly summary: string;
  /** What was mended before measuring, in words, so that it is no part of the change. */
  readonly repairs: readonly string[];
  readonly wish?: string;
}

export interface Review {
  /** What the verdict means for the hypothesis. */
  readonly meaning: string;
  /** What else could explain it. */
  readonly confounds: readonly string[];
  readonly nextSteps: readonly string[];
  readonly goBackTo: 'idea' | 'experiment' | 'none';
}

const DIFF = 16_000;
const Text = z.string().trim().min(1);

/** A computed verdict to an explanation. The agent has no tool that could change or measure anything. */
export async function validateAgent(context: ValidateContext): Promise<AgentDefinition<Review>> {
  const { idea, diff, measurement, summary, repairs, wish = '' } = context;
  const { registration } = measurement;
  // What a number may be taken from besides the figures: nothing of it was measured.
  const given = [
    ideaInWords(idea),
    diff,
    summary,
    registration.minimumEffect,
    registration.alpha,
    registration.seeds.length,
  ].join('\n');
  const { system, task } = fillPrompt(prompt, {
    idea: material('idea', ideaInWords(idea)),
    diff: material('change', diff.length > DIFF ? `${diff.slice(0, DIFF)}\n[…]` : diff),
    summary: material('what was said of the change', summary),
    measurement: material('measurement', measurementInWords(measurement)),
    repairs:
      repairs.length === 0
        ? 'Nothing had to be mended before measuring.'
        : `Mended before measuring, and so no part of the change shown:\n${repairs.join('\n')}`,
    wish: wish.trim() === '' ? '' : `The researcher asks: ${wish.trim()}`,
  });
  return { agent: 'validate', system, task, tools: [submitReview(measurement, given)] };
}

function submitReview(measurement: Measurement, written: string) {
  const figures = figuresOf(measurement);
  return finishingTool({
    name: 'submit_review',
    description: 'Hand in the explanation. Measured numbers stand in it by their names in braces.',
    parameters: z.object({
      meaning: Text.describe('What the verdict means for the hypothesis, and what it does not show.'),
      confounds: z.array(Text),
      nextSteps: z.array(Text).min(1),
      goBackTo: z.enum(['idea', 'experiment', 'none']),
    }),
    run: async (review): Promise<{ result: Review } | { refused: string }> => {
      const own = [review.meaning, ...review.confounds].join('\n');
      const unknown = fillFigures([own, ...review.nextSteps].join('\n'), figures).unknown;
      if (unknown.length > 0) {
        return { refused: `There is no figure {${unknown[0]}}. The figures are: ${[...figures.keys()].join(', ')}.` };
      }
      const stray = strayNumbers(own, written);
      if (stray.length > 0) {
        return { refused: `Write ${stray.join(', ')} by the name of its figure in braces, or say it in words.` };
      }
      const fill = (text: string) => fillFigures(text, figures).text;
      const { meaning, confounds, nextSteps, goBackTo } = review;
      return {
        result: { meaning: fill(meaning), confounds: confounds.map(fill), nextSteps: nextSteps.map(fill), goBackTo },
      };
    },
  });
}
