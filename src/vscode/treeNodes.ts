import * as vscode from 'vscode';
import type { EngineApi } from '../engine/api.ts';
import type { RunEntry, RunGroup } from './runLedger.ts';

export type SessionSummary = Awaited<ReturnType<EngineApi['list']>>[number];

export class SessionNode extends vscode.TreeItem {
  readonly folder: vscode.WorkspaceFolder;
  readonly summary: SessionSummary;

  constructor(folder: vscode.WorkspaceFolder, summary: SessionSummary, namesFolder: boolean) {
    super(summary.title, vscode.TreeItemCollapsibleState.Collapsed);
    this.folder = folder;
    this.summary = summary;
    this.id = `session ${folder.uri} ${summary.id}`;
    const words = [summary.verdict ?? statusWords(summary), namesFolder ? folder.name : ''];
    this.description = words.filter(Boolean).join(' · ');
    this.tooltip = `${summary.title}\n${this.description}\nbegun ${new Date(summary.startedAt).toLocaleString()}`;
    this.iconPath = sessionIcon(summary);
    this.contextValue = ['session', summary.status, summary.report === null ? '' : 'reported']
      .filter(Boolean)
      .join('.');
    this.command = { command: 'mlr.showSession', title: 'Show Session', arguments: [this] };
    this.accessibilityInformation = { label: `${summary.title}, ${this.description}` };
  }
}

export class GroupNode extends vscode.TreeItem {
  readonly folder: vscode.WorkspaceFolder;
  readonly session: string;
  readonly group: RunGroup;

  constructor(folder: vscode.WorkspaceFolder, session: string, group: RunGroup) {
    super(group.name, vscode.TreeItemCollapsibleState.Expanded);
    this.folder = folder;
    this.session = session;
    this.group = group;
    this.id = `group ${session} ${group.name}`;
    const failed = group.runs.filter((run) => run.state === 'failed').length;
    this.description = `${group.runs.length} ${group.runs.length === 1 ? 'run' : 'runs'}${failed > 0 ? `, ${failed} failed` : ''}`;
    this.contextValue = 'group';
  }
}

export class RunNode extends vscode.TreeItem {
  readonly folder: vscode.WorkspaceFolder;
  readonly run: RunEntry;

  constructor(folder: vscode.WorkspaceFolder, session: string, run: RunEntry) {
    super(runName(run), vscode.TreeItemCollapsibleState.None);
    this.folder = folder;
    this.run = run;
    this.id = `run ${session} ${run.id}`;
    const seconds = run.seconds === null ? 'running' : `${run.seconds.toFixed(1)} s`;
    this.description = [run.metric, seconds].filter(Boolean).join(' · ');
    if (run.reason !== '') this.tooltip = run.reason;
    this.iconPath = RUN_ICONS[run.state];
    this.contextValue = run.state === 'queued' ? 'run.live' : 'run.ended';
    this.command = { command: 'mlr.followRun', title: 'Follow Run', arguments: [this] };
    this.accessibilityInformation = { label: `${runName(run)}, ${run.state}, ${this.description}` };
  }
}

export function runName(run: Pick<RunEntry, 'purpose' | 'arm' | 'seed'>): string {
  const what = run.purpose === 'run' ? '' : run.purpose;
  return [what, run.arm ?? '', run.seed === null ? '' : `seed ${run.seed}`].filter(Boolean).join(' ');
}

function statusWords({ status, phase }: SessionSummary): string {
  if (status === 'waiting') return 'waits for you';
  return status === 'working' ? phase : status;
}

const RUN_ICONS: Record<RunEntry['state'], vscode.ThemeIcon> = {
  queued: new vscode.ThemeIcon('sync~spin'),
  finished: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  stopped: new vscode.ThemeIcon('circle-slash'),
};

const SESSION_ICONS: Record<SessionSummary['status'], string> = {
  working: 'sync~spin',
  waiting: 'bell-dot',
  paused: 'debug-pause',
  stopped: 'circle-slash',
  failed: 'error',
  finished: 'check',
};

const VERDICT_ICONS: Record<string, vscode.ThemeIcon> = {
  supported: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  refuted: new vscode.ThemeIcon('close', new vscode.ThemeColor('testing.iconFailed')),
  inconclusive: new vscode.ThemeIcon('question'),
  invalid: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
};

function sessionIcon({ status, verdict }: SessionSummary): vscode.ThemeIcon {
  const decided = status === 'finished' && verdict !== null ? VERDICT_ICONS[verdict] : undefined;
  return decided ?? new vscode.ThemeIcon(SESSION_ICONS[status]);
}
