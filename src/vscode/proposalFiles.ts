import * as vscode from 'vscode';
import type { LazySurface } from './lazySurface.ts';

/** The documents of scheme `mlr`, as files that are read and never written: the inline diff of VS Code is for files alone. */
export class ProposalFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly lazy: LazySurface;
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly listening: vscode.Disposable;
  /** Stands for the time of the last change, so that an editor reads anew. */
  private version = 1;

  readonly onDidChangeFile = this.changed.event;

  constructor(lazy: LazySurface) {
    this.lazy = lazy;
    this.listening = lazy.onDidChangeText((uri) => {
      this.version += 1;
      this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: this.version, size: length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const text = await this.lazy.attempt((surface) => surface.textOf(uri));
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return new TextEncoder().encode(text);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }
}
