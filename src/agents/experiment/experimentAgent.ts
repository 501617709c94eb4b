import * as z from 'zod';
import type { Contract } from '../../domain/contract.ts';
import type { Idea } from '../../domain/idea.ts';
import { contractInWords } from '../contractInWords.ts';
import { defectsInWords } from '../defectsInWords.ts';
import { entryScript } from '../entryScript.ts';
import { ideaInWords } from '../ideaInWords.ts';
import type { AgentDefinition } from '../loop.ts';
import { mapInWords } from '../mapInWords.ts';
import { fillPrompt, material, type OwnPrompt } from '../prompt.ts';
import { type PrototypePlace, prototypesInWords, prototypeTools } from '../prototypeTools.ts';
import type { Room } from '../room.ts';
import { finishingTool } from '../tool.ts';
import { editingTools, type Workbench } from '../workbench.ts';
import prompt from './prompt.md';

export interface ExperimentContext {
  readonly idea: Idea;
  readonly contract: Contract;
  readonly workbench: Workbench;
  /** Of the code as it is, reported by agents before this one. */
  readonly defects?: readonly string[];
  /** What the researcher asks for besides, such as a review of an earlier change; '' for nothing. */
  readonly wish?: string;
  /** Code of others that it may look into. */
  readonly prototypes?: readonly PrototypePlace[];
  readonly room?: Room;
  /** The researcher's own, in the place of the tool's. */
  readonly prompt?: OwnPrompt;
}

export interface WrittenExperiment {
  /** What was changed and why, for the person who reviews it. */
  readonly summary: string;
  /** Defects that the code had before, each with its place; logs of earlier versions have none. */
  readonly defects?: readonly string[];
}

/** An idea to changes in a worktree. */
export async function experimentAgent(context: ExperimentContext): Promise<AgentDefinition<WrittenExperiment>> {
  const { idea, contract, workbench, defects = [], wish = '', prototypes = [], room = 'ample', prompt: own } = context;
  const { system, task } = fillPrompt(
    prompt,
    {
      idea: `${material('idea', ideaInWords(idea))}\n\n${defectsInWords(defects)}`,
      contract: contractInWords(contract),
      wish: wish.trim() === '' ? '' : `The researcher asks: ${wish.trim()}`,
      map: [
        material('map of the workspace', await mapInWords(workbench.place, ideaInWords(idea), room)),
        room === 'ample' ? await entryScript(contract.run, workbench.place, { plan: idea.plan.join('\n') }) : '',
        prototypesInWords(prototypes),
      ].join('\n\n'),
    },
    own,
  );
  return {
    agent: 'experiment',
    system,
    task,
    prompt: own,
    tools: [...editingTools(workbench), ...prototypeTools(prototypes), submitChanges(workbench)],
  };
}

function submitChanges(workbench: Workbench) {
  return finishingTool({
    name: 'submit_changes',
    description: 'Hand in the changes as they now stand in the files.',
    parameters: z.object({
      summary: z.string().trim().min(1).describe('What was changed and why, in a few sentences for the reviewer.'),
      defects: z
        .array(z.string().trim().min(1))
        .default([])
        .describe(
          'Defects that the code had before and nobody has named yet, each with file:line and the rows that meet it; none is the usual answer.',
        ),
    }),
    run: async (written): Promise<{ result: WrittenExperiment } | { refused: string }> => {
      if ((await workbench.changed()).length > 0) return { result: written };
      return { refused: 'No file differs from the baseline: make the change with edit_file or write_file first.' };
    },
  });
}
