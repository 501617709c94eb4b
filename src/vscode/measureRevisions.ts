import * as vscode from 'vscode';
import { revisionsOf } from './builtInGit.ts';
import { begin } from './generateIdea.ts';
import type { Surface } from './surface.ts';

interface Entry extends vscode.QuickPickItem {
  readonly revision: string;
}

const WORKTREE: Entry = {
  label: 'worktree',
  description: 'your files as they are, uncommitted changes too',
  revision: 'worktree',
};

/** Compares two revisions by the contract, mlr.yaml; no language model is asked. */
export async function measureRevisions(surface: Surface): Promise<void> {
  const folder = await surface.engines.chooseFolder();
  if (!folder) return;
  const known = [WORKTREE, ...(await revisionsOf(folder)).map(branchEntry)];
  const baseline = await pickRevision('Measure Revisions: the baseline (1/2)', known);
  if (baseline === undefined) return;
  const others = known.filter((entry) => entry.revision !== baseline);
  const variant = await pickRevision('Measure Revisions: the variant (2/2)', others);
  if (variant === undefined) return;
  await begin(surface, folder, { kind: 'measure', baseline, variants: [variant], hypothesis: '' });
}

function branchEntry(revision: string): Entry {
  return { label: `$(git-branch) ${revision}`, revision };
}

/** One of the revisions listed, or whatever is typed: a tag, a commit. */
function pickRevision(title: string, entries: readonly Entry[]): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<Entry>();
  picker.title = title;
  picker.placeholder = 'Choose a branch, or type a tag or commit';
  picker.items = entries;
  picker.onDidChangeValue((value) => {
    const typed = value.trim();
    const isNew = typed !== '' && !entries.some((entry) => entry.revision === typed);
    picker.items = isNew
      ? [...entries, { label: typed, description: 'as typed', alwaysShow: true, revision: typed }]
      : entries;
  });
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.revision);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}
