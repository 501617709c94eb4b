import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ideaAgent } from '../agents/idea/ideaAgent.ts';
import { droppedInWords } from '../domain/droppedInWords.ts';
import type { Gate } from '../domain/gate.ts';
import type { Idea, IdeaSet } from '../domain/idea.ts';
import type { Paper } from '../domain/paper.ts';
import { indexFolder } from './agentPlace.ts';
import { baselineScore } from './baselineScore.ts';
import { consult } from './consult.ts';
import { hasFrontMatter, ideaMarkdown, parseIdea, readIdeaText } from './ideaFile.ts';
import { findingPorts } from './literature.ts';
import { readNamedPaper } from './namedPaper.ts';
import { ownPrompt } from './ownPrompt.ts';
import type { Ports } from './ports.ts';
import { sessionLiterature } from './searchedLiterature.ts';
import type { Session } from './session.ts';
import { triedIdeas } from './triedIdeas.ts';
import { worksFinder } from './worksFinder.ts';

/** @param named a file, an arXiv id, a DOI or an address
 *  @throws PaperError */
export async function readAssignedPaper(session: Session, ports: Ports, named: string): Promise<Paper> {
  if (session.state.paper) return session.state.paper.paper;
  const { paper, place, sha256 } = await readNamedPaper(named, await findingPorts(session, ports));
  await session.append({ type: 'paper.read', path: place, sha256, paper });
  for (const text of paper.notices ?? []) await session.append({ type: 'notice', text });
  return paper;
}

/** What ideas come from: a paper, an idea in a researcher's own words, or both. */
interface Source {
  readonly paper: Paper | null;
  readonly brought?: string;
}

/** @throws PaperError; SessionError `bad-input` where the idea's file cannot be read */
export async function sourceOf(
  session: Session,
  ports: Ports,
  { paper, ideaFile = null }: { paper: string | null; ideaFile?: string | null | undefined },
): Promise<Source> {
  const brought = ideaFile === null ? {} : { brought: await readIdeaText(ideaFile) };
  return { paper: paper === null ? null : await readAssignedPaper(session, ports, paper), ...brought };
}

/** Ideas for this workspace; each is also written to `.mlr/ideas/`, made to be edited and committed.
 *  @param round from 1: how often a person has asked for others */
export async function proposeIdeas(
  session: Session,
  ports: Ports,
  { paper, brought }: Source,
  round: number,
  wish = '',
): Promise<IdeaSet> {
  const call = callOf(round);
  // Every round, not the last alone: their files may have been edited since.
  const before = session.state.ideas.find((one) => one.call === call);
  if (before) return before.ideas;
  const own = await ownPrompt(ports.workspace, 'idea');
  const proposed = await consult(session, ports, call, {
    agent: 'idea',
    define: async (room) =>
      ideaAgent({
        paper,
        ...(brought !== undefined && { brought }),
        workspace: ports.workspace,
        index: indexFolder(ports.workspace),
        scoreOf: (contract) => baselineScore(ports.workspace, contract),
        literature: sessionLiterature(session, call, worksFinder(session, ports)),
        tried: await triedIdeas(ports.workspace, session.id),
        wish,
        room,
        ...own,
      }),
  });
  const ideas: IdeaSet = { paper: { title: paper?.title ?? '' }, ...proposed };
  const files: string[] = [];
  for (const idea of ideas.ideas) files.push(await writeIdea(ports.workspace, idea));
  await session.append({ type: 'ideas.proposed', call, ideas, files });
  return ideas;
}

/** The idea a session is about: one brought along in the tool's form, or one of those that the Idea agent proposes, or
 *  makes of a researcher's own words, chosen at a gate. */
