import { type Contract, concealed } from '../../domain/contract.ts';
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
import { type Literature, searchPapers } from './literature.ts';
import { paperDigest, readPaperSection } from './paperDigest.ts';
import prompt from './prompt.md';
import { type ProposedIdeas, submitIdeas, submitOwnIdea } from './submission.ts';
import { type TriedIdea, triedInWords } from './triedInWords.ts';

/** What the code as it is committed was measured to score. */
export interface BaselineScore {
  readonly metric: string;
  readonly mean: number;
  /** Over seeds. */
  readonly deviation: number;
  readonly seeds: number;
}

export interface IdeaContext {
  /** Null where the researcher brings an idea without one. */
  readonly paper: Paper | null;
  /** An idea in the researcher's own words, to be put into the form of the others. */
  readonly brought?: string;
  /** The workspace folder. */
  readonly workspace: string;
  /** Where an index of its code is kept; absent: in memory. */
  readonly index?: string;
  /** Looks up what is known of the baseline; absent: nothing. */
  readonly scoreOf?: (contract: Contract) => Promise<BaselineScore | null>;
  /** Null where none can be searched. */
  readonly literature?: Literature | null;
  /** What was measured here before; absent: nothing. */
  readonly tried?: readonly TriedIdea[];
  /** What the researcher asks for besides; '' for nothing. */
  readonly wish?: string;
  readonly room?: Room;
  /** The researcher's own, in the place of the tool's. */
  readonly prompt?: OwnPrompt;
}

/** Paper and workspace to three ideas, or a researcher's own idea to one.
 *  @throws ContractError where the workspace's `mlr.yaml` has errors */
export async function ideaAgent(context: IdeaContext): Promise<AgentDefinition<ProposedIdeas>> {
  const { paper, brought, workspace, index, literature = null, tried = [], wish = '', room = 'ample' } = context;
  const contract = await contractOf(workspace);
  const hidden = contract ? concealed(contract) : (await likelyHidden(workspace)).map(({ path }) => path);
  const place: LookingPlace = { root: workspace, hidden, ...(index !== undefined && { index }) };
  const about = [paper?.title, paper?.abstract, brought, wish].filter((words) => words !== undefined).join(' ');
  const { system, task } = fillPrompt(
    prompt,
    {
      asked: brought === undefined ? ASKED : ASKED_OF_OWN,
      contract: await contractSlot(contract, context),
      wish: wish.trim() === '' ? '' : `The researcher asks: ${wish.trim()}`,
      literature: literature === null ? NO_LITERATURE : LITERATURE,
      tried: material('what was measured in this workspace before', triedInWords(tried, room)),
      paper: [
        material('idea of the researcher', brought ?? ''),
        paper === null ? '' : material('paper', paperDigest(paper, room)),
      ].join('\n\n'),
      map: [
        material('map of the workspace', await mapInWords(place, about, room)),
        contract && room === 'ample' ? await entryScript(contract.run, place) : '',
      ].join('\n\n'),
    },
    context.prompt,
  );
  const subject = { paper, literature };
  return {
    agent: 'idea',
    system,
    task,
    prompt: context.prompt,
    tools: [
      ...(paper === null ? [] : [readPaperSection(paper)]),
      ...(literature === null ? [] : [searchPapers(literature, paper, room)]),
      ...readingTools(place),
      brought === undefined ? submitIdeas(subject) : submitOwnIdea(subject),
    ],
  };
}

const ASKED = 'Propose exactly three ideas. Hand them in with submit_ideas.';
const ASKED_OF_OWN =
  'The researcher brings an idea of their own. Put that one idea into the form of submit_idea, in its own intent: add what it lacks to be measured here, change nothing that it claims, and say what is weak.';
const LITERATURE =
  'The literature can be searched with search_papers: search for what each idea that you mean to keep is closest to. Cite works by their key alone, [W1] for a work found, [R1] for the first of the paper’s references; a work without a key does not count. Novelty is claimed only against what was found. Where a work has no abstract, what differs is said of its title, and that you know no more.';
const NO_LITERATURE =
  'No literature can be searched: name as closest only works of the paper, by their key, [R1] for the first of its references (none is a possible answer), and claim no novelty beyond that.';

async function contractSlot(contract: Contract | null, { scoreOf = async () => null }: IdeaContext): Promise<string> {
  if (contract === null) {
    return 'The workspace has no experiment contract yet: choose ideas whose effect one number can show, and say which.';
  }
  return [
    'The experiment contract (mlr.yaml holds no more for you):',
    contractInWords(contract),
    scoreInWords(await scoreOf(contract)),
  ].join('\n');
}

function scoreInWords(score: BaselineScore | null): string {
  if (score === null) return 'What the baseline scores was not measured yet.';
  const [mean, deviation] = [score.mean, score.deviation].map((value) => Number(value.toPrecision(4)));
  return `Measured of the baseline over ${score.seeds} seeds: ${score.metric} ${mean} on average, standard deviation ${deviation}.`;
}

async function contractOf(workspace: string): Promise<Contract | null> {
  const read = await readText(workspace, 'mlr.yaml');
  return read.ok ? parseContract(read.text, 'mlr.yaml') : null;
}
