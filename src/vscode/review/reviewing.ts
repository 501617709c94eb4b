import type * as vscode from 'vscode';
import type { ChangeSet } from '../../domain/change.ts';
import type { ChangedFiles } from '../changedFiles.ts';
import type { FollowedSession } from '../followedSession.ts';
import { Owner } from '../owner.ts';
import { ChangeSource } from './changeSource.ts';
import { HunkComments } from './hunkComments.ts';
import { HunkLenses } from './hunkLenses.ts';
import { HunkMarks } from './hunkMarks.ts';
import type { KeptDecisions } from './keptDecisions.ts';
import { OwnPlaces } from './ownPlaces.ts';
import { Review } from './review.ts';

interface Parts {
  readonly files: ChangedFiles;
  readonly kept: KeptDecisions;
  readonly onDidShow: vscode.Event<FollowedSession | null>;
  onFailure(error: unknown): void;
}

/** Everything with which changes are reviewed in the editor itself. */
export class Reviewing extends Owner {
  readonly review: Review;
  readonly files: ChangedFiles;
  readonly comments: HunkComments;

  private readonly kept: KeptDecisions;

  constructor(parts: Parts) {
    super();
    this.files = parts.files;
    this.kept = parts.kept;
    this.review = this.own(new Review(parts));
    const places = this.own(new OwnPlaces(this.review, parts.files, parts.onFailure));
    this.own(new ChangeSource(this.review, parts.files));
    this.own(new HunkLenses(this.review, places));
    this.own(new HunkMarks(this.review, places));
    this.comments = this.own(new HunkComments(this.review));
  }

  /** A change set with what was decided on its hunks. */
  decisionsOn(changes: ChangeSet): ChangeSet {
    return this.kept.of(changes.id).on(changes);
  }
}
