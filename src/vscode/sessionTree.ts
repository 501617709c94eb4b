import * as vscode from 'vscode';
import { Owner } from './owner.ts';
import { groupsOf } from './runLedger.ts';
import type { Surface } from './surface.ts';
import { GroupNode, RunNode, SessionNode } from './treeNodes.ts';

/** Reading every session's log again is worth it this often while things happen. Milliseconds. */
const REFRESH = 500;

/** The sessions of every open folder, newest first; below each its arms, below those their runs. */
export class SessionTree extends Owner {
  private readonly surface: Surface;
  private refreshing: NodeJS.Timeout | undefined;

  constructor(surface: Surface, refresh: () => void) {
    super();
    this.surface = surface;
    const soon = (): void => {
      this.refreshing ??= setTimeout(() => {
        this.refreshing = undefined;
        refresh();
      }, REFRESH);
    };
    this.own(surface.engines.onDidChange(soon));
    this.own({ dispose: () => clearTimeout(this.refreshing) });
  }

  async childrenOf(node: vscode.TreeItem | undefined): Promise<vscode.TreeItem[]> {
    if (node instanceof GroupNode) return node.group.runs.map((run) => new RunNode(node.folder, node.session, run));
    if (node instanceof SessionNode) return this.groupsBelow(node);
    return node === undefined && vscode.workspace.isTrusted ? this.sessions() : [];
  }

  /** All sessions, newest first. */
  async sessions(): Promise<SessionNode[]> {
    const nodes: SessionNode[] = [];
    const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
    for (const folder of await this.surface.engines.foldersWithSessions()) {
      const { engine } = await this.surface.engines.of(folder);
      const summaries = await (await engine()).list();
      nodes.push(...summaries.map((summary) => new SessionNode(folder, summary, several)));
    }
    return nodes.sort((a, b) => b.summary.startedAt.localeCompare(a.summary.startedAt));
  }

  private async groupsBelow({ folder, summary }: SessionNode): Promise<GroupNode[]> {
    const events = await this.eventsOf(folder, summary.id);
    return groupsOf(events).map((group) => new GroupNode(folder, summary.id, group));
  }

  private async eventsOf(folder: vscode.WorkspaceFolder, session: string) {
    const { shown } = this.surface;
    if (shown?.id === session) return shown.events;
    const { engine } = await this.surface.engines.of(folder);
    return (await (await engine()).attach(session)).events;
  }
}
