import * as vscode from 'vscode';
import type { ChangedFiles } from '../changedFiles.ts';
import { Owner } from '../owner.ts';
import { type HunkPlace, lineInEdited } from './hunkPlaces.ts';
import type { Review } from './review.ts';

/** Edits are followed this much later: a proposal need not jump at every key. Milliseconds. */
const AFTER = 300;

export interface OwnPlace {
  readonly place: HunkPlace;
  /** 0-based; null where the lines it changes do not stand there any more. */
  readonly line: number | null;
}

/** Where the hunks under review stand in the user's own files, whatever was typed there since. */
export class OwnPlaces extends Owner {
  private readonly review: Review;
  private readonly files: ChangedFiles;
  private readonly bases = new Map<string, string>();
  private readonly changed = this.own(new vscode.EventEmitter<void>());
  private waiting: NodeJS.Timeout | undefined;

  readonly onDidChange = this.changed.event;

  constructor(review: Review, files: ChangedFiles, onFailure: (error: unknown) => void) {
    super();
    this.review = review;
    this.files = files;
    const look = (): void => void this.lookUp().catch(onFailure);
    this.own(review.onDidChange(look));
    this.own(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.review.current === null || this.pathOf(document.uri) === null) return;
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.changed.fire(), AFTER);
      }),
    );
    this.own({ dispose: () => clearTimeout(this.waiting) });
  }

  in(document: vscode.TextDocument): OwnPlace[] {
    const path = this.pathOf(document.uri);
    const base = path === null ? undefined : this.bases.get(path);
    if (base === undefined) return [];
    const text = document.getText();
    return this.review.places
      .filter((place) => place.path === path)
      .map((place) => ({ place, line: lineInEdited(base, text, place.hunk) }));
  }

  /** The path of a file of the workspace that is under review. */
  private pathOf(uri: vscode.Uri): string | null {
    const current = this.review.current;
    if (!current || uri.scheme !== 'file') return null;
    const top = `${current.session.connection.folder.uri.path}/`;
    const path = uri.path.startsWith(top) ? uri.path.slice(top.length) : null;
    return current.changes.files.some((file) => file.path === path) ? path : null;
  }

  private async lookUp(): Promise<void> {
    const current = this.review.current;
    this.bases.clear();
    if (!current) return;
    const id = this.review.changesId;
    for (const file of current.changes.files) {
      const texts = await this.files.textsOf(current.session, id, file.path);
      if (texts?.before !== null && texts !== undefined) this.bases.set(file.path, texts.before);
    }
    this.changed.fire();
  }
}

/** Whether a document of ours belongs to the changes under review. */
export function isUnderReview(review: Review, uri: vscode.Uri): boolean {
  const current = review.current;
  if (!current || uri.scheme !== 'mlr') return false;
  const query = new URLSearchParams(uri.query);
  return query.get('session') === current.session.id && query.get('changes') === review.changesId;
}
