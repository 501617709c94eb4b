import path from 'node:path';
import * as z from 'zod';
import type { Contract } from '../../domain/contract.ts';
import { errorMark } from '../../runs/failure/errorMark.ts';
import type { Traceback } from '../../runs/traceback.ts';
import { contractInWords } from '../contractInWords.ts';
import { defectsInWords } from '../defectsInWords.ts';
import { entryScript } from '../entryScript.ts';
import type { AgentDefinition } from '../loop.ts';
import { mapInWords } from '../mapInWords.ts';
import { clipped, fillPrompt, material, type OwnPrompt } from '../prompt.ts';
import { type Repair, repairsInWords } from '../repairsInWords.ts';
import type { Room } from '../room.ts';
import { finishingTool } from '../tool.ts';
import { editingTools, type TrialTool, type Workbench } from '../workbench.ts';
import { missingModules } from './missingModules.ts';
import prompt from './prompt.md';

/** What is known of a run that failed. */
export interface FailedRun {
  /** baseline, or the variant's name. */
  readonly arm: string;
  readonly seed: number | null;
  readonly exit: number | null;
  /** Why it ended, in a sentence. */
  readonly reason: string;
  /** The traceback found in its output; null where there is none. */
  readonly traceback: Traceback | null;
  /** Its evidence pack in words: class, place, errors, command, what it printed last. */
  readonly evidence: string;
}

export interface DebugContext {
  /** Which arm is mended in the workbench: a defect that the baseline has is mended there, for all arms. */
  readonly of: 'baseline' | 'variant';
  readonly failures: readonly FailedRun[];
  /** Arms and seeds that ran through, in words; '' for none. */
  readonly succeeded?: string;
  readonly contract: Contract;
  /** The variant's change against the baseline so far, as a unified diff; '' where there is none. */
  readonly diff: string;
  /** What was mended before this. */
  readonly repairs?: readonly Repair[];
  /** Of the code as it is, reported by agents before this one. */
  readonly defects?: readonly string[];
  readonly workbench: Workbench;
  readonly wish?: string;
  readonly room?: Room;
  /** The researcher's own, in the place of the tool's. */
  readonly prompt?: OwnPrompt;
}

export interface Fix {
  /** Why it failed. */
  readonly diagnosis: string;
  /** What was changed. */
  readonly summary: string;
}

const ARMS = {
  baseline:
    'baseline. The files you see are the baseline’s. Your change will be made in the variant too, so that the arms still differ by the idea alone. The change of the variant is shown below; where it has changed the same lines as you, it keeps its own',
  variant: 'variant. Its change against the baseline is shown below; the baseline stays as it is',
};
const RERUN: TrialTool = {
  name: 'rerun_failed',
  description:
    'Run the command that failed again, with the seed that failed, on the files as they now are: those of the arm that you mend, and of no other; see its output and validation scores.',
};
const MOST_RUNS = { ample: 3, small: 1 };
/** Characters. */
const DIFF = { ample: 12_000, small: 2_500 };
const EVIDENCE = { ample: 20_000, small: 3_000 };

/** Failed runs to a change that removes the cause. */
export async function debugAgent(context: DebugContext): Promise<AgentDefinition<Fix>> {
  const { of, failures, succeeded = '', contract, diff, workbench, wish = '', room = 'ample', prompt: own } = context;
  const distinct = failures.filter((_, at) => twinOf(failures, at) === undefined);
  const shown = distinct.slice(0, MOST_RUNS[room]);
  const others = failures.filter((run) => !shown.includes(run));
  const { system, task } = fillPrompt(
    prompt,
    {
      arm: ARMS[of],
      failures: [
        ...shown.map((run) => material('failed run', clipped(failureInWords(run), EVIDENCE[room]))),
        others.map((run) => otherInWords(run, failures)).join('\n'),
        recurringInWords(failures, context.repairs ?? []),
        defectsInWords(context.defects ?? []),
      ].join('\n\n'),
      succeeded:
        succeeded === '' ? 'Apart from pilots, no run has got through so far.' : `These ran through: ${succeeded}.`,
      contract: contractInWords(contract),
      diff: [material('change of the variant', clipped(diff, DIFF[room])), repairsInWords(context.repairs ?? [])].join(
        '\n\n',
      ),
      modules: await missingModules(failures, workbench.place, contract.python),
      map: [
        material('map of the workspace', await mapInWords(workbench.place, whereItFailed(failures), room)),
        room === 'ample' ? await entryScript(contract.run, workbench.place) : '',
      ].join('\n\n'),
      wish: wish.trim() === '' ? '' : `The researcher asks: ${wish.trim()}`,
    },
    own,
  );
  return {
    agent: 'debug',
    system,
    task,
    prompt: own,
    tools: [...editingTools(workbench, RERUN), submitFix(workbench)],
  };
}

