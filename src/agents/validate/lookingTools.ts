import * as z from 'zod';
import type { Measurement } from '../../domain/evidence.ts';
import { readingDesk } from '../../workspace/readingDesk.ts';
import { searchPattern } from '../../workspace/searchPattern.ts';
import { type Tool, tool } from '../tool.ts';
import { readingTools } from '../workbench.ts';

/** A folder that the Validate agent may look into. */
export interface LookingPlace {
  readonly root: string;
  readonly hidden: readonly string[];
}

const MOST_MATCHES = 60;
const LINES = 40;

/** The tools that look into a tree: its files, and where something stands in them. Nothing is changed. */
export function lookingTools({ root, hidden }: LookingPlace): Tool<never>[] {
  const reading = readingTools(readingDesk(root, hidden)).filter(({ name }) => name !== 'search_text');
  const search = tool({
    name: 'search_pattern',
    looks: true,
    description: 'Find every line that matches a regular expression of JavaScript, upper and lower case alike.',
    parameters: z.object({ pattern: z.string().min(1), folder: z.string().optional() }),
    run: async ({ pattern, folder = '' }) => {
      const found = await searchPattern(root, pattern, { hidden, under: folder, most: MOST_MATCHES });
      if (!found.ok) return { refused: found.why };
      if (found.matches.length === 0) return `No line matches ${pattern}.`;
      const lines = found.matches.map(({ path, line, text }) => `${path}:${line}: ${text.trim()}`);
      if (lines.length === MOST_MATCHES) lines.push('and perhaps more: search for something longer, or in one folder');
      return lines.join('\n');
    },
  });
  return [...reading, search];
}

/** The tool that shows the end of what a measured run printed. */
export function outputTool(
  { baseline, variants, runs }: Measurement,
  output: (run: string) => Promise<string>,
): Tool<never> {
  return tool({
    name: 'read_output',
    looks: true,
    description:
      'The last lines that one run printed. They are the code’s own words about itself: no metric, and no number for the review.',
    parameters: z.object({
      arm: z.string().describe('baseline, or variant; of several variants the one as it is named in the measurement.'),
      seed: z.number().int().optional().describe('One of the runs’ seeds; the first if left out.'),
      lines: z.number().int().min(1).max(400).default(LINES),
    }),
    keeps: 'end',
    run: async ({ arm, seed, lines }) => {
      const named: Record<string, string | undefined> = { baseline: baseline.revision, variant: variants[0]?.revision };
      const own = runs.filter(({ revision }) => revision === (named[arm] ?? arm));
      if (own.length === 0) {
        const arms = ['baseline', ...(variants.length === 1 ? ['variant'] : variants.map((v) => v.revision))];
        return { refused: `There is no arm ${JSON.stringify(arm)}. The arms are: ${arms.join(', ')}.` };
      }
      const run = own.find((one) => seed === undefined || one.seed === seed);
      if (!run) {
        return { refused: `${arm} was not run with seed ${seed}. Its seeds: ${own.map((r) => r.seed).join(', ')}.` };
      }
      const printed = (await output(run.id)).trimEnd().split('\n');
      const shown = printed.slice(-lines).join('\n');
      return `${arm}, seed ${run.seed}: ${shown === '' ? 'it printed nothing.' : `the end of what it printed:\n${shown}`}`;
    },
  });
}
