import * as vscode from 'vscode';
import type { EditorSurface } from './editorSurface.ts';
import { Owner } from './owner.ts';

/** The surface, made at its first use, and the one place where its failures are told. */
export class LazySurface extends Owner {
  private readonly context: vscode.ExtensionContext;
  private readonly sessionsChanged = this.own(new vscode.EventEmitter<vscode.TreeItem[] | undefined>());
  private made: Promise<EditorSurface> | undefined;

  private readonly textChanged = this.own(new vscode.EventEmitter<vscode.Uri>());

  readonly onDidChangeSessions = this.sessionsChanged.event;
  /** A document of scheme `mlr` says something else now. */
  readonly onDidChangeText = this.textChanged.event;

  constructor(context: vscode.ExtensionContext) {
    super();
    this.context = context;
  }

  get extensionUri(): vscode.Uri {
    return this.context.extensionUri;
  }

  /** The surface for what tells its failures itself. */
  surface(): Promise<EditorSurface> {
    this.made ??= this.make();
    return this.made;
  }

  /** Does something with the surface; a failure goes to the log whole, and to the person as one sentence. */
  async attempt<T>(work: (surface: EditorSurface) => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work(await this.surface());
    } catch (error) {
      const { tellFailure } = await import('./tellFailure.ts');
      tellFailure(error, (await this.made)?.log);
      return undefined;
    }
  }

  private async make(): Promise<EditorSurface> {
    const { EditorSurface } = await import('./editorSurface.ts');
    return this.own(
      new EditorSurface(this.context, {
        refreshTree: (rows) => this.sessionsChanged.fire(rows),
        refreshText: (uri) => this.textChanged.fire(uri),
      }),
    );
  }
}
