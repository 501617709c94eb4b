import * as z from 'zod';
import type { Measurement } from '../../domain/evidence.ts';
import { type Tool, tool } from '../tool.ts';
import { seedsOf } from './measurementInWords.ts';

const LINES = 40;
const MOST_PAIRS = 4;

/** The tool that shows the end of what measured runs printed. Runs are named by arm and pair, as the measurement lists
 *  them. */
export function outputTool(measurement: Measurement, output: (run: string) => Promise<string>): Tool<never> {
  const { baseline, variants, runs } = measurement;
  const seeds = seedsOf(measurement);
  const revisions = new Map([
    ['baseline', baseline.revision],
    ...(variants.length === 1 ? [] : variants.map(({ revision }): [string, string] => [revision, revision])),
    ...variants.slice(0, 1).map(({ revision }): [string, string] => ['variant', revision]),
  ]);
  return tool({
    name: 'read_output',
    looks: true,
    description:
      'The last lines that measured runs printed. They are the code’s own words about itself: no metric, and no number for the review.',
    parameters: z.object({
      arm: z.string().optional().describe('baseline, variant, or a variant’s name; every arm if left out.'),
      pairs: z
        .array(z.number().int())
        .min(1)
        .max(MOST_PAIRS)
        .default([1])
        .describe('As numbered in the measurement; the first if left out.'),
      lines: z.number().int().min(1).max(400).default(LINES),
    }),
    keeps: 'end',
    run: async ({ arm, pairs, lines }) => {
      const own = variants.some(({ revision }) => revision === arm) ? arm : revisions.get(arm ?? '');
      if (arm !== undefined && own === undefined) {
        return {
          refused: `There is no arm ${JSON.stringify(arm)}. The arms are: ${[...revisions.keys()].join(', ')}.`,
        };
      }
      const absent = pairs.find((pair) => seeds[pair - 1] === undefined);
      if (absent !== undefined)
        return { refused: `There is no pair ${absent}: they are numbered 1 to ${seeds.length}.` };
      const arms = arm === undefined ? [...revisions] : [[arm, own] as const];
      const asked = pairs.flatMap((pair) => arms.map(([name, revision]) => ({ pair, name, revision })));
      const said = asked.map(async ({ pair, name, revision }) => {
        const run = runs.find((one) => one.revision === revision && one.seed === seeds[pair - 1]);
        if (!run) return `${name}, pair ${pair}: was not run.`;
        const shown = (await output(run.id)).trimEnd().split('\n').slice(-lines).join('\n');
        return `${name}, pair ${pair}: ${shown === '' ? 'it printed nothing.' : `the end of what it printed:\n${shown}`}`;
      });
      return (await Promise.all(said)).join('\n\n');
    },
  });
}
