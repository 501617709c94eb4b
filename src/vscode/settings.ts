import { resolve } from 'node:path';
import * as vscode from 'vscode';
import type { ModelChoice } from '../domain/event.ts';
import type { Policy } from '../domain/gate.ts';
import type { Limit } from '../domain/limit.ts';
import type { ProxySettings } from '../domain/proxySettings.ts';
import { ROLES } from '../domain/role.ts';
import type { StartParams } from '../engine/protocol.ts';

/** How a session is begun, from the settings. */
export function startSettings(folder: vscode.WorkspaceFolder): Omit<StartParams, 'assignment'> {
  const settings = vscode.workspace.getConfiguration('mlr', folder.uri);
  return {
    policy: settings.get<Policy>('policy', 'review'),
    unconfined: settings.get<boolean>('unconfined', false),
    ...atOnce(settings.get<number | null>('jobs', null)),
    budgetTokens: settings.get<number | null>('budgetTokens', null),
    ...moneyLimit(settings.get<number | null>('budgetMoney', null)),
    model: modelChoice(folder),
  };
}

function atOnce(jobs: number | null): { jobs?: number } {
  return jobs === null ? {} : { jobs };
}

function moneyLimit(most: number | null): { limits?: Limit[] } {
  return most === null ? {} : { limits: [{ phase: null, unit: 'usd', most }] };
}

/** Which model thinks, from the settings; what they leave open, from the environment. */
export function modelChoice(folder: vscode.WorkspaceFolder): ModelChoice {
  const settings = vscode.workspace.getConfiguration('mlr', folder.uri);
  const text = (name: string): string | null => settings.get<string>(name, '').trim() || null;
  const replay = text('replay');
  const named = ROLES.flatMap((role) => {
    const model = text(`models.${role}`);
    return model === null ? [] : [[role, model] as const];
  });
  return {
    baseUrl: text('baseUrl') ?? process.env.MLR_BASE_URL ?? null,
    model: text('model') ?? process.env.MLR_MODEL ?? null,
    replay: replay === null ? null : resolve(folder.uri.fsPath, replay),
    record: null,
    firstTokenSeconds: null,
    retries: null,
    ...(named.length > 0 && { roles: Object.fromEntries(named) }),
    ...(localOnly(folder) && { localOnly: true }),
  };
}

/** Switched on wherever any of the user, the workspace, the folder or the environment says so: no repository can
 *  switch off what its reader has switched on. */
export function localOnly(folder: vscode.WorkspaceFolder): boolean {
  const said = vscode.workspace.getConfiguration('mlr', folder.uri).inspect<boolean>('localOnly');
  const fromEnvironment = /^(?!(?:0|false|no|off)$)./i.test(process.env.MLR_LOCAL_ONLY?.trim() ?? '');
  return fromEnvironment || [said?.globalValue, said?.workspaceValue, said?.workspaceFolderValue].includes(true);
}

/** The proxy that the editor itself uses, by its settings; null where they leave that to the environment.
 *  Source: https://code.visualstudio.com/docs/setup/network */
export function proxySettings(): ProxySettings | null {
  const settings = vscode.workspace.getConfiguration('http');
  const names = { proxy: 'http.proxy', except: 'http.noProxy' };
  if (settings.get<string>('proxySupport') === 'off') return { http: null, https: null, except: '', names };
  const proxy = settings.get<string>('proxy', '').trim();
  if (proxy === '') return null;
  return { http: proxy, https: proxy, except: settings.get<string[]>('noProxy', []).join(','), names };
}
