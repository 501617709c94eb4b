import { z } from 'zod';
import type { Measurement } from '../../domain/evidence.ts';
import type { Idea } from '../../domain/idea.ts';
import { ideaInWords } from '../ideaInWords.ts';
import type { AgentDefinition } from '../loop.ts';
import { fillPrompt, material } from '../prompt.ts';
import { finishingTool } from '../tool.ts';
import { measurementInWords } from './measurementInWords.ts';
import prompt from './prompt.md';
import { strayNumbers } from './strayNumbers.ts';

export interface ValidateContext {
  readonly idea: Idea;
  /** The variant's change against the baseline, as a unified diff. */
  readonly diff: string;
  readonly measurement: Measurement;
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

/** A computed verdict to an explanation. The agent has no tool that could change or measure anything. */
export async function validateAgent(context: ValidateContext): Promise<AgentDefinition<Review>> {
  const { idea, diff, measurement, repairs, wish = '' } = context;
  const { system, task } = fillPrompt(prompt, {
    idea: material('idea', ideaInWords(idea)),
    diff: material('change', diff.length > DIFF ? `${diff.slice(0, DIFF)}\n[…]` : diff),
    measurement: material('measurement', measurementInWords(measurement)),
    repairs:
      repairs.length === 0
        ? 'Nothing had to be mended before measuring.'
        : `Mended before measuring, and so no part of the change shown:\n${repairs.join('\n')}`,
    wish: wish.trim() === '' ? '' : `The researcher asks: ${wish.trim()}`,
  });
  return { agent: 'validate', system, task, tools: [submitReview(task)] };
}

function submitReview(given: string) {
  const Text = z.string().trim().min(1);
  return finishingTool({
    name: 'submit_review',
    description: 'Hand in the explanation.',
    parameters: z.object({
      meaning: Text.describe('What the verdict means for the hypothesis, and what it does not show.'),
      confounds: z.array(Text),
      nextSteps: z.array(Text).min(1),
      goBackTo: z.enum(['idea', 'experiment', 'none']),
    }),
    run: async (review): Promise<{ result: Review } | { refused: string }> => {
      const stray = strayNumbers([review.meaning, ...review.confounds].join('\n'), given);
      if (stray.length === 0) return { result: review };
      return {
        refused: `No measurement gave ${stray.join(', ')}: write numbers as they stand in the material, or say it in words.`,
      };
    },
  });
}
