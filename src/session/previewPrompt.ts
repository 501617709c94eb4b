import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { estimatedTokens } from '../agents/compaction.ts';
import { contractAgent } from '../agents/experiment/contractAgent.ts';
import { experimentAgent } from '../agents/experiment/experimentAgent.ts';
import { ideaAgent } from '../agents/idea/ideaAgent.ts';
import { type AgentDefinition, offeredTools, openingOf } from '../agents/loop.ts';
import type { Room } from '../agents/room.ts';
import { worktreeBench } from '../agents/workbench.ts';
import { type Contract, concealed } from '../domain/contract.ts';
import type { ModelMessage } from '../domain/conversation.ts';
import { parseContract } from '../evidence/contractFile.ts';
import type { ToolDescription } from '../models/chatModel.ts';
import { baselineScore } from './baselineScore.ts';
import { SessionError } from './errors.ts';
import type { FindingPorts } from './finding.ts';
import { readIdeaFile, readIdeaText } from './ideaFile.ts';
import { readNamedPaper } from './namedPaper.ts';
import { ownPrompt, type PromptName } from './ownPrompt.ts';
import { triedIdeas } from './triedIdeas.ts';

/** Prompts that can be shown before a session: what the others are told of comes about in one. */
export const PREVIEWED = ['idea', 'contract', 'experiment'] as const satisfies readonly PromptName[];
export type PreviewedPrompt = (typeof PREVIEWED)[number];

export interface PromptPreview {
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolDescription[];
  /** By the length of all that is sent. */
  readonly tokens: number;
  /** The researcher's own prompt that was used, relative to the workspace; null for the tool's. */
  readonly file: string | null;
}

/** What a prompt is about, and how much its model holds. */
export interface From {
  /** A file, an arXiv id, a DOI or an address. */
  readonly paper?: string;
  readonly idea?: string;
  readonly room?: Room;
}

/** What an agent would be sent as its first request, from the workspace as it is now; no model is asked.
 *  @param from its paths absolute
 *  @throws SessionError `bad-input`, AgentError `prompt`, PaperError, ContractError */
export async function previewPrompt(ports: FindingPorts, name: PreviewedPrompt, from: From): Promise<PromptPreview> {
  const { system, task, tools, prompt } = await definitionOf(ports, name, from);
  const messages = openingOf({ system, task }, from.room ?? 'ample');
  const offered = offeredTools(tools).map(({ name: tool, description, parameters }) => ({
    name: tool,
    description,
    parameters,
  }));
  return { messages, tools: offered, tokens: estimatedTokens(messages, offered), file: prompt?.file ?? null };
}

async function definitionOf(
  ports: FindingPorts,
  name: PreviewedPrompt,
  { paper, idea: ideaFile, room = 'ample' }: From,
): Promise<AgentDefinition<unknown>> {
  const { workspace } = ports;
  const own = await ownPrompt(workspace, name);
  if (name === 'idea') {
    if (paper === undefined && ideaFile === undefined) throw lacking(name, '--paper FILE');
    const scoreOf = (contract: Contract) => baselineScore(workspace, contract);
    return ideaAgent({
      paper: paper === undefined ? null : (await readNamedPaper(paper, ports)).paper,
      ...(ideaFile !== undefined && { brought: await readIdeaText(ideaFile) }),
      workspace,
      scoreOf,
      // Nothing of it is called: a preview describes the tools and uses none.
      literature: { search: async () => ({ papers: [], asked: [] }), searches: () => [] },
      tried: await triedIdeas(workspace),
      room,
      ...own,
    });
  }
  if (ideaFile === undefined) throw lacking(name, '--idea FILE');
  const idea = await readIdeaFile(ideaFile);
  if (name === 'contract') return contractAgent({ idea, workspace, check: () => null, room, ...own });
  const contract = parseContract(await contractText(workspace), 'mlr.yaml');
  // Nothing of it is called: a preview describes the tools and uses none.
  const workbench = worktreeBench({ root: workspace, hidden: concealed(contract) }, contract, {
    pilot: async () => ({ ok: false, text: 'A preview runs nothing.' }),
    changed: async () => [],
  });
  return experimentAgent({ idea, contract, workbench, room, ...own });
}

async function contractText(workspace: string): Promise<string> {
  return readFile(path.join(workspace, 'mlr.yaml'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new SessionError('bad-input', 'The Experiment agent needs a contract, mlr.yaml: write one with mlr init.');
  });
}

function lacking(name: PreviewedPrompt, flag: string): SessionError {
  return new SessionError('bad-input', `The prompt "${name}" is about something: name it with ${flag}.`);
}
