import * as z from 'zod';
import type { FileChange } from '../../domain/change.ts';
import { type ChangeReview, Finding } from '../../domain/changeReview.ts';
import type { Contract } from '../../domain/contract.ts';
import type { Idea } from '../../domain/idea.ts';
import { readText } from '../../workspace/readText.ts';
import { contractInWords } from '../contractInWords.ts';
import { defectsInWords } from '../defectsInWords.ts';
import { entryScript } from '../entryScript.ts';
import { ideaInWords } from '../ideaInWords.ts';
import type { LookingPlace } from '../lookingPlace.ts';
import type { AgentDefinition } from '../loop.ts';
import { fillPrompt, material, type OwnPrompt } from '../prompt.ts';
import { readingTools } from '../readingTools.ts';
import type { Room } from '../room.ts';
import { finishingTool } from '../tool.ts';
import prompt from './before.md';
import { changeInWords, cutChange } from './changeInWords.ts';
import { lookUp, type ReadFile } from './citation.ts';
import { strayNumbers } from './strayNumbers.ts';

export interface ChangeReviewContext {
  readonly idea: Idea;
  readonly contract: Contract;
  /** The accepted change, its paths relative to `root`. */
  readonly files: readonly FileChange[];
  /** What the Experiment agent said of it. */
  readonly summary: string;
  /** Of the code as it is, reported by agents before. */
  readonly defects?: readonly string[];
  /** What of it has only run, in words. */
  readonly ran: string;
  /** A folder that holds the changed tree's workspace. */
  readonly place: LookingPlace;
  readonly room?: Room;
  /** The researcher's own, in the place of the tool's. */
  readonly prompt?: OwnPrompt;
}

/** Longest change shown; beyond it, the files are there to be read. Characters. */
const SHOWN = { ample: 24_000, small: 5_000 };
const Text = z.string().trim().min(1);

/** An accepted change to an opinion of it, before anything is run. The agent can look, and nothing else. */
export async function changeReviewAgent(context: ChangeReviewContext): Promise<AgentDefinition<ChangeReview>> {
  const { idea, contract, files, summary, defects = [], ran, place, room = 'ample', prompt: own } = context;
  const read: ReadFile = async (path) => {
    const found = await readText(place.root, path, place);
    return found.ok ? found.text : null;
  };
  const change = await changeInWords(files, room === 'ample' ? read : async () => null);
  const changed = files.map(({ path }) => path);
  const beside =
    room === 'ample' ? await entryScript(contract.run, place, { plan: idea.plan.join('\n'), but: changed }) : '';
  const unsaid = defects.filter((defect) => !summary.includes(defect));
  const { system, task } = fillPrompt(
    prompt,
    {
      idea: material('idea', ideaInWords(idea)),
      contract: contractInWords(contract),
      summary: `${material('what was said of the change', summary)}\n\n${defectsInWords(unsaid)}`,
      ran,
      change: [material('change', cutChange(change, SHOWN[room])), beside].join('\n\n'),
    },
    own,
  );
  const given = [task, change, beside].join('\n');
  return {
    agent: 'validate',
    system,
    task,
    prompt: own,
    tools: [...readingTools(place), submitChangeReview(files, read, given)],
  };
}

function submitChangeReview(files: readonly FileChange[], read: ReadFile, given: string) {
  return finishingTool({
    name: 'submit_change_review',
    description: 'Hand in the review of the change.',
    parameters: z.object({
      doesWhatThePlanSays: z.boolean().describe('Of what it leaves to the measurement, say nothing here.'),
      summary: Text.describe('In two or three sentences for the researcher.'),
      findings: z.array(
        z.object({
          concern: Finding.shape.concern,
          severity: Finding.shape.severity,
          where: Text.describe('file:line'),
          quote: Text.describe('The one line word for word, without the + or - and the number before it.'),
          why: Text.describe('What it does to the comparison.'),
          mend: z.string().trim().default('').describe('What the Experiment agent should change.'),
        }),
      ),
    }),
    run: async ({
      doesWhatThePlanSays,
      summary,
      findings,
    }): Promise<{ result: ChangeReview } | { refused: string }> => {
      if (!doesWhatThePlanSays && !findings.some(({ concern }) => concern === 'plan')) {
        return { refused: 'Say in a finding of the concern "plan" where it departs from the plan.' };
      }
      const cited = await Promise.all(findings.map(async (one) => ({ one, at: await lookUp(one, files, read) })));
      const texts = await Promise.all(cited.map(({ at }) => (at ? read(at.path) : null)));
      const said = [summary, ...findings.flatMap(({ why, mend }) => [why, mend])].join('\n');
      const stray = strayNumbers(said, [given, ...texts].join('\n'), true);
      if (stray.length > 0) {
        return { refused: `Nothing that you were shown holds ${stray.join(', ')}: leave it out, or say it in words.` };
      }
      const found = cited.flatMap(({ one, at }): Finding[] => {
        if (!at) return [];
        const { path, line } = at;
        const quote = line.mark === ' ' ? line.text.trim() : `${line.mark}${line.text}`.trimEnd();
        return [{ ...one, where: `${path}:${line.number}`, quote }];
      });
      return { result: { doesWhatThePlanSays, summary, findings: found, dropped: findings.length - found.length } };
    },
  });
}

/** What sends a change back to the Experiment agent: the findings that must be mended, as material. */
export function findingsAsWish(findings: readonly Finding[], comment: string): string {
  const listed = findings.map(({ concern, where, quote, why, mend }) => {
    return `${where} (${concern}): ${quote}\n${why}${mend === '' ? '' : `\nTo mend it: ${mend}`}`;
  });
  return [
    comment,
    'Mend what a review found in the change that now stands in the files. Where a finding is wrong, leave the code as it is and say why in your summary.',
    material('findings', listed.join('\n\n')),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
