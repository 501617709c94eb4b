import type { Survey, SurveyedScript } from '../../workspace/survey.ts';
import type { EvaluationPlan } from './evaluationPlan.ts';
import type { RunCommand } from './runCommand.ts';
import type { TestData } from './testData.ts';

/** What is run: a script, or the cells of a notebook as one. */
export interface Program {
  readonly script: SurveyedScript;
  readonly notebook: string | null;
}

/** A file to be written, with what it is for. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly what: string;
}

/** All that was seen and guessed, from which a first contract is written. */
export interface Guesses {
  readonly found: Survey;
  readonly program: Program | null;
  readonly command: RunCommand | null;
  readonly data: TestData;
  /** The test table without its labels, to be written. */
  readonly apart: NewFile | null;
  readonly evaluation: EvaluationPlan;
}
