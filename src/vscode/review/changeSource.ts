import * as vscode from 'vscode';
import type { FileChange } from '../../domain/change.ts';
import { type ChangedFiles, sideOf } from '../changedFiles.ts';
import { Owner } from '../owner.ts';
import { isUnderReview } from './ownPlaces.ts';
import type { Review } from './review.ts';

/** A file under review in the Source Control view. */
export interface FileRow extends vscode.SourceControlResourceState {
  readonly hunks: readonly string[];
}

/** The changes under review as a source-control provider: a row a file, changed lines in the gutter, and the inline diff
 *  with its buttons. It is there only while something waits. */
export class ChangeSource extends Owner {
  private readonly review: Review;
  private readonly files: ChangedFiles;
  private source: { control: vscode.SourceControl; open: Group; decided: Group } | undefined;

  constructor(review: Review, files: ChangedFiles) {
    super();
    this.review = review;
    this.files = files;
    this.own(review.onDidChange(() => this.update()));
    this.own({ dispose: () => this.source?.control.dispose() });
  }

  private update(): void {
    const current = this.review.current;
    void vscode.commands.executeCommand('setContext', 'mlr.reviewing', current?.gate.kind ?? false);
    if (!current) {
      this.source?.control.dispose();
      this.source = undefined;
      return;
    }
    this.source ??= this.begin();
    const { control, open, decided } = this.source;
    const rows = current.changes.files.map((file) => ({ file, tally: this.review.tallyOf([file]) }));
    open.resourceStates = rows.filter(({ tally }) => tally.open.length > 0).map(({ file }) => this.rowOf(file));
    decided.resourceStates = rows.filter(({ tally }) => tally.open.length === 0).map(({ file }) => this.rowOf(file));
    control.count = this.review.tally().open.length;
  }

  private begin(): NonNullable<ChangeSource['source']> {
    const control = vscode.scm.createSourceControl('mlr', 'MLR Copilot');
    control.inputBox.visible = true;
    control.inputBox.placeholder = 'What should be different? ({0} asks for other changes)';
    control.acceptInputCommand = {
      command: 'mlr.askForChanges',
      title: 'Ask for Other Changes',
      arguments: [control.inputBox],
    };
    control.quickDiffProvider = { provideOriginalResource: (uri) => this.originalOf(uri) };
    const group = (id: string, label: string): Group => {
      const made = control.createResourceGroup(id, label);
      made.hideWhenEmpty = true;
      return made;
    };
    return { control, open: group('open', 'To Review'), decided: group('decided', 'Decided') };
  }

  /** What is left to decide in a file is how its proposal differs from the base with what was accepted. */
  private originalOf(uri: vscode.Uri): vscode.Uri | undefined {
    const current = this.review.current;
    if (!current || !isUnderReview(this.review, uri) || sideOf(uri) !== 'proposal') return undefined;
    return this.files.uriOf(current.session, this.review.changesId, uri.path.slice(1), 'settled');
  }

  private rowOf(file: FileChange): FileRow {
    const { session } = this.review.required;
    const { all, open, accepted, rejected } = this.review.tallyOf([file]);
    const hunks = file.hunks.map(({ id }) => id);
    const words = [
      [open.length, 'open'],
      [accepted.length, 'accepted'],
      [rejected.length, 'rejected'],
    ] as const;
    const told = words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
    return {
      resourceUri: vscode.Uri.joinPath(session.connection.folder.uri, file.path),
      hunks,
      contextValue: open.length > 0 ? 'open' : 'decided',
      command: { command: 'mlr.openHunk', title: 'Review', arguments: [{ hunks }] },
      decorations: {
        tooltip: `${file.path}: ${file.kind}, ${told.join(', ')} of ${all.length} hunks`,
        strikeThrough: rejected.length === all.length,
        faded: open.length === 0,
        iconPath: new vscode.ThemeIcon(iconOf(file, accepted.length, open.length)),
      },
    };
  }
}

type Group = vscode.SourceControlResourceGroup;

function iconOf(file: FileChange, accepted: number, open: number): string {
  if (open === 0) return accepted > 0 ? 'check' : 'close';
  if (file.kind === 'added') return 'diff-added';
  return file.kind === 'deleted' ? 'diff-removed' : 'diff-modified';
}
