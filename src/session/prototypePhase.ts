import path from 'node:path';
import type { PrototypePlace } from '../agents/prototypeTools.ts';
import type { CodeLink } from '../domain/prototype.ts';
import { GitError } from '../git/gitError.ts';
import { isLocal } from '../models/profile.ts';
import { codeLinks } from '../papers/codeLinks.ts';
import { findingPorts, offerPrototype } from './literature.ts';
import type { Ports } from './ports.ts';
import { prototypesIn } from './prototypes.ts';
import type { Session } from './session.ts';

/** So many repositories of a paper are offered: the first that it names are most likely its own. */
const MOST_OFFERED = 2;

/** The code of others that the Experiment agent may look into: what the workspace has, and what the session's paper names
 *  where a person agrees at a gate. Without it the session goes on.
 *  @throws SessionError; Interrupted */
export async function settlePrototypes(session: Session, ports: Ports): Promise<PrototypePlace[]> {
  const paper = session.state.paper?.paper;
  const links = paper ? codeLinks(paper).filter(({ where }) => where === 'paper') : [];
  await offerEach(session, ports, links.slice(0, MOST_OFFERED));
  return (await prototypesIn(ports.workspace)).map(({ folder, url, commit, licence }) => ({
    name: path.posix.basename(folder),
    root: path.join(ports.workspace, folder),
    ...{ url, commit, licence },
  }));
}

/** Offers to fetch each; what cannot be had is told of. Where nothing may leave this machine, nothing is offered. */
export async function offerEach(session: Session, ports: Ports, links: readonly CodeLink[]): Promise<void> {
  const { localOnly } = await findingPorts(session, ports);
  for (const link of links) {
    if (localOnly && !isLocal(new URL(link.url).hostname)) continue;
    try {
      await offerPrototype(session, ports, link);
    } catch (error) {
      if (!(error instanceof GitError) || session.signal.aborted) throw error;
      await session.append({ type: 'notice', text: `${error.message} The session goes on without this code.` });
    }
  }
}
