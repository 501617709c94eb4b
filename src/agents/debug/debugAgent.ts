import * as z from 'zod';
import type { Contract } from '../../domain/contract.ts';
import type { Traceback } from '../../runs/traceback.ts';
import { contractInWords } from '../contractInWords.ts';
import type { AgentDefinition } from '../loop.ts';
import { mapInWords } from '../mapInWords.ts';
import { fillPrompt, material, type OwnPrompt } from '../prompt.ts';
import { finishingTool } from '../tool.ts';
import { editingTools, type TrialTool, type Workbench } from '../workbench.ts';
import { missingModules } from './missingModules.ts';
import prompt from './prompt.md';

/** What is known of a run that failed. */
export interface FailedRun {
  /** baseline, or the variant's name. */
  readonly arm: string;
  readonly seed: number | null;
  readonly argv: readonly string[];
  readonly exit: number | null;
  /** Why it ended, in a sentence. */
  readonly reason: string;
  /** The traceback found in its output; null where there is none. */
  readonly traceback: Traceback | null;
  /** The end of its output. */
  readonly tail: string;
}

export interface DebugContext {
  /** Which arm is mended in the workbench: a defect that the baseline has is mended there, for all arms. */
  readonly of: 'baseline' | 'variant';
  readonly failures: readonly FailedRun[];
  /** Arms and seeds that ran through, in words; '' where it is not known. */
  readonly succeeded?: string;
  readonly contract: Contract;
  /** The variant's change against the baseline so far, as a unified diff; '' where there is none. */
  readonly diff: string;
  readonly workbench: Workbench;
  readonly wish?: string;
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
    'Run the command that failed again, with the seed that failed, on the files as they now are; see its output and validation scores.',
};
const MOST_RUNS = 3;
const MOST_FRAMES = 12;
const TRACEBACK = 'Traceback (most recent call last):';
const TAIL = 3_000;
const DIFF = 12_000;

/** Failed runs to a change that removes the cause. */
export async function debugAgent(context: DebugContext): Promise<AgentDefinition<Fix>> {
  const { of, failures, succeeded = '', contract, diff, workbench, wish = '', prompt: own } = context;
  const shown = failures.slice(0, MOST_RUNS).map((run) => material('failed run', failureInWords(run)));
  const others = failures.slice(MOST_RUNS).map((run) => `${run.arm} with seed ${run.seed}: ${run.reason}`);
  const { system, task } = fillPrompt(
    prompt,
    {
      arm: ARMS[of],
      failures: [...shown, ...others].join('\n\n'),
      succeeded: `These ran through: ${succeeded === '' ? 'none' : succeeded}.`,
      contract: contractInWords(contract),
      diff: material('change of the variant', diff.length > DIFF ? `${diff.slice(0, DIFF)}\n[…]` : diff),
      modules: await missingModules(failures, workbench.place, contract.python),
      map: material('map of the workspace', await mapInWords(workbench.place, whereItFailed(failures))),
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

function failureInWords(run: FailedRun): string {
  const head = `${run.arm}, seed ${run.seed ?? 'none'}: ${run.reason}\nCommand: ${run.argv.join(' ')}\nExit: ${run.exit ?? 'none'}`;
  // The traceback is shown once: in its own words, or as the end of what was printed.
  const printed = run.traceback === null ? run.tail : (run.tail.split(TRACEBACK)[0] ?? '');
  const tail = printed.length > TAIL ? `[…]${printed.slice(-TAIL)}` : printed;
  const traceback = run.traceback === null ? '' : `\n\n${tracebackInWords(run.traceback)}`;
  const before = run.traceback === null ? 'End of its output' : 'What it printed before';
  return `${head}${traceback}${tail.trim() === '' ? '' : `\n\n${before}:\n${tail.trimEnd()}`}`;
}

/** As Python prints it, outermost call first, causes before what they led to. */
function tracebackInWords({ error, message, frames, cause }: Traceback): string {
  const places = frames.slice(-MOST_FRAMES).map((frame) => {
    const call = frame.function === '' ? '' : `, in ${frame.function}`;
    return `  File "${frame.file}", line ${frame.line}${call}\n    ${frame.text}`;
  });
  const before = cause === null ? [] : [tracebackInWords(cause), 'which led to:'];
  return [...before, 'Traceback:', ...places, `${error}: ${message}`].join('\n');
}
