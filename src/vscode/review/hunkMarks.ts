import * as vscode from 'vscode';
import { sideOf } from '../changedFiles.ts';
import { Owner } from '../owner.ts';
import type { HunkPlace } from './hunkPlaces.ts';
import { isUnderReview, type OwnPlaces } from './ownPlaces.ts';
import type { Review } from './review.ts';

/** Colours over the hunks of every editor that shows some. */
export class HunkMarks extends Owner {
  private readonly review: Review;
  private readonly places: OwnPlaces;
  private readonly kinds = {
    open: this.kind('diffEditor.insertedLineBackground', 'minimapGutter.addedBackground'),
    accepted: this.kind('diffEditor.unchangedCodeBackground', 'minimapGutter.addedBackground'),
    rejected: this.kind('diffEditor.removedLineBackground', 'minimapGutter.deletedBackground'),
    proposed: this.kind('editor.rangeHighlightBackground', 'minimapGutter.modifiedBackground'),
  };

  constructor(review: Review, places: OwnPlaces) {
    super();
    this.review = review;
    this.places = places;
    const draw = (): void => this.draw();
    this.own(review.onDidChange(draw));
    this.own(places.onDidChange(draw));
    this.own(vscode.window.onDidChangeVisibleTextEditors(draw));
    this.own(vscode.workspace.onDidChangeTextDocument(({ document }) => document.uri.scheme === 'mlr' && draw()));
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { uri } = editor.document;
      if (uri.scheme === 'mlr' && sideOf(uri) === 'proposal') this.drawProposal(editor);
      else if (uri.scheme === 'file') {
        const own = this.places
          .in(editor.document)
          .filter(({ place, line }) => line !== null && place.decision === 'open');
        const ranges = own.map(({ place, line }) => rangeOf(line ?? 0, place.removes));
        editor.setDecorations(this.kinds.proposed, ranges);
      }
    }
  }

  private drawProposal(editor: vscode.TextEditor): void {
    const isShown = isUnderReview(this.review, editor.document.uri);
    const path = editor.document.uri.path.slice(1);
    const inFile = isShown ? this.review.places.filter((place) => place.path === path) : [];
    for (const decision of ['open', 'accepted', 'rejected'] as const) {
      const marks = inFile.filter((place) => place.decision === decision).map(markOf);
      editor.setDecorations(this.kinds[decision], marks);
    }
  }

  private kind(background: string, ruler: string): vscode.TextEditorDecorationType {
    return this.own(
      vscode.window.createTextEditorDecorationType({
        isWholeLine: true,
        backgroundColor: new vscode.ThemeColor(background),
        overviewRulerColor: new vscode.ThemeColor(ruler),
        overviewRulerLane: vscode.OverviewRulerLane.Full,
      }),
    );
  }
}

/** What only takes lines away has none to colour: the line after it says so. */
function markOf(place: HunkPlace): vscode.DecorationOptions {
  const range = rangeOf(place.line, place.lines);
  if (place.lines > 0 || place.removes === 0) return { range };
  const contentText = `  ${place.removes} ${place.removes === 1 ? 'line goes' : 'lines go'} here`;
  const color = new vscode.ThemeColor('descriptionForeground');
  return { range, renderOptions: { after: { contentText, color, fontStyle: 'italic' } } };
}

function rangeOf(line: number, lines: number): vscode.Range {
  return new vscode.Range(line, 0, line + Math.max(lines, 1) - 1, 0);
}
