import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ideaAgent } from '../agents/idea/ideaAgent.ts';
import type { Idea, IdeaSet } from '../domain/idea.ts';
import type { Paper } from '../domain/paper.ts';
import { readPaper } from '../papers/read.ts';
import { indexFolder } from './agentPlace.ts';
import { baselineScore } from './baselineScore.ts';
import { consult } from './consult.ts';
import { ideaMarkdown, readIdeaFile } from './ideaFile.ts';
import { ownPrompt } from './ownPrompt.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** @throws PaperError */
export async function readAssignedPaper(session: Session, file: string): Promise<Paper> {
  if (session.state.paper) return session.state.paper.paper;
  const paper = await readPaper(file);
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  await session.append({ type: 'paper.read', path: file, sha256, paper });
  return paper;
}

/** Ideas from a paper for this workspace; each is also written to `.mlr/ideas/`, made to be edited and committed.
 *  @param round from 1: how often a person has asked for others */
export async function proposeIdeas(
  session: Session,
  ports: Ports,
  paper: Paper,
  round: number,
  wish = '',
): Promise<IdeaSet> {
  const call = round === 1 ? 'idea' : `idea-${round}`;
  if (session.state.ideas?.call === call) return session.state.ideas.ideas;
  const own = await ownPrompt(ports.workspace, 'idea');
  const proposed = await consult(session, ports, call, {
    agent: 'idea',
    define: (room) =>
      ideaAgent({
        paper,
        workspace: ports.workspace,
        index: indexFolder(ports.workspace),
        scoreOf: (contract) => baselineScore(ports.workspace, contract),
        wish,
        room,
        ...own,
      }),
  });
  // The literature is not searched in this version, so nothing is called related.
  const ideas: IdeaSet = { paper: { title: paper.title }, related: [], ...proposed };
  for (const idea of ideas.ideas) await writeIdea(ports.workspace, idea);
  await session.append({ type: 'ideas.proposed', call, ideas });
  return ideas;
}

/** The idea a session is about: the one brought along, or one proposed from the paper and chosen at a gate. */
export async function settleIdea(
  session: Session,
  ports: Ports,
  assignment: { paper: string | null; ideaFile: string | null },
): Promise<Idea> {
  if (session.state.chosen) return session.state.chosen.idea;
  if (assignment.ideaFile !== null) {
    const idea = await readIdeaFile(assignment.ideaFile);
    await session.append({ type: 'idea.chosen', idea, file: assignment.ideaFile });
    return idea;
  }
  const paper = await readAssignedPaper(session, assignment.paper ?? '');
  let wish = '';
  for (let round = 1; ; round++) {
    const { ideas, defects } = await proposeIdeas(session, ports, paper, round, wish);
    const answer = await session.ask(
      {
        id: round === 1 ? 'chooseIdea' : `chooseIdea-${round}`,
        kind: 'chooseIdea',
        question: 'Which idea shall be tried?',
        detail: ideasInWords(ideas, defects),
        options: [
          ...ideas.map((idea) => ({ choice: idea.id, label: idea.title })),
          { choice: 'revise', label: 'Others: say what should be different' },
        ],
      },
      { choice: bestScored(ideas).id },
    );
    const idea = ideas.find((i) => i.id === answer.choice);
    if (idea) {
      await session.append({ type: 'idea.chosen', idea, file: ideaPath(ports.workspace, idea) });
      return idea;
    }
    wish = answer.comment ?? '';
  }
}

function ideasInWords(ideas: readonly Idea[], defects: readonly string[]): string {
  const listed = ideas.map((idea, i) => `${i + 1}. **${idea.title}**. ${idea.hypothesis}`).join('\n');
  if (defects.length === 0) return listed;
  const seen = defects.map((defect) => `- ${defect}`).join('\n');
  return `${listed}\n\nDefects seen in the code as it is, no part of any idea; one that a run meets is mended in every arm alike:\n${seen}`;
}

/** What is tried where nobody chooses: the highest sum of the model's own scores, the first of equals. */
function bestScored(ideas: readonly Idea[]): Idea {
  const total = (idea: Idea) => Object.values(idea.scores ?? {}).reduce((sum, score) => sum + score, 0);
  return ideas.reduce((best, idea) => (total(idea) > total(best) ? idea : best));
}

function ideaPath(workspace: string, idea: Idea): string {
  return path.join(workspace, '.mlr', 'ideas', `${idea.id}.md`);
}

async function writeIdea(workspace: string, idea: Idea): Promise<void> {
  await mkdir(path.join(workspace, '.mlr', 'ideas'), { recursive: true });
  await writeFile(ideaPath(workspace, idea), ideaMarkdown(idea));
}
