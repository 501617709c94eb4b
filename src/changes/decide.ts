import type { ChangeSet, FileChange, Hunk } from '../domain/change.ts';
import { ChangeError } from './changeError.ts';

/** Which hunks a decision is about. */
export type Selection = { readonly hunks: readonly string[] } | { readonly file: string } | 'all';

/** The change set with a decision on some of its hunks; the one given stays as it is.
 *  @throws ChangeError `unknown-hunk` for an id or a file that the change set does not have */
export function decide(changeSet: ChangeSet, selection: Selection, decision: Hunk['decision']): ChangeSet {
  refuseUnknown(changeSet, selection);
  const chosen = (file: FileChange, hunk: Hunk): boolean => {
    if (selection === 'all') return true;
    return 'file' in selection ? file.path === selection.file : selection.hunks.includes(hunk.id);
  };
  const decided = (file: FileChange): FileChange => ({
    ...file,
    hunks: file.hunks.map((hunk) => (chosen(file, hunk) ? { ...hunk, decision } : hunk)),
  });
  return { ...changeSet, files: changeSet.files.map(decided) };
}

function refuseUnknown(changeSet: ChangeSet, selection: Selection): void {
  if (selection === 'all') return;
  if ('file' in selection) {
    if (changeSet.files.some((file) => file.path === selection.file)) return;
    throw new ChangeError('unknown-hunk', `the change set ${changeSet.id} does not change ${selection.file}`);
  }
  const known = new Set(changeSet.files.flatMap((file) => file.hunks.map((hunk) => hunk.id)));
  const unknown = selection.hunks.find((id) => !known.has(id));
  if (unknown !== undefined)
    throw new ChangeError('unknown-hunk', `the change set ${changeSet.id} has no hunk ${unknown}`);
}
