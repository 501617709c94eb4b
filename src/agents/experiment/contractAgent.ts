import * as z from 'zod';
import type { Idea } from '../../domain/idea.ts';
import { describeWorkspace } from '../../workspace/describeWorkspace.ts';
import { likelyHidden, type SurveyedTable } from '../../workspace/survey.ts';
import { ideaInWords } from '../ideaInWords.ts';
import type { AgentDefinition } from '../loop.ts';
import { clipped, fillPrompt, material, type OwnPrompt } from '../prompt.ts';
import { readingTools } from '../readingTools.ts';
import type { Room } from '../room.ts';
import { finishingTool } from '../tool.ts';
import prompt from './contract.md';

export interface ContractProposal {
  readonly yaml: string;
  /** New files that the contract needs, such as an `evaluate.py` of its own; paths relative to the workspace. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

export interface ContractContext {
  readonly idea: Idea;
  /** The workspace folder. */
  readonly workspace: string;
  /** Where an index of its code is kept; absent: in memory. */
  readonly index?: string;
  /** What is wrong with a proposal, or null where it could be used. */
  check(yaml: string, files: ContractProposal['files']): string | null | Promise<string | null>;
  readonly wish?: string;
  readonly room?: Room;
  /** The researcher's own, in the place of the tool's. */
  readonly prompt?: OwnPrompt;
}

/** How much of a workspace is described. Characters; a description is never longer than the first. */
const WORKSPACE = { ample: 30_000, small: 4_000 };

/** A workspace without a contract to a proposal for one. */
export async function contractAgent(context: ContractContext): Promise<AgentDefinition<ContractProposal>> {
  const { idea, workspace, index, check, wish = '', room = 'ample', prompt: own } = context;
  const truths = await likelyHidden(workspace);
  const hidden = truths.map(({ path }) => path);
  const { system, task } = fillPrompt(
    prompt,
    {
      idea: material('idea', ideaInWords(idea)),
      wish: wish.trim() === '' ? '' : `The researcher asks: ${wish.trim()}`,
      workspace: material(
        'workspace',
        [clipped(await describeWorkspace(workspace, { hidden }), WORKSPACE[room]), ...truths.map(truthInWords)].join(
          '\n',
        ),
      ),
    },
    own,
  );
  const place = { root: workspace, hidden, ...(index !== undefined && { index }) };
  const submit = finishingTool({
    name: 'submit_contract',
    description: 'Hand in the contract, and the new files it needs if there are any.',
    parameters: z.object({
      yaml: z.string().min(1).describe('The whole text of mlr.yaml.'),
      files: z.array(z.object({ path: z.string().min(1), content: z.string() })).default([]),
    }),
    run: async (proposal): Promise<{ result: ContractProposal } | { refused: string }> => {
      const wrong = await check(proposal.yaml, proposal.files);
      return wrong === null ? { result: proposal } : { refused: wrong };
    },
  });
  return { agent: 'experiment', system, task, prompt: own, tools: [...readingTools(place), submit] };
}

/** What an agent has read can be hidden from nobody it hands on to. */
function truthInWords({ path, columns }: SurveyedTable): string {
  const held = columns.length > 0 ? `; its columns are ${columns.join(', ')}` : '';
  return `${path} looks like the truth of the test set, so no agent may read it${held}. It belongs under \`hidden\`.`;
}
