import * as z from 'zod';
import { type Contract, concealed } from '../../domain/contract.ts';
import { type Idea, IdeaScores, type IdeaSet } from '../../domain/idea.ts';
import type { Paper } from '../../domain/paper.ts';
import { parseContract } from '../../evidence/contractFile.ts';
import { readText } from '../../workspace/readText.ts';
import { likelyHidden } from '../../workspace/survey.ts';
import { contractInWords } from '../contractInWords.ts';
import { entryScript } from '../entryScript.ts';
import type { LookingPlace } from '../lookingPlace.ts';
import type { AgentDefinition } from '../loop.ts';
import { mapInWords } from '../mapInWords.ts';
import { fillPrompt, material, type OwnPrompt } from '../prompt.ts';
import { readingTools } from '../readingTools.ts';
import type { Room } from '../room.ts';
import { finishingTool } from '../tool.ts';
import { paperDigest, readPaperSection } from './paperDigest.ts';
import prompt from './prompt.md';

/** What the code as it is committed was measured to score. */
export interface BaselineScore {
  readonly metric: string;
  readonly mean: number;
  /** Over seeds. */
  readonly deviation: number;
  readonly seeds: number;
}

export interface IdeaContext {
  readonly paper: Paper;
  /** The workspace folder. */
  readonly workspace: string;
  /** Where an index of its code is kept; absent: in memory. */
  readonly index?: string;
  /** Looks up what is known of the baseline; absent: nothing. */
  readonly scoreOf?: (contract: Contract) => Promise<BaselineScore | null>;
  /** What the researcher asks for besides; '' for nothing. */
  readonly wish?: string;
  readonly room?: Room;
  /** The researcher's own, in the place of the tool's. */
  readonly prompt?: OwnPrompt;
}

/** What the agent itself says; which paper it was, and related work, are not its to say. */
export type ProposedIdeas = Pick<IdeaSet, 'tasks' | 'gaps' | 'keywords' | 'defects' | 'ideas'>;

const HOW_MANY = 3;

/** Paper and workspace to three ideas.
 *  @throws ContractError where the workspace's `mlr.yaml` has errors */
export async function ideaAgent({
  paper,
  workspace,
  index,
  scoreOf = async () => null,
  wish = '',
  room = 'ample',
  prompt: own,
}: IdeaContext): Promise<AgentDefinition<ProposedIdeas>> {
  const contract = await contractOf(workspace);
  const hidden = contract ? concealed(contract) : (await likelyHidden(workspace)).map(({ path }) => path);
  const place: LookingPlace = { root: workspace, hidden, ...(index !== undefined && { index }) };
  const { system, task } = fillPrompt(
    prompt,
    {
      contract: contract
        ? [
            'The experiment contract (mlr.yaml holds no more for you):',
            contractInWords(contract),
            scoreInWords(await scoreOf(contract)),
          ].join('\n')
        : 'The workspace has no experiment contract yet: choose ideas whose effect one number can show, and say which.',
      wish: wish.trim() === '' ? '' : `The researcher asks: ${wish.trim()}`,
      paper: material('paper', paperDigest(paper, room)),
      map: [
        material('map of the workspace', await mapInWords(place, `${paper.title} ${paper.abstract} ${wish}`, room)),
        contract && room === 'ample' ? await entryScript(contract.run, place) : '',
      ].join('\n\n'),
    },
    own,
  );
  return {
    agent: 'idea',
    system,
    task,
    prompt: own,
    tools: [readPaperSection(paper), ...readingTools(place), submitIdeas()],
  };
}

function scoreInWords(score: BaselineScore | null): string {
  if (score === null) return 'What the baseline scores was not measured yet.';
  const [mean, deviation] = [score.mean, score.deviation].map((value) => Number(value.toPrecision(4)));
  return `Measured of the baseline over ${score.seeds} seeds: ${score.metric} ${mean} on average, standard deviation ${deviation}.`;
}

const Text = z.string().trim().min(1);
const Proposal = z.object({
  title: Text,
  hypothesis: Text.describe('What is changed, how the primary metric moves, by about how much you expect, and why.'),
  method: Text,
  rationale: Text.describe('Which gap of the paper, and what in this workspace speaks for it.'),
  plan: z.array(Text).min(1).describe('Concrete steps, in order.'),
  scores: IdeaScores,
  novelty: z.object({ closest: z.array(Text).describe('Works that the paper itself names.'), verdict: Text }),
});

function submitIdeas() {
  return finishingTool({
    name: 'submit_ideas',
    description: 'Hand in what was found and exactly three ideas.',
    parameters: z.object({
      tasks: z.array(Text).min(1).describe('The tasks the paper works on.'),
      gaps: z.array(Text).min(1).describe('What it leaves open.'),
      keywords: z.array(Text).min(1),
      defects: z
        .array(Text)
        .default([])
        .describe('Defects of the code as it is, each with file:line; none is the usual answer.'),
      ideas: z.array(Proposal).length(HOW_MANY),
    }),
    run: async ({ ideas, ...found }): Promise<{ result: ProposedIdeas } | { refused: string }> => {
      const named = withIds(ideas);
      if (named === null) return { refused: 'Two ideas have the same title: hand in three that differ.' };
      return { result: { ...found, ideas: named } };
    },
  });
}

/** The literature is not searched in this form, and a verdict must not sound as if it had been. */
const NOT_SEARCHED = 'Not checked against the literature.';

function withIds(proposals: readonly z.output<typeof Proposal>[]): Idea[] | null {
  const ideas = proposals.map(({ novelty, ...idea }) => ({
    id: slug(idea.title),
    ...idea,
    novelty: { closest: novelty.closest, verdict: `${NOT_SEARCHED} ${novelty.verdict}` },
  }));
  return new Set(ideas.map(({ id }) => id)).size === ideas.length ? ideas : null;
}

/** A title as a name for files and branches. */
function slug(title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .match(/[a-z0-9]+/g) ?? ['idea'];
  let name = words[0]?.slice(0, 40) ?? 'idea';
  for (const word of words.slice(1)) {
    if (name.length + word.length >= 48) break;
    name += `-${word}`;
  }
  return name;
}

async function contractOf(workspace: string): Promise<Contract | null> {
  const read = await readText(workspace, 'mlr.yaml');
  return read.ok ? parseContract(read.text, 'mlr.yaml') : null;
}
