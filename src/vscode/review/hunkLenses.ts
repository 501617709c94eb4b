import * as vscode from 'vscode';
import { sideOf } from '../changedFiles.ts';
import { Owner } from '../owner.ts';
import type { HunkPlace } from './hunkPlaces.ts';
import { isUnderReview, type OwnPlaces } from './ownPlaces.ts';
import type { Review } from './review.ts';

/** What stands above each hunk, in the proposal and in the user's own file: what it is, and what can be done with it. */
export class HunkLenses extends Owner implements vscode.CodeLensProvider {
  private readonly review: Review;
  private readonly theirs: OwnPlaces;
  private readonly changed = this.own(new vscode.EventEmitter<void>());

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(review: Review, places: OwnPlaces) {
    super();
    this.review = review;
    this.theirs = places;
    this.own(review.onDidChange(() => this.changed.fire()));
    this.own(places.onDidChange(() => this.changed.fire()));
    this.own(vscode.languages.registerCodeLensProvider([{ scheme: 'mlr' }, { scheme: 'file' }], this));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.review.current) return [];
    if (document.uri.scheme === 'mlr') return this.inProposal(document);
    return this.theirs.in(document).flatMap(({ place, line }) => lensesAt(line ?? 0, ownWords(place, line !== null)));
  }

  private inProposal(document: vscode.TextDocument): vscode.CodeLens[] {
    if (sideOf(document.uri) !== 'proposal' || !isUnderReview(this.review, document.uri)) return [];
    const { places } = this.review;
    const inFile = places.filter(({ path }) => path === document.uri.path.slice(1));
    const hunks = inFile.flatMap((place) => lensesAt(place.line, wordsOf(place, places.length)));
    return [...lensesAt(0, this.fileWords(inFile)), ...hunks];
  }

  /** Above the file: how far the review is, and how to end it. */
  private fileWords(inFile: readonly HunkPlace[]): Words[] {
    const { all, open, rejected } = this.review.tally();
    const left = all.length - rejected.length;
    const end = this.review.required.gate.kind === 'adopt' ? 'Take Over' : 'Go On with';
    const hunks = inFile.map(({ id }) => id);
    return [
      [`${all.length - open.length} of ${all.length} hunks decided`, 'mlr.showChanges', []],
      ['Accept File', 'mlr.acceptFile', [{ hunks }]],
      ['Reject File', 'mlr.rejectFile', [{ hunks }]],
      ...(left > 0 ? [[`${end} ${left} of ${all.length} Hunks`, 'mlr.finishReview', []] satisfies Words] : []),
    ];
  }
}

type Words = [title: string, command: string, args: readonly unknown[]];

function wordsOf({ id, nth, decision }: HunkPlace, all: number): Words[] {
  const subject = [{ hunks: [id] }];
  const name: Words = [`Hunk ${nth} of ${all}`, '', []];
  if (decision === 'accepted') return [name, ['$(check) Accepted', '', []], ['Undo', 'mlr.reopenHunk', subject]];
  if (decision === 'rejected') return [name, ['$(close) Rejected', '', []], ['Undo', 'mlr.reopenHunk', subject]];
  return [
    name,
    ['$(check) Accept', 'mlr.acceptHunk', subject],
    ['$(close) Reject', 'mlr.rejectHunk', subject],
    ['$(comment) Comment', 'mlr.commentOnHunk', subject],
  ];
}

/** @param stands whether the lines that it changes stand in the user's file as they were */
function ownWords({ id, nth, decision }: HunkPlace, stands: boolean): Words[] {
  const subject = [{ hunks: [id] }];
  if (!stands)
    return [[`$(warning) Hunk ${nth} changes lines that you have edited since: Compare…`, 'mlr.compareHunk', subject]];
  if (decision !== 'open') return [];
  return [
    [`$(sparkle) Proposed: Hunk ${nth}`, 'mlr.openHunk', subject],
    ['Accept', 'mlr.acceptHunk', subject],
    ['Reject', 'mlr.rejectHunk', subject],
  ];
}

function lensesAt(line: number, words: readonly Words[]): vscode.CodeLens[] {
  const range = new vscode.Range(line, 0, line, 0);
  return words.map(([title, command, args]) => new vscode.CodeLens(range, { title, command, arguments: [...args] }));
}
