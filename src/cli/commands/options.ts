import path from 'node:path';
import type { ModelChoice, SessionEvent } from '../../domain/event.ts';
import type { Policy } from '../../domain/gate.ts';
import type { Limit } from '../../domain/limit.ts';
import type { RoleModels } from '../../domain/role.ts';

export interface CommonOptions {
  workspace: string;
  json?: boolean;
}

export interface RunningOptions extends CommonOptions {
  policy: Policy;
  unconfined?: boolean;
  jobs?: number;
}

/** What flags name of a model. */
interface ModelOptions {
  model?: string;
  modelThink?: string;
  modelCode?: string;
  modelCheap?: string;
  baseUrl?: string;
  replay?: string;
  record?: string;
  localOnly?: boolean;
  budgetTokens?: Limit[];
  budgetMoney?: Limit[];
}

export type ThinkingOptions = RunningOptions & ModelOptions;

/** At a resume, what is not given stays as it was. */
export type ResumeOptions = CommonOptions & ModelOptions & Partial<RunningOptions>;

/** The model that flags and environment name. The key is asked for when it is needed, and stands nowhere else. */
export function modelChoice(options: ModelOptions, environment = process.env): ModelChoice {
  return {
    baseUrl: options.baseUrl ?? environment.MLR_BASE_URL ?? environment.OPENAI_BASE_URL ?? null,
    model: options.model ?? environment.MLR_MODEL ?? null,
    replay: absolute(options.replay),
    record: absolute(options.record),
    firstTokenSeconds: numberOf(environment.MLR_FIRST_TOKEN_SECONDS),
    retries: numberOf(environment.MLR_RETRIES),
    ...rolesIn(options, environment),
    ...((options.localOnly || switchedOn(environment.MLR_LOCAL_ONLY)) && { localOnly: true }),
  };
}

function rolesIn({ modelThink, modelCode, modelCheap }: ModelOptions, environment: NodeJS.ProcessEnv) {
  const named = {
    think: modelThink ?? environment.MLR_MODEL_THINK,
    code: modelCode ?? environment.MLR_MODEL_CODE,
    cheap: modelCheap ?? environment.MLR_MODEL_CHEAP,
  };
  const roles: RoleModels = Object.fromEntries(Object.entries(named).filter(([, model]) => model));
  return Object.keys(roles).length === 0 ? {} : { roles };
}

/** What a resume changes about how the session goes on. Where the session has no model yet, the environment's is
 *  taken: it may have been set because the session asked for it. */
export function chosenAnew(options: ResumeOptions, events: readonly SessionEvent[]) {
  const had = events.findLast((e) => e.type === 'session.resumed' && e.model !== undefined) ?? events[0];
  const old = had && 'model' in had && typeof had.model === 'object' ? had.model : null;
  const { model, modelThink, modelCode, modelCheap, baseUrl, replay, record } = options;
  const flags = [model, modelThink, modelCode, modelCheap, baseUrl, replay, record];
  const named = flags.some((flag) => flag !== undefined);
  const lacks = old !== null && old.model === null && old.replay === null;
  const { policy, unconfined, jobs } = options;
  const now = modelChoice(options);
  const kept = now.localOnly && old !== null ? { ...old, localOnly: true } : null;
  return {
    model: named || (lacks && process.env.MLR_MODEL) ? filled(now, old) : kept,
    ...limitsIn(options),
    ...(policy !== undefined && { policy }),
    ...(unconfined !== undefined && { unconfined }),
    ...(jobs !== undefined && { jobs }),
  };
}

/** What flags limit: the whole session's tokens, and everything else. */
export function limitsIn({ budgetTokens = [], budgetMoney = [] }: ModelOptions) {
  const whole = budgetTokens.findLast(({ phase }) => phase === null)?.most ?? null;
  const limits = [...budgetTokens.filter(({ phase }) => phase !== null), ...budgetMoney];
  return { budgetTokens: whole, ...(limits.length > 0 && { limits }) };
}

/** A flag changes what it names; what else the session knew of its model stays. */
function filled(chosen: ModelChoice, old: ModelChoice | null): ModelChoice {
  if (old === null || chosen.replay !== null) return chosen;
  const roles = { ...old.roles, ...chosen.roles };
  return {
    ...chosen,
    model: chosen.model ?? old.model,
    baseUrl: chosen.baseUrl ?? old.baseUrl,
    ...(Object.keys(roles).length > 0 && { roles }),
  };
}

/** Whoever sets a switch to some word wants it on. */
export function switchedOn(text: string | undefined): boolean {
  return text !== undefined && !/^(?:|0|false|no|off)$/i.test(text.trim());
}

function numberOf(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || text === '' || Number.isNaN(value) ? null : value;
}

/** The engine that reads the file may work in another folder. */
function absolute(file: string | undefined): string | null {
  return file === undefined ? null : path.resolve(file);
}
