import * as vscode from 'vscode';
import type { SessionStatus } from '../webview/messages.ts';
import type { Experiment, RunEntry } from './experimentLedger.ts';

const passed = new vscode.ThemeColor('testing.iconPassed');
const failed = new vscode.ThemeColor('testing.iconFailed');
const skipped = new vscode.ThemeColor('testing.iconSkipped');

const RUN_ICONS: Record<RunEntry['state'] | 'interrupted', vscode.ThemeIcon> = {
  running: new vscode.ThemeIcon('loading~spin'),
  evaluating: new vscode.ThemeIcon('loading~spin'),
  finished: new vscode.ThemeIcon('pass', passed),
  failed: new vscode.ThemeIcon('error', failed),
  stopped: new vscode.ThemeIcon('circle-slash', skipped),
  interrupted: new vscode.ThemeIcon('circle-slash', skipped),
};

const SESSION_ICONS: Record<SessionStatus, vscode.ThemeIcon> = {
  working: new vscode.ThemeIcon('loading~spin'),
  waiting: new vscode.ThemeIcon('bell-dot', new vscode.ThemeColor('list.warningForeground')),
  paused: new vscode.ThemeIcon('debug-pause'),
  stopped: new vscode.ThemeIcon('circle-slash', skipped),
  interrupted: new vscode.ThemeIcon('debug-disconnect', skipped),
  failed: new vscode.ThemeIcon('error', failed),
  finished: new vscode.ThemeIcon('check'),
};

const VERDICT_ICONS: Record<string, vscode.ThemeIcon> = {
  supported: new vscode.ThemeIcon('pass-filled', passed),
  refuted: new vscode.ThemeIcon('close', failed),
  inconclusive: new vscode.ThemeIcon('question', new vscode.ThemeColor('testing.iconQueued')),
  invalid: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
};

export const trialIcon = new vscode.ThemeIcon('debug-alt');

export function runIcon(state: RunEntry['state'] | 'interrupted'): vscode.ThemeIcon {
  return RUN_ICONS[state];
}

/** A verdict's icon once there is one, else the status's. */
export function sessionIcon(status: SessionStatus, verdict: string | null): vscode.ThemeIcon {
  const decided = status === 'finished' && verdict !== null ? VERDICT_ICONS[verdict] : undefined;
  return decided ?? SESSION_ICONS[status];
}

export function experimentIcon({ measurement, noise }: Experiment, status: SessionStatus): vscode.ThemeIcon {
  if (measurement) return sessionIcon('finished', measurement.verdict);
  if (noise) return new vscode.ThemeIcon('graph');
  return status === 'working' ? SESSION_ICONS.working : new vscode.ThemeIcon('beaker');
}
