import { renderNoiseCard } from '../evidence/noiseCard.ts';
import { beginIndex } from './agentPlace.ts';
import { proposeIdeas, sourceOf } from './ideaPhase.ts';
import { measureRevisions } from './measurePhase.ts';
import { measureNoise } from './noisePhase.ts';
import type { Ports } from './ports.ts';
import { reproduceReport } from './reproducePhase.ts';
import { research } from './research.ts';
import type { Session } from './session.ts';

/** Works on a session until it is finished. What the log says was done is not done again, so that this is also how
 *  a session is resumed: the same way is walked once more, and real work begins where the log ends.
 *  @throws Interrupted, and every error that keeps the session from going on */
export async function workOn(session: Session, ports: Ports): Promise<void> {
  const { assignment } = session;
  switch (assignment.kind) {
    case 'idea': {
      beginIndex(ports.workspace);
      const { ideas, paper } = await proposeIdeas(session, ports, await sourceOf(session, ports, assignment), 1);
      const from = paper.title === '' ? 'your own words' : `"${paper.title}"`;
      return finish(session, `${ideas.length} ${ideas.length === 1 ? 'idea' : 'ideas'} from ${from}.`);
    }
    case 'measure': {
      if (assignment.variants.length === 0 && assignment.arms === undefined) {
        const card = await measureNoise(session, ports, assignment.baseline);
        return finish(session, renderNoiseCard(card));
      }
      const measurement = await measureRevisions(session, ports, assignment);
      return finish(session, `${measurement.verdict}: ${measurement.reason}`);
    }
    case 'reproduce': {
      const { reproduced, runs } = await reproduceReport(session, ports, assignment);
      return finish(session, `${reproduced ? 'reproduced' : 'not reproduced'}: ${runs.length} runs.`);
    }
    case 'research':
      if (!session.state.chosen) beginIndex(ports.workspace);
      return finish(session, await research(session, ports, assignment));
  }
}

async function finish(session: Session, summary: string): Promise<void> {
  await session.append({ type: 'session.finished', summary });
}
