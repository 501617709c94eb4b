import path from 'node:path';
import type { ModelChoice } from '../../domain/event.ts';
import type { Policy } from '../../domain/gate.ts';

export interface CommonOptions {
  workspace: string;
  json?: boolean;
}

export interface RunningOptions extends CommonOptions {
  policy: Policy;
  unconfined?: boolean;
}

export interface ThinkingOptions extends RunningOptions {
  model?: string;
  baseUrl?: string;
  replay?: string;
  record?: string;
  budgetTokens?: number;
}

/** The model that flags and environment name. The key is asked for when it is needed, and stands nowhere else. */
export function modelChoice(options: Partial<ThinkingOptions>, environment = process.env): ModelChoice {
  return {
    baseUrl: options.baseUrl ?? environment.MLR_BASE_URL ?? environment.OPENAI_BASE_URL ?? null,
    model: options.model ?? environment.MLR_MODEL ?? null,
    replay: absolute(options.replay),
    record: absolute(options.record),
    firstTokenSeconds: numberOf(environment.MLR_FIRST_TOKEN_SECONDS),
    retries: numberOf(environment.MLR_RETRIES),
  };
}

function numberOf(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || text === '' || Number.isNaN(value) ? null : value;
}

/** The engine that reads the file may work in another folder. */
function absolute(file: string | undefined): string | null {
  return file === undefined ? null : path.resolve(file);
}