function submitFix(workbench: Workbench) {
  return finishingTool({
    name: 'submit_fix',
    description: 'Hand in the fix as it now stands in the files.',
    parameters: z.object({
      diagnosis: z
        .string()
        .trim()
        .min(1)
        .describe('The cause: the line, the input that reached it, and why only some runs met it.'),
      summary: z
        .string()
        .trim()
        .min(1)
        .describe('What was changed, for the reviewer; rows that are filled or left out are named here.'),
    }),
    run: async (fix): Promise<{ result: Fix } | { refused: string }> => {
      if ((await workbench.changed()).length > 0) return { result: fix };
      return { refused: 'No file was changed: make the fix with edit_file or write_file first.' };
    },
  });
}

/** What the map of the workspace is for. */
function whereItFailed(failures: readonly FailedRun[]): string {
  const frames = failures.flatMap(({ traceback }) => traceback?.frames ?? []);
  return [...new Set(frames.map((frame) => frame.function))].join(' ');
}

function failureInWords({ arm, seed, exit, reason, evidence }: FailedRun): string {
  return `${armAndSeed({ arm, seed })}: ${reason}\nExit: ${exit ?? 'none'}\n\n${evidence}`;
}

/** The first of the failures before it that is the same: one error, met in the same line of the same function, wherever
 *  that stands in its arm. */
function twinOf(failures: readonly FailedRun[], at: number): FailedRun | undefined {
  const own = sameness(failures[at]);
  return own === null ? undefined : failures.slice(0, at).find((other) => sameness(other) === own);
}

function sameness(run: FailedRun | undefined): string | null {
  if (!run?.traceback) return null;
  const { error, message, frames } = run.traceback;
  const calls = frames.map((frame) => [frame.function, frame.text]);
  return JSON.stringify([error, message, calls, run.exit]);
}

function otherInWords(run: FailedRun, failures: readonly FailedRun[]): string {
  const twin = twinOf(failures, failures.indexOf(run));
  const last = run.traceback?.frames.at(-1);
  if (!twin) return `${armAndSeed(run)}: ${run.reason}`;
  const where = last && run.arm !== twin.arm ? `, there at ${path.basename(last.file)}:${last.line}` : '';
  return `${armAndSeed(run)}: the same as ${armAndSeed(twin)}${where}.`;
}

/** Errors that a repair before was made for and has not removed: the same repair once more would be in vain. */
function recurringInWords(failures: readonly FailedRun[], repairs: readonly Repair[]): string {
  const again = failures.filter((run) => repairs.some(({ met }) => met?.includes(errorMark(run))));
  if (again.length === 0) return '';
  const tried = repairs.filter(({ met = [] }) => again.some((run) => met.includes(errorMark(run)))).length;
  const times = tried === 1 ? 'One repair was' : `${tried} repairs were`;
  return `${again.map(armAndSeed).join('; ')}: this error was there before. ${times} made for it (below) and it came back, so what was taken for its cause was not, or not all of it. Do not vary that repair: find the input or the call that it did not explain, try that on this seed, and take back what no longer serves.`;
}

function armAndSeed({ arm, seed }: Pick<FailedRun, 'arm' | 'seed'>): string {
  return `${arm}, seed ${seed ?? 'none'}`;
}
