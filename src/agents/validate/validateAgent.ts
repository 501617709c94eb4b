import * as z from 'zod';
import type { Measurement } from '../../domain/evidence.ts';
import type { Idea } from '../../domain/idea.ts';
import { ideaInWords } from '../ideaInWords.ts';
import type { LookingPlace } from '../lookingPlace.ts';
import type { AgentDefinition } from '../loop.ts';
import { clipped, fillPrompt, material, type OwnPrompt } from '../prompt.ts';
import { readingTools } from '../readingTools.ts';
import { type Repair, repairsInWords } from '../repairsInWords.ts';
import type { Room } from '../room.ts';
import { finishingTool } from '../tool.ts';
import { figuresOf, fillFigures } from './figures.ts';
import { measurementInWords } from './measurementInWords.ts';
import { outputTool } from './outputTool.ts';
import prompt from './prompt.md';
import { strayNumbers } from './strayNumbers.ts';

export interface ValidateContext {
  readonly idea: Idea;
  /** The variant's change against the baseline, as a unified diff. */
  readonly diff: string;
  readonly measurement: Measurement;
  /** What the Experiment agent said of its change; '' where a person wrote it. */
  readonly summary: string;
  /** What was mended before measuring. */
  readonly repairs: readonly Repair[];
  readonly wish?: string;
  /** What was said of the change before its runs; '' where nothing was. */
  readonly before?: string;
  /** The measured variant's files, where they are at hand. */
  readonly place?: LookingPlace;
  /** What a run printed, by its id. */
  readonly output?: (run: string) => Promise<string>;
  readonly room?: Room;
  /** The researcher's own, in the place of the tool's. */
  readonly prompt?: OwnPrompt;
}

export interface Review {
  /** What the verdict means for the hypothesis. */
  readonly meaning: string;
  /** What else could explain it. */
  readonly confounds: readonly string[];
  /** What would settle or overturn the verdict. */
  readonly wouldDecide: readonly string[];
  readonly nextSteps: readonly string[];
  readonly goBackTo: z.infer<typeof Phase>;
  /** Why there; '' where nowhere. */
  readonly whyBack: string;
}

/** Characters. */
const DIFF = { ample: 16_000, small: 3_000 };
const Phase = z.enum(['idea', 'plan', 'experiment', 'measure', 'none']);
const Text = z.string().trim().min(1);

/** A computed verdict to an explanation. The agent can look at the measured code and at what
 *  runs printed; it has no tool that could change or measure anything. */
export async function validateAgent(context: ValidateContext): Promise<AgentDefinition<Review>> {
  const { idea, diff, measurement, summary, repairs, wish = '', before = '', place, output, prompt: own } = context;
  const { room = 'ample' } = context;
  const { registration } = measurement;
  const mended = repairsInWords(repairs);
  // What a number may be taken from besides the figures: nothing of it was measured.
  const given = [
    ideaInWords(idea),
    diff,
    summary,
    before,
    mended,
    registration.minimumEffect,
    registration.alpha,
    (measurement.seeds ?? registration.seeds).length,
    ...measurement.variants.map(({ difference }) => difference?.examples ?? 0),
  ].join('\n');
  const { system, task } = fillPrompt(
    prompt,
    {
      idea: material('idea', ideaInWords(idea)),
      diff: material('change', clipped(diff, DIFF[room])),
      summary: material('what was said of the change', summary),
      before: material('what a review said of the change before its runs', before),
      measurement: material('measurement', measurementInWords(measurement, idea.hypothesis, room)),
      repairs: mended === '' ? 'Nothing had to be mended before measuring.' : mended,
      wish: wish.trim() === '' ? '' : `The researcher asks: ${wish.trim()}`,
    },
    own,
  );
  const tools = [
    ...(place ? readingTools(place) : []),
    ...(output ? [outputTool(measurement, output)] : []),
    submitReview(measurement, given),
  ];
  return { agent: 'validate', system, task, prompt: own, tools };
}

function submitReview(measurement: Measurement, written: string) {
  const figures = figuresOf(measurement);
  return finishingTool({
    name: 'submit_review',
    description: 'Hand in the explanation. Measured numbers stand in it by their names in braces.',
    parameters: z.object({
      meaning: Text.describe('What the verdict means for the hypothesis, and what it does not show.'),
      confounds: z
        .array(
          z.object({
            explanation: Text,
            wouldTell: Text.describe('What would tell it apart; settings to try may be numbers.'),
          }),
        )
        .describe('What else could explain the result; none is a possible answer.'),
      wouldDecide: z
        .array(Text)
        .default([])
        .describe(
          'What would settle or overturn the verdict, and which outcome would mean what. Leave it out where the verdict is clear.',
        ),
      nextSteps: z.array(Text).min(1),
      goBackTo: Phase,
      whyBack: z.string().trim().default('').describe('Why to go back there.'),
    }),
    run: async (review): Promise<{ result: Review } | { refused: string }> => {
      const { meaning, confounds, wouldDecide, nextSteps, goBackTo, whyBack } = review;
      const measured = [meaning, ...confounds.map(({ explanation }) => explanation)].join('\n');
      const told = confounds.map(({ explanation, wouldTell }) => `${explanation} ${wouldTell}`);
      const unknown = fillFigures(
        [meaning, ...told, ...wouldDecide, ...nextSteps, whyBack].join('\n'),
        figures,
      ).unknown;
      if (unknown.length > 0) {
        return { refused: `There is no figure {${unknown[0]}}. The figures are: ${[...figures.keys()].join(', ')}.` };
      }
      const stray = strayNumbers(`${measured}\n${whyBack}`, written);
      if (stray.length > 0) {
        return {
          refused: `Write ${stray.join(', ')} by the name of its figure in braces, or say it in words; settings to try stand in wouldTell, wouldDecide or nextSteps.`,
        };
      }
      if (measurement.verdict === 'inconclusive' && wouldDecide.length === 0) {
        return { refused: 'The verdict is inconclusive: say in wouldDecide what would decide it.' };
      }
      const fill = (text: string) => fillFigures(text, figures).text;
      return {
        result: {
          meaning: fill(meaning),
          confounds: told.map(fill),
          wouldDecide: wouldDecide.map(fill),
          nextSteps: nextSteps.map(fill),
          goBackTo,
          whyBack: fill(whyBack),
        },
      };
    },
  });
}
