import type { ChangeSet as DomainChangeSet } from '../domain/change.ts';
import type { SessionCost } from '../domain/cost.ts';
import type { Measurement as DomainMeasurement } from '../domain/evidence.ts';
import type { Gate as DomainGate, GateAnswer as DomainGateAnswer } from '../domain/gate.ts';
import type { Idea as DomainIdea } from '../domain/idea.ts';
import type { Limit } from '../domain/limit.ts';
import type { Paper } from '../domain/paper.ts';
import type { RunPulse as DomainRunPulse } from '../domain/pulse.ts';
import type { RunRow as DomainRunRow, ToolUse as DomainToolUse, TranscriptItem } from '../domain/transcript.ts';

import type { SlashCommand as PageCommand } from './slashCommands.ts';

/** What the chat page and the extension host say to each other, and the nouns they say it with. */

export type Item = TranscriptItem;
export type ItemOf<K extends Item['kind']> = Extract<Item, { kind: K }>;
export type ChangeSet = DomainChangeSet;
export type Gate = DomainGate;
export type GateAnswer = DomainGateAnswer;
export type Idea = DomainIdea;
export type Measurement = DomainMeasurement;
export type RunPulse = DomainRunPulse;
export type RunRow = DomainRunRow;
export type ToolUse = DomainToolUse;
export type SlashCommand = PageCommand;

/** `interrupted`: the log says that it works, but no engine does. */
export type SessionStatus = 'working' | 'waiting' | 'paused' | 'stopped' | 'failed' | 'finished' | 'interrupted';

/** What stands above the chat: which session this is, and how it goes. */
export interface SessionHead {
  id: string;
  title: string;
  status: SessionStatus;
  /** What is being done, in words. */
  phase: string;
  /** The model's name; a recording says that it is one. */
  model: string;
  cost: SessionCost;
  /** The same in words: answers, tokens, money, time; '' where no model was asked. */
  spent: string;
  /** The same by agent and phase, a line each, and the days of the prices. */
  spentOn: string[];
  /** What models may use at most, and in words what is left of it; '' where nothing limits them. */
  limits: Limit[];
  left: string;
  /** Ids of the gates that wait for a person. */
  openGates: string[];
}

/** An arm of an experiment in the results table. Gains are sign-adjusted: larger is better. */
export interface ArmRow {
  id: string;
  experiment: string;
  arm: string;
  role: 'baseline' | 'variant' | 'control';
  metric: string;
  /** A verdict, or how far the arm is. */
  verdict: string;
  /** Runs that ended, of those planned. */
  done: number;
  planned: number;
  failed: number;
  mean: number | null;
  gain: number | null;
  low: number | null;
  high: number | null;
  adjustedP: number | null;
  /** Share of the pairs in which it is better than the baseline. */
  won: number | null;
  /** Wall seconds of a run with its evaluation, on average. */
  seconds: number | null;
}

/** A run in the results table. */
export interface ResultRunRow {
  id: string;
  session: string;
  /** Id of its arm's row. */
  of: string;
  experiment: string;
  arm: string;
  seed: number | null;
  state: 'running' | 'evaluating' | 'finished' | 'failed' | 'stopped';
  value: number | null;
  /** Gain over the baseline's run with the same seed. */
  gain: number | null;
  seconds: number | null;
  reason: string;
}

export interface Results {
  title: string;
  /** Why the verdict is what it is, or how far everything is. */
  summary: string;
  minimumEffect: number;
  arms: ArmRow[];
  runs: ResultRunRow[];
}

/** What a results table is of; it outlives the window with the page. */
export interface ResultsSubject {
  readonly session: string | null;
  readonly experiment: string | null;
}

/** What a word after an `@` may stand for. */
export interface Mention {
  /** What is written in its place. */
  insert: string;
  label: string;
  detail: string;
}

export type ToResults = { type: 'results'; results: Results; subject: ResultsSubject };

export type FromResults = { type: 'ready' } | { type: 'followRun'; session: string; run: string };

/** A paper without what only machines look up in it. */
export type ShownPaper = Omit<Paper, 'pageTexts' | 'citations' | 'equations' | 'asides'>;

/** `uri` outlives the window with the page. */
export type ToPaper = { type: 'paper'; uri: string; file: string; paper: ShownPaper };

export type FromPaper = { type: 'ready' } | { type: 'ask'; selection: string } | { type: 'openFile' };

/** `session` outlives the window with the page. */
export type ToIdeas =
  | { type: 'ideas'; session: string; title: string; item: ItemOf<'ideas'>; gate: Gate | null }
  | { type: 'refused' };

export type FromIdeas = { type: 'ready' } | { type: 'answer'; gate: string; answer: GateAnswer };

export type ToPage =
  /** Another session, or none: everything anew. */
  | { type: 'session'; head: SessionHead | null; items: Item[]; draft?: string }
  | { type: 'changed'; head: SessionHead; items: { place: number; item: Item }[] }
  /** The message being written: all of its words so far; empty when it is finished. */
  | { type: 'writing'; call: string; text: string }
  /** What the runs that go on show of themselves now, by id; it takes the place of the one before. */
  | { type: 'pulses'; pulses: Readonly<Record<string, RunPulse>> }
  /** What is under review, with the decisions so far. `gate` asks about it, where one is open. */
  | { type: 'changeSet'; changes: ChangeSet; gate?: string }
  | { type: 'mentions'; word: string; found: Mention[] }
  /** Moves the keyboard to the question that waits, else to where one writes; a person asked for it. */
  | { type: 'focus' }
  /** What the page asked for could not be done; buttons may be pressed again. The sentence is shown natively. */
  | { type: 'refused' };

export type ToHost =
  | { type: 'ready' }
  | { type: 'begin' }
  | { type: 'answer'; gate: string; answer: GateAnswer }
  | { type: 'say'; text: string }
  | { type: 'command'; name: SlashCommand }
  | { type: 'askMentions'; word: string }
  /** What is written and not sent. */
  | { type: 'draft'; session: string; text: string }
  | { type: 'pause' }
  | { type: 'stop' }
  | { type: 'resume' }
  /** Begins another session from a decision of this one, which stays as it is. */
  | { type: 'branch'; gate: string; keepAnswer: boolean }
  | { type: 'showSession'; session: string }
  | { type: 'showChanges'; changes: string }
  | { type: 'askHunks'; changes: string }
  | { type: 'decide'; hunks: string[]; decision: 'open' | 'accepted' | 'rejected' }
  | { type: 'undoDecision' }
  | { type: 'undoAdoption' }
  /** Opens a file that adoption left alone in the merge editor. */
  | { type: 'mergeFile'; path: string }
  /** Measures the working tree as it is now. */
  | { type: 'measureNow' }
  /** Opens the changes under review in the editor, hunk by hunk. */
  | { type: 'review' }
  | { type: 'followRun'; run: string }
  | { type: 'openReport' }
  | { type: 'openResults' }
  | { type: 'acceptDoubt'; check: string }
  | { type: 'openPaper' }
  /** Opens the ideas side by side in an editor. */
  | { type: 'compareIdeas' };
