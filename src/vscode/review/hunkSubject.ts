import * as vscode from 'vscode';
import { SurfaceError } from '../surfaceError.ts';
import type { HunkPlace } from './hunkPlaces.ts';
import { isUnderReview } from './ownPlaces.ts';
import type { Reviewing } from './reviewing.ts';

/** A change as VS Code's inline diff hands it to a command; 1-based, and a side without lines ends before it begins. */
interface LineChange {
  readonly modifiedStartLineNumber: number;
  readonly modifiedEndLineNumber: number;
}

/** The hunks that a command is about: those its button stands for, the change of the inline diff it was pressed in, or
 *  the hunk at the cursor.
 *  @throws SurfaceError `gone` where there is none */
export function hunksMeant({ review }: Reviewing, subject: unknown, rest: readonly unknown[]): string[] {
  const { changes } = review.required;
  if (subject instanceof vscode.Uri) return hunksOfChange(review.places, subject, rest);
  const known = new Set(changes.files.flatMap((file) => file.hunks.map(({ id }) => id)));
  // Several rows of the Source Control view may be chosen: the first argument is one of them, the second all.
  const subjects = Array.isArray(rest[0]) ? [subject, ...rest[0]] : [subject, ...rest];
  const named = subjects.flatMap((one) => (one as { hunks?: unknown } | undefined)?.hunks ?? []);
  const hunks = named.filter((id): id is string => typeof id === 'string' && known.has(id));
  if (hunks.length > 0) return [...new Set(hunks)];
  const here = hunkAtCursor({ review });
  if (here) return [here.id];
  throw new SurfaceError('gone', 'There is no hunk here: go to one with “Next Hunk” first.', {
    wayOut: { label: 'Next Hunk', command: 'mlr.nextHunk' },
  });
}

/** The hunk in which the cursor stands in a proposal. */
export function hunkAtCursor({ review }: Pick<Reviewing, 'review'>): HunkPlace | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !isUnderReview(review, editor.document.uri)) return undefined;
  const { line } = editor.selection.active;
  const path = editor.document.uri.path.slice(1);
  return review.places.find(
    (place) => place.path === path && line >= place.from && line < Math.max(place.to, place.from + 1),
  );
}

function hunksOfChange(places: readonly HunkPlace[], uri: vscode.Uri, rest: readonly unknown[]): string[] {
  const [changes, index] = rest;
  const change = Array.isArray(changes) && typeof index === 'number' ? (changes[index] as LineChange) : undefined;
  const inFile = places.filter(({ path, decision }) => path === uri.path.slice(1) && decision === 'open');
  if (!change) return inFile.map(({ id }) => id);
  const first = change.modifiedStartLineNumber - 1;
  const last = Math.max(first, change.modifiedEndLineNumber - 1);
  return inFile.filter(({ from, to }) => first <= Math.max(to - 1, from) && last >= from).map(({ id }) => id);
}
