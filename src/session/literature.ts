import type { FoundPaper, FoundPapers } from '../domain/literature.ts';
import type { Paper } from '../domain/paper.ts';
import type { CodeLink, Prototype } from '../domain/prototype.ts';
import { titleKey } from '../papers/finding/paperIds.ts';
import { fuse } from '../papers/finding/sameWork.ts';
import { type FindingPorts, relatedWorks, searchPapers } from './finding.ts';
import type { Ports } from './ports.ts';
import { fetchPrototype } from './prototypes.ts';
import type { Session } from './session.ts';

/** What finding needs, of a session: a session that keeps everything on this machine searches nothing elsewhere. */
export async function findingPorts(session: Session, ports: Ports): Promise<FindingPorts> {
  return {
    workspace: ports.workspace,
    localOnly: (session.begun.model.localOnly || ports.modelChoice.localOnly) ?? false,
    secret: (name) => ports.secret(name),
    proxies: await ports.proxies(),
    signal: session.signal,
  };
}

/** Most keywords that are searched for together: more make a search too narrow. */
const MOST_KEYWORDS = 6;

/** The works around a paper: those on its keywords, those it cites and those that cite it, what several searches put early
 *  first, and the paper itself left out. It is over within the limits of one search, whatever the services do.
 *  @param keywords of the paper; its title where there are none */
export async function worksAround(
  paper: Pick<Paper, 'title'>,
  keywords: readonly string[],
  ports: FindingPorts,
  most = 20,
): Promise<FoundPapers> {
  const { title } = paper;
  const words = keywords.slice(0, MOST_KEYWORDS).join(' ') || title;
  const [found, { references, citations }] = await Promise.all([
    searchPapers(words, ports, most),
    title === '' ? { references: NOTHING, citations: NOTHING } : relatedWorks({ title }, ports, most),
  ]);
  const own = titleKey(title);
  const papers = fuse([found.papers, references.papers, citations.papers]).filter((one) => titleKey(one.title) !== own);
  return { papers: papers.slice(0, most), asked: [...found.asked, ...references.asked, ...citations.asked] };
}

const NOTHING: FoundPapers = { papers: [], asked: [] };

/** A work as an idea's `related` names it. */
export function asRelated({
  title,
  year,
  source,
  id,
}: FoundPaper): Pick<FoundPaper, 'title' | 'year' | 'source' | 'id'> {
  return { title, year, source, id };
}

/** Fetches code that a paper names where a person agrees at a gate; nobody is asked twice, and where nobody is asked, nothing
 *  is fetched.
 *  @returns null where it was declined
 *  @throws SessionError; GitError `unreachable`, `too-large` */
export async function offerPrototype(
  session: Session,
  ports: Ports,
  { url, ref }: CodeLink,
): Promise<Prototype | null> {
  const finding = await findingPorts(session, ports);
  const first = await fetchPrototype({ url, ref, approved: false }, finding);
  if (first.kind === 'fetched') return first.prototype;
  const gate = { ...first.gate, id: `prototype-${url.replace(/^https?:\/\//, '').replace(/[^\w.-]/g, '-')}` };
  const answer = await session.ask(gate, { choice: 'stop' });
  if (answer.choice !== 'approve') return null;
  const second = await fetchPrototype({ url, ref, approved: true }, finding);
  if (second.kind !== 'fetched') return null;
  const { prototype } = second;
  const { commit, licence } = prototype;
  const text = `Fetched ${url} at ${commit.slice(0, 12)} into ${prototype.folder}; licence: ${licence.spdx ?? 'none that is known'}. ${licence.terms}`;
  await session.append({ type: 'notice', text });
  return prototype;
}
