import { NotificationType, RequestType } from 'vscode-jsonrpc/node';
import type { ChangeSet } from '../domain/change.ts';
import type { ContractHint, ContractProblem } from '../domain/contractHelp.ts';
import type { Assignment, ModelChoice, SessionEvent } from '../domain/event.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { FirstContract } from '../domain/firstContract.ts';
import type { GateAnswer, Policy } from '../domain/gate.ts';
import type { FoundOnHub } from '../domain/hub.ts';
import type { LentAnswer, LentModel, LentRequest } from '../domain/lentModel.ts';
import type { Limit } from '../domain/limit.ts';
import type { Paper } from '../domain/paper.ts';
import type { CodeLink } from '../domain/prototype.ts';
import type { ProxySettings } from '../domain/proxySettings.ts';
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
import type { MapAnswer, MapRequest, SearchAnswer, SearchRequest } from './reading.ts';

/** What a surface asks of the engine, and the engine of a surface. Vscode-jsonrpc over a local socket. */

export interface EngineInfo {
  version: string;
  workspace: string;
  pid: number;
}

export interface StartParams {
  assignment: Assignment;
  policy: Policy;
  unconfined: boolean;
  /** How many runs may run at a time; absent: one on this machine, all on a cluster. */
  jobs?: number;
  budgetTokens: number | null;
  /** Limits in money, and those of single phases. */
  limits?: Limit[];
  model: ModelChoice;
}

export interface ResumeParams {
  session: string;
  /** Overrides for the model the session began with; null keeps it. */
  model: ModelChoice | null;
  /** A new limit for the session's tokens; null keeps the old one. */
  budgetTokens?: number | null;
  /** New limits; those that are not named stay. */
  limits?: Limit[];
  /** Who answers gates from now on; absent keeps it. */
  policy?: Policy;
  /** That runs may go unconfined from now on; absent keeps what was said. */
  unconfined?: boolean;
  /** How many runs may run at a time from now on; absent keeps it. */
  jobs?: number;
  /** What is said of it; absent: where it was. */
  why?: string;
}

/** A session from a decision of another, `session`, which stays as it is. */
export interface BranchParams extends Omit<ResumeParams, 'why'> {
  /** The gate that was decided. */
  gate: string;
  /** Whether its answer holds in the branch too; else it is asked again. */
  keepAnswer: boolean;
}

/** A file of a change set as it was and as it would be; null where it does not exist. Text, for showing. */
export interface ChangedText {
  path: string;
  before: string | null;
  after: string | null;
}

/** An error as it crosses the socket: a sentence for people, and the reason's name for programs. */
export interface Failure {
  reason: string;
}

export const hello = new RequestType<{ surface: string; version: string }, EngineInfo, Failure>('engine/hello');
/** Reads a paper: a file, an arXiv id, a DOI or an address. */
export const readPaper = new RequestType<ReadPaperRequest, Paper, Failure>('paper/read');
export const findPapers = new RequestType<FindPapersRequest, FindPapersAnswer, Failure>('papers/find');
export const findOnHub = new RequestType<FindOnHubRequest, FoundOnHub, Failure>('hub/find');
/** Repositories that a paper names. */
export const listCode = new RequestType<ReadPaperRequest, readonly CodeLink[], Failure>('code/list');
/** Fetches code of others; without a person's approval the answer is the gate. */
export const fetchCode = new RequestType<FetchCodeRequest, PrototypeAnswer, Failure>('code/fetch');
export const checkContract = new RequestType<{ text: string }, readonly ContractProblem[], Failure>('contract/check');
export const hintContract = new RequestType<{ text: string; line: number; col: number }, ContractHint, Failure>(
  'contract/hint',
);
export const initContract = new RequestType<null, FirstContract, Failure>('contract/init');
export const mapWorkspace = new RequestType<MapRequest, MapAnswer, Failure>('workspace/map');
export const searchWorkspace = new RequestType<SearchRequest, SearchAnswer, Failure>('workspace/search');
export const takeUpFiles = new RequestType<{ paths: readonly string[] }, null, Failure>('workspace/takeUp');
export const listSessions = new RequestType<null, SessionSummary[], Failure>('session/list');
export const searchSessions = new RequestType<{ words: string }, SessionSearch, Failure>('session/search');
export const startSession = new RequestType<StartParams, { session: string }, Failure>('session/start');
export const resumeSession = new RequestType<ResumeParams, { session: string }, Failure>('session/resume');
export const branchSession = new RequestType<BranchParams, { session: string }, Failure>('session/branch');
/** All events so far; those after arrive as notifications. */
export const attachSession = new RequestType<{ session: string }, { events: SessionEvent[] }, Failure>(
  'session/attach',
);
export const say = new RequestType<{ session: string; text: string }, null, Failure>('session/say');
export const pauseSession = new RequestType<{ session: string; by: string }, null, Failure>('session/pause');
export const stopSession = new RequestType<{ session: string; by: string }, null, Failure>('session/stop');
export const answerGate = new RequestType<
  { session: string; gate: string; answer: GateAnswer; by: string },
  null,
  Failure
>('gate/answer');
/** Accepts an open doubt of a finished session, after its verdict was seen: the verdict and the report follow anew. */
export const acceptDoubt = new RequestType<
  { session: string; check: string; reason: string; by: string },
  Measurement,
  Failure
>('doubt/accept');
export const undoAdoption = new RequestType<{ session: string; by: string }, null, Failure>('adoption/undo');
export const showChanges = new RequestType<
  { session: string; changes: string },
  { changes: ChangeSet; files: ChangedText[] },
  Failure
>('changes/show');
/** What runs that go on show of themselves, by id. */
export const lookAtRuns = new RequestType<{ runs: readonly string[] }, Record<string, RunPulse>, Failure>('run/look');
export const stopRun = new RequestType<{ run: string; by: string }, null, Failure>('run/stop');

/** Engine to surface: an event was appended to a session's log. */
export const sessionEvent = new NotificationType<{ session: string; event: SessionEvent }>('session/event');
/** Engine to surface: words of a message that is still being written; never part of the record. */
export const sessionDelta = new NotificationType<{ session: string; call: string; text: string }>('session/delta');
/** Engine to surface: a key from the surface's secret store, or null. Never logged. */
export const askSecret = new RequestType<{ name: string }, string | null, Failure>('surface/secret');
/** Engine to surface: the proxies that its settings name, or null. Never logged: they may hold a password. */
export const askProxies = new RequestType<null, ProxySettings | null, Failure>('surface/proxies');
/** Engine to surface: the models it has and lends. */
export const listLentModels = new RequestType<null, readonly LentModel[], Failure>('surface/models');
/** Engine to surface: an answer of such a model. Cancelling the request stops the model. */
export const askLentModel = new RequestType<{ ask: number; request: LentRequest }, LentAnswer, Failure>(
  'surface/model',
);
/** Surface to engine: words of an answer that is still being given, or '' for a sign of life. */
export const lentText = new NotificationType<{ ask: number; text: string }>('surface/modelText');