export async function settleIdea(
  session: Session,
  ports: Ports,
  assignment: { paper: string | null; ideaFile: string | null },
): Promise<Idea> {
  if (session.state.chosen) return session.state.chosen.idea;
  const source = await sourceOf(session, ports, assignment);
  const { ideaFile: file } = assignment;
  if (file !== null && source.brought !== undefined && hasFrontMatter(source.brought)) {
    const idea = parseIdea(source.brought, file);
    await session.append({ type: 'idea.chosen', idea, file });
    return idea;
  }
  let wish = '';
  for (let round = 1; ; round++) {
    const set = await proposeIdeas(session, ports, source, round, wish);
    const answer = await session.ask(gateOf(set, round, source.brought !== undefined), {
      choice: bestScored(set.ideas).id,
    });
    const proposed = set.ideas.find((i) => i.id === answer.choice);
    if (proposed) {
      const files = session.state.ideas.find(({ call }) => call === callOf(round))?.files ?? [];
      const file = files[set.ideas.indexOf(proposed)] ?? ideaPath(proposed.id);
      const idea = await asEdited(session, ports.workspace, proposed, file);
      await session.append({ type: 'idea.chosen', idea, file: path.join(ports.workspace, file) });
      return idea;
    }
    wish = answer.comment ?? '';
  }
}

function gateOf(set: IdeaSet, round: number, isOwn: boolean): Gate {
  return {
    id: round === 1 ? 'chooseIdea' : `chooseIdea-${round}`,
    kind: 'chooseIdea',
    question: isOwn ? 'Is this your idea, and shall it be tried?' : 'Which idea shall be tried?',
    detail: ideasInWords(set),
    options: [
      ...set.ideas.map((idea) => ({ choice: idea.id, label: idea.title })),
      {
        choice: 'revise',
        label: isOwn ? 'Not quite: say what should be different' : 'Others: say what should be different',
      },
    ],
  };
}

function ideasInWords({ ideas, defects, dropped = [], searched }: IdeaSet): string {
  const listed = ideas.map((idea, i) => `${i + 1}. **${idea.title}**. ${idea.hypothesis}`).join('\n');
  const weak = ideas.flatMap(({ assessment }) => assessment?.weak ?? []);
  return [
    listed,
    listOf('Weak in it, the model says:', weak),
    listOf(
      'Defects seen in the code as it is, no part of any idea; one that a run meets is mended in every arm alike:',
      defects,
    ),
    searched === undefined ? '' : `Literature: ${searched}.`,
    droppedInWords(dropped),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function listOf(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${heading}\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

/** What is tried where nobody chooses: the highest sum of the model's own scores, the first of equals. */
function bestScored(ideas: readonly Idea[]): Idea {
  const total = (idea: Idea) => Object.values(idea.scores ?? {}).reduce((sum, score) => sum + score, 0);
  return ideas.reduce((best, idea) => (total(idea) > total(best) ? idea : best));
}

function callOf(round: number): string {
  return round === 1 ? 'idea' : `idea-${round}`;
}

/** Relative to the workspace. */
function ideaPath(name: string): string {
  return `.mlr/ideas/${name}.md`;
}

/** The idea as its file has it by now: it was made to be edited while the question waited.
 *  @throws SessionError `bad-input` where what a person made of it is no idea */
async function asEdited(session: Session, workspace: string, idea: Idea, file: string): Promise<Idea> {
  const text = await readFile(path.join(workspace, file), 'utf8').catch(() => null);
  if (text === null || text === ideaMarkdown(idea)) return idea;
  const edited = { ...parseIdea(text, file), id: idea.id };
  await session.append({ type: 'notice', text: `${file} was edited since it was proposed; it is tried as it is now.` });
  return idea.assessment === undefined ? edited : { ...edited, assessment: idea.assessment };
}

/** Writes an idea beside those that are there: one of that name may have been edited, in this session or an earlier one.
 *  @returns where, relative to the workspace */
async function writeIdea(workspace: string, idea: Idea): Promise<string> {
  await mkdir(path.join(workspace, '.mlr', 'ideas'), { recursive: true });
  const text = ideaMarkdown(idea);
  for (let count = 1; ; count++) {
    const file = ideaPath(count === 1 ? idea.id : `${idea.id}-${count}`);
    const before = await readFile(path.join(workspace, file), 'utf8').catch(() => null);
    if (before === null) await writeFile(path.join(workspace, file), text, { flag: 'wx' });
    if (before === null || before === text) return file;
  }
}
