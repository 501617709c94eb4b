import type { Contract } from '../domain/contract.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { ConfinementLevel } from '../domain/run.ts';
import type { RunEvidence } from './runEvidence.ts';
import type { Try } from './tries.ts';

/** Everything that a report is written from. */
export interface ReportRequest {
  readonly measurement: Measurement;
  /** Records of the measurement's runs, read again from disk. */
  readonly evidence: readonly RunEvidence[];
  /** Records of the runs that `--controls` made, and of `trivial` where leads over it were told. */
  readonly control?: readonly RunEvidence[];
  readonly contract: Contract;
  readonly confinement: ConfinementLevel;
  /** Version of the tool. */
  readonly version: string;
  /** Hash of the session log's last event, so that a re-chained log is seen. */
  readonly head?: string;
  /** What a language model said of the verdict; quoted, and without influence. */
  readonly opinion?: string;
  /** What language models took, a line each, as their endpoints counted it. */
  readonly thinking?: readonly string[];
  /** Everything else that was tried on the same test set in this workspace. */
  readonly tries?: readonly Try[];
  /** What the folder holds beside the report, and what it lacks, in sentences. */
  readonly enclosed?: readonly string[];
  /** Commits by arm as the enclosed bundle holds them, without history; absent where there is no bundle. */
  readonly bundled?: Readonly<Record<string, string>>;
}
