import type { FoundOnHub, HubQuery } from '../domain/hub.ts';
import type { FoundPapers } from '../domain/literature.ts';
import type { Paper } from '../domain/paper.ts';
import type { CodeLink } from '../domain/prototype.ts';
import type { ProxySettings } from '../domain/proxySettings.ts';
import type { PrototypeAnswer, PrototypeRequest } from '../session/prototypes.ts';

export interface FindPapersRequest {
  /** What the papers are about; or with `around` a paper: a DOI, an arXiv id, or its title. */
  readonly words: string;
  /** Most papers (20). */
  readonly most?: number;
  /** Whether what a paper cites and what cites it is asked for. */
  readonly around?: boolean;
  /** Nothing may leave this machine. */
  readonly localOnly?: boolean;
}

export type { PrototypeAnswer } from '../session/prototypes.ts';

/** Where a question is asked from. */
export interface Asking {
  readonly workspace: string;
  secret(name: string): Promise<string | null>;
  /** Null for those of this process's environment. */
  readonly proxies: ProxySettings | null;
  readonly signal: AbortSignal;
}

/** What was found; around a paper, what it cites and what cites it apart. */
export interface FindPapersAnswer extends FoundPapers {
  readonly references?: FoundPapers;
  readonly citations?: FoundPapers;
}

/** Papers of the workspace and of the services that know them. A service that is down is told of and fails nothing.
 *  @throws SessionError `bad-input` where a base URL that is set is none */
export async function findPapersFor(asking: Asking, request: FindPapersRequest): Promise<FindPapersAnswer> {
  const { words, most, around = false, localOnly = false } = request;
  const { relatedWorks, searchPapers } = await import('../session/finding.ts');
  const ports = { ...asking, localOnly };
  if (!around) return searchPapers(words, ports, most);
  const { paperKey } = await import('../papers/finding/paperIds.ts');
  const { references, citations } = await relatedWorks(paperKey(words), ports, most);
  return { papers: [], asked: [...references.asked, ...citations.asked], references, citations };
}

export interface FindOnHubRequest extends Omit<HubQuery, 'most'> {
  /** Most of them (20). */
  readonly most?: number;
  /** Nothing may leave this machine. */
  readonly localOnly?: boolean;
}

/** Models or data sets of this machine and of the Hugging Face Hub, as they fit it.
 *  @throws SessionError `bad-input` where HF_ENDPOINT is no URL */
export async function findOnHubFor(asking: Asking, request: FindOnHubRequest): Promise<FoundOnHub> {
  const { most = 20, localOnly = false, ...query } = request;
  const { searchHubHere } = await import('../session/hubSearch.ts');
  return searchHubHere({ ...query, most }, { ...asking, localOnly });
}

export interface ReadPaperRequest {
  /** A file, from the workspace's folder on; or else an arXiv id, a DOI or an address. */
  readonly paper: string;
  /** Nothing may leave this machine. */
  readonly localOnly?: boolean;
}

/** Whether some words name a paper that is to be had on the network. */
export async function isPaperAddress(named: string): Promise<boolean> {
  return (await import('../papers/fetching/paperAddress.ts')).paperAddress(named) !== null;
}

/** Reads a paper, wherever it is.
 *  @throws PaperError; SessionError `bad-input` where a base URL that is set is none */
export async function readPaperFor(asking: Asking, { paper, localOnly = false }: ReadPaperRequest): Promise<Paper> {
  const { readNamedPaper } = await import('../session/namedPaper.ts');
  return (await readNamedPaper(paper, { ...asking, localOnly })).paper;
}

/** Repositories that a paper names.
 *  @throws PaperError */
export async function codeOfPaper(asking: Asking, request: ReadPaperRequest): Promise<readonly CodeLink[]> {
  const { paper, localOnly = false } = request;
  return (await import('../session/prototypes.ts')).codeOfPaper(paper, { ...asking, localOnly });
}

export interface FetchCodeRequest extends PrototypeRequest {
  /** Nothing may leave this machine. */
  readonly localOnly?: boolean;
}

/** Fetches code of others once a person has agreed; without that, the answer is the gate.
 *  @throws SessionError `bad-input`; GitError */
export async function fetchCode(asking: Asking, request: FetchCodeRequest): Promise<PrototypeAnswer> {
  const { localOnly = false, ...asked } = request;
  return (await import('../session/prototypes.ts')).fetchPrototype(asked, { ...asking, localOnly });
}
