import * as vscode from 'vscode';
import type { ContractProblem, TextRange } from '../domain/contractHelp.ts';
import type { RemoteEngine } from '../engine/client.ts';
import type { Engines } from './engines.ts';
import { Owner } from './owner.ts';
import type { SessionLog } from './sessionLog.ts';

/** After the last key is pressed. Milliseconds. */
const PAUSE = 250;
const KINDS = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  file: vscode.CompletionItemKind.File,
} as const;

/** Errors, fixes, completion and hover for `mlr.yaml`; the engine knows the answers. */
export class ContractHelp extends Owner {
  private readonly engines: Engines;
  private readonly log: SessionLog;
  private readonly shown = this.own(vscode.languages.createDiagnosticCollection('mlr'));
  private readonly problems = new Map<string, readonly ContractProblem[]>();
  private readonly pending = new Map<string, NodeJS.Timeout>();

  constructor(engines: Engines, log: SessionLog) {
    super();
    this.engines = engines;
    this.log = log;
  }

  /** Looks again a moment after the text has changed. */
  check(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.pending.get(key));
    const look = (): void => {
      this.pending.delete(key);
      this.look(document).catch((error: unknown) => this.log.failure(error));
    };
    this.pending.set(key, setTimeout(look, PAUSE));
  }

  forget(document: vscode.TextDocument): void {
    clearTimeout(this.pending.get(document.uri.toString()));
    this.problems.delete(document.uri.toString());
    this.shown.delete(document.uri);
  }

  fixes(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const problems = this.problems.get(document.uri.toString()) ?? [];
    return problems
      .filter((problem) => inEditor(problem.range).intersection(range) !== undefined)
      .flatMap((problem) =>
        problem.fixes.map((fix) => {
          const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
          action.edit = new vscode.WorkspaceEdit();
          action.edit.replace(document.uri, inEditor(fix.range), fix.newText);
          action.diagnostics = [diagnostic(problem)];
          action.isPreferred = true;
          return action;
        }),
      );
  }

  async completions(document: vscode.TextDocument, at: vscode.Position): Promise<vscode.CompletionItem[]> {
    const hint = await this.hint(document, at);
    return (hint?.suggestions ?? []).map(({ label, insert, description, kind }) => {
      const item = new vscode.CompletionItem(label, KINDS[kind]);
      item.insertText = insert;
      item.documentation = description;
      if (hint) item.range = inEditor(hint.replaces);
      return item;
    });
  }

  async hover(document: vscode.TextDocument, at: vscode.Position): Promise<vscode.Hover | undefined> {
    const hover = (await this.hint(document, at))?.hover;
    return hover ? new vscode.Hover(new vscode.MarkdownString(`**${hover.key}** — ${hover.description}`)) : undefined;
  }

  override dispose(): void {
    for (const timer of this.pending.values()) clearTimeout(timer);
    super.dispose();
  }

  private async look(document: vscode.TextDocument): Promise<void> {
    const engine = await this.engineFor(document);
    const { version } = document;
    const problems = (await engine?.checkContract(document.getText())) ?? [];
    if (document.version !== version || document.isClosed) return;
    this.problems.set(document.uri.toString(), problems);
    this.shown.set(document.uri, problems.map(diagnostic));
  }

  private async hint(document: vscode.TextDocument, at: vscode.Position) {
    const engine = await this.engineFor(document);
    return engine?.hintContract({ text: document.getText(), line: at.line + 1, col: at.character + 1 });
  }

  /** Nothing is started in a workspace that is not trusted, or for a contract below the folder that is measured. */
  private async engineFor(document: vscode.TextDocument): Promise<RemoteEngine | null> {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    if (!folder || !vscode.workspace.isTrusted) return null;
    if (vscode.Uri.joinPath(folder.uri, 'mlr.yaml').toString() !== document.uri.toString()) return null;
    return (await this.engines.of(folder)).engine();
  }
}

function diagnostic({ range, key, text }: ContractProblem): vscode.Diagnostic {
  const said = new vscode.Diagnostic(inEditor(range), key === '' ? text : `${key}: ${text}`);
  said.source = 'MLR Copilot';
  return said;
}

function inEditor({ line, col, endLine, endCol }: TextRange): vscode.Range {
  return new vscode.Range(line - 1, col - 1, endLine - 1, endCol - 1);
}
