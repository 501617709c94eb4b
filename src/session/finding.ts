import { homedir } from 'node:os';
import path from 'node:path';
import { serviceKeyNames } from '../domain/keyNames.ts';
import type { FoundPapers, PaperKey } from '../domain/literature.ts';
import type { ProxySettings } from '../domain/proxySettings.ts';
import { ARXIV, arxiv } from '../papers/finding/arxiv.ts';
import { findPapers, relatedPapers } from '../papers/finding/findPapers.ts';
import { localLibrary } from '../papers/finding/localLibrary.ts';
import { OPEN_ALEX, openAlex } from '../papers/finding/openAlex.ts';
import type { PaperService } from '../papers/finding/paperService.ts';
import { SEMANTIC_SCHOLAR, semanticScholar } from '../papers/finding/semanticScholar.ts';
import { AnswerCache } from '../papers/services/answerCache.ts';
import type { KeyPlace, Service } from '../papers/services/service.ts';
import { SERVICE_CLOCK, type ServiceClock } from '../papers/services/serviceClock.ts';
import { PATIENCE, ServiceDoor, type Surroundings } from '../papers/services/serviceDoor.ts';
import { Turnstile } from '../papers/services/turnstile.ts';
import { listFiles } from '../workspace/listFiles.ts';
import { SessionError } from './errors.ts';
import { reachOf } from './reach.ts';

/** What finding needs from where it runs. */
export interface FindingPorts {
  readonly workspace: string;
  /** Nothing may leave this machine. */
  readonly localOnly: boolean;
  /** A key by name, or null; nothing of it is ever logged. */
  secret(name: string): Promise<string | null>;
  /** Null for the proxies of this process's environment. */
  readonly proxies: ProxySettings | null;
  readonly signal: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
  readonly clock?: ServiceClock;
}

/** Papers that some words mean, the workspace's own first; and who was asked.
 *  @throws SessionError `bad-input` where a base URL that is set is none */
export async function searchPapers(words: string, ports: FindingPorts, most = 20): Promise<FoundPapers> {
  const [library, services] = await Promise.all([libraryOf(ports.workspace), paperServices(ports)]);
  return findPapers(words, { sources: [library, ...services], most, signal: ports.signal });
}

/** What a paper cites, and what cites it. */
export interface RelatedWorks {
  readonly references: FoundPapers;
  readonly citations: FoundPapers;
}

/** @throws SessionError `bad-input` where a base URL that is set is none */
export async function relatedWorks(paper: PaperKey, ports: FindingPorts, most = 20): Promise<RelatedWorks> {
  const finding = { sources: await paperServices(ports), most, signal: ports.signal };
  const [references, citations] = await Promise.all([
    relatedPapers(paper, 'references', finding),
    relatedPapers(paper, 'citations', finding),
  ]);
  return { references, citations };
}

/** The workspace's own papers. */
async function libraryOf(workspace: string): Promise<PaperService> {
  const { files } = await listFiles(workspace);
  const papers = files.filter((file) => /\.(pdf|bib)$/i.test(file.path)).map((file) => file.path);
  return localLibrary({ root: workspace, files: papers, cache: path.join(workspace, '.mlr', 'cache', 'library.json') });
}

/** The most complete records first: where services differ, theirs hold. */
async function paperServices(ports: FindingPorts): Promise<PaperService[]> {
  const around = surroundings(ports);
  const [scholar, alex, preprints] = await Promise.all([
    semanticScholarPlace(ports),
    openAlexPlace(ports),
    placed(ARXIV, ports, null),
  ]);
  return [
    semanticScholar(new ServiceDoor(scholar, around)),
    openAlex(new ServiceDoor(alex, around)),
    arxiv(new ServiceDoor(preprints, around)),
  ];
}

export function semanticScholarPlace(ports: FindingPorts): Promise<Service> {
  return placed(SEMANTIC_SCHOLAR, ports, { header: 'x-api-key' });
}

export function openAlexPlace(ports: FindingPorts): Promise<Service> {
  return placed(OPEN_ALEX, ports, { query: 'api_key' });
}

export function surroundings(ports: FindingPorts): Surroundings {
  const { localOnly, proxies, environment = process.env, clock = SERVICE_CLOCK } = ports;
  const folder = cacheFolder(environment);
  return {
    reach: reachOf(localOnly, proxies),
    cache: new AnswerCache(path.join(folder, 'answers')),
    turnstile: new Turnstile(path.join(folder, 'turns'), clock),
    clock,
    patience: PATIENCE,
  };
}

/** A service where the environment says that it is, with its key.
 *  @param keyGoes where a key goes that there may be; null where the service has none */
export async function placed(
  known: Omit<Service, 'key'>,
  { secret, environment = process.env }: FindingPorts,
  keyGoes: KeyPlace | null,
): Promise<Service> {
  const set = environment[known.setting]?.trim();
  const baseUrl = (set || known.baseUrl).replace(/\/+$/, '');
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new SessionError('bad-input', `${known.setting} is no URL: set it to one such as ${known.baseUrl}.`);
  }
  if (keyGoes === null) return { ...known, baseUrl };
  for (const name of serviceKeyNames(baseUrl)) {
    const value = await secret(name);
    if (value) return { ...known, baseUrl, key: { value, in: keyGoes } };
  }
  return { ...known, baseUrl };
}

/** The user's own, for all workspaces: services are asked politely by all of them together. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const { MLR_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (MLR_CACHE) return path.resolve(MLR_CACHE);
  if (XDG_CACHE_HOME) return path.join(XDG_CACHE_HOME, 'mlr');
  if (process.platform === 'win32' && LOCALAPPDATA) return path.join(LOCALAPPDATA, 'mlr', 'Cache');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'mlr');
  return path.join(homedir(), '.cache', 'mlr');
}
