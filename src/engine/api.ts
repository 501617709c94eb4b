import type { ChangeSet } from '../domain/change.ts';
import type { ContractHint, ContractProblem } from '../domain/contractHelp.ts';
import type { SessionEvent } from '../domain/event.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { FirstContract } from '../domain/firstContract.ts';
import type { GateAnswer } from '../domain/gate.ts';
import type { FoundOnHub } from '../domain/hub.ts';
import type { Paper } from '../domain/paper.ts';
import type { CodeLink } from '../domain/prototype.ts';
import type { RunPulse } from '../domain/pulse.ts';
import type { SessionSearch } from '../session/searchSessions.ts';
import type { SessionSummary } from '../session/store.ts';
import type {
  FetchCodeRequest,
  FindOnHubRequest,
  FindPapersAnswer,
  FindPapersRequest,
  PrototypeAnswer,
  ReadPaperRequest,
} from './finding.ts';
import type { BranchParams, ChangedText, EngineInfo, ResumeParams, StartParams } from './protocol.ts';
import type { MapAnswer, MapRequest, SearchAnswer, SearchRequest } from './reading.ts';

/** What a surface can do with an engine, whether it holds it or reaches it over a socket. */
export interface EngineApi {
  readonly info: EngineInfo;
  /** @param paper a file, from the workspace's folder on; or else an arXiv id, a DOI or an address */
  readPaper(paper: string, how?: Omit<ReadPaperRequest, 'paper'>): Promise<Paper>;
  /** Papers of the workspace and of the services that know them; what was not asked is told. */
  findPapers(request: FindPapersRequest): Promise<FindPapersAnswer>;
  /** Models or data sets of this machine and of the Hugging Face Hub, as they fit it. */
  findOnHub(request: FindOnHubRequest): Promise<FoundOnHub>;
  /** Repositories that a paper names. */
  listCode(paper: string, how?: Omit<ReadPaperRequest, 'paper'>): Promise<readonly CodeLink[]>;
  /** Fetches code of others into the workspace once a person has agreed; without that, the answer is the gate. */
  fetchCode(request: FetchCodeRequest): Promise<PrototypeAnswer>;
  /** What is wrong with the text of a contract, in the workspace as it is now. */
  checkContract(text: string): Promise<readonly ContractProblem[]>;
  hintContract(at: { text: string; line: number; col: number }): Promise<ContractHint>;
  initContract(): Promise<FirstContract>;
  /** What the workspace is, in the few words made for agents. */
  mapWorkspace(request: MapRequest): Promise<MapAnswer>;
  /** Definitions of the workspace that a question or a name means, best first. */
  searchWorkspace(request: SearchRequest): Promise<SearchAnswer>;
  /** Tells that files of the workspace were written or removed, so that a search knows them at once.
   *  @param paths relative to the workspace, with forward slashes */
  takeUpFiles(paths: readonly string[]): Promise<void>;
  list(): Promise<SessionSummary[]>;
  /** Sessions whose paper, ideas, verdict or conversation hold all of some words, the newest first. */
  searchSessions(words: string): Promise<SessionSearch>;
  start(params: StartParams): Promise<{ session: string }>;
  resume(params: ResumeParams): Promise<{ session: string }>;
  /** Begins a session from a decision of another, which stays as it is. */
  branch(params: BranchParams): Promise<{ session: string }>;
  attach(session: string): Promise<{ events: SessionEvent[] }>;
  say(session: string, text: string): Promise<void>;
  pause(session: string, by: string): Promise<void>;
  stop(session: string, by: string): Promise<void>;
  answer(session: string, gate: string, answer: GateAnswer, by: string): Promise<void>;
  /** Accepts an open doubt of a finished session, after its verdict was seen; it is judged and reported anew. */
  acceptDoubt(session: string, check: string, reason: string, by: string): Promise<Measurement>;
  /** What runs that go on show of themselves now, by id; those that have printed nothing are left out. */
  lookAtRuns(runs: readonly string[]): Promise<Record<string, RunPulse>>;
  /** Takes back what `adopt` wrote into the user's files, but for those that were changed since. */
  undoAdoption(session: string, by: string): Promise<void>;
  stopRun(run: string, by: string): Promise<void>;
  showChanges(session: string, changes: string): Promise<{ changes: ChangeSet; files: ChangedText[] }>;
  /** @returns a function that ends the listening */
  onEvent(listener: (session: string, event: SessionEvent) => void): () => void;
  onDelta(listener: (session: string, call: string, text: string) => void): () => void;
}
