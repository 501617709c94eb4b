import * as vscode from 'vscode';
import type { Assignment } from '../domain/event.ts';
import { revisionsOf } from './builtInGit.ts';
import { begin } from './generateIdea.ts';
import { showProgress } from './measureProgress.ts';
import { pickArguments } from './pickArguments.ts';
import type { Surface } from './surface.ts';
import { tellFailure } from './tellFailure.ts';

type Measure = Extract<Assignment, { kind: 'measure' }>;

/** What a lens says beforehand; what it leaves open is asked for. */
interface Subject {
  /** URI of a workspace folder. */
  readonly folder?: string;
  readonly baseline?: string;
  readonly variants?: readonly string[];
}

interface Entry extends vscode.QuickPickItem {
  readonly revision: string;
}

const WORKTREE: Entry = {
  label: 'worktree',
  description: 'your files as they are, uncommitted changes too',
  revision: 'worktree',
};

/** No revision is called so: git allows no brace in a name. */
const ARGUMENTS: Entry = {
  label: '$(symbol-parameter) Arguments…',
  description: 'compare two configurations of the baseline’s revision',
  alwaysShow: true,
  revision: '{args}',
};

/** Compares two revisions by the contract, mlr.yaml, or two configurations of one; no language model is asked. */
export async function measureRevisions(surface: Surface, subject: unknown): Promise<void> {
  const given = (subject ?? {}) as Subject;
  const folder = await folderOf(surface, given);
  if (!folder) return;
  const known = given.variants ? [] : await entriesOf(folder);
  const baseline = given.baseline ?? (await pickRevision('Measure Revisions: the baseline (1/2)', known));
  if (baseline === undefined) return;
  const others = known.filter((entry) => entry.revision !== baseline);
  const variant = given.variants
    ? undefined
    : await pickRevision('Measure Revisions: the variant (2/2)', [...others, ARGUMENTS]);
  if (variant === ARGUMENTS.revision) {
    const arms = await pickArguments(folder, 'Measure Revisions');
    if (arms) await measure(surface, folder, { kind: 'measure', baseline, variants: [], arms, hypothesis: '' });
    return;
  }
  const variants = given.variants ?? (variant === undefined ? [] : [variant]);
  if (variants.length === 0) return;
  await measure(surface, folder, { kind: 'measure', baseline, variants: [...variants], hypothesis: '' });
}

/** Compares one or more revisions with a baseline, with what can be asked of a comparison. */
export async function measureWithOptions(surface: Surface): Promise<void> {
  const folder = await surface.engines.chooseFolder();
  if (!folder) return;
  const known = await entriesOf(folder);
  const baseline = await pickRevision('Measure with Options: the baseline (1/3)', known);
  if (baseline === undefined) return;
  const others = known.filter((entry) => entry.revision !== baseline);
  const variants = await pickRevisions('Measure with Options: the variants (2/3)', others);
  if (variants === undefined || variants.length === 0) return;
  const options = await pickOptions();
  if (options === undefined) return;
  await measure(surface, folder, { kind: 'measure', baseline, variants, hypothesis: '', ...options });
}

/** Runs one revision alone, for its noise and for what a comparison could show. */
export async function measureNoise(surface: Surface, subject: unknown): Promise<void> {
  const given = (subject ?? {}) as Subject;
  const folder = await folderOf(surface, given);
  if (!folder) return;
  const known = given.baseline ? [] : await entriesOf(folder);
  const baseline = given.baseline ?? (await pickRevision('Measure Noise: the revision', known));
  if (baseline === undefined) return;
  await measure(surface, folder, { kind: 'measure', baseline, variants: [], hypothesis: '' });
}

async function measure(surface: Surface, folder: vscode.WorkspaceFolder, assignment: Measure): Promise<void> {
  const session = await begin(surface, folder, assignment);
  showProgress(surface, session).catch((error: unknown) => tellFailure(error, surface.log));
}

async function folderOf(surface: Surface, { folder }: Subject): Promise<vscode.WorkspaceFolder | undefined> {
  const named = vscode.workspace.workspaceFolders?.find((one) => one.uri.toString() === folder);
  return named ?? surface.engines.chooseFolder();
}

async function entriesOf(folder: vscode.WorkspaceFolder): Promise<Entry[]> {
  const branches = await revisionsOf(folder);
  return [WORKTREE, ...branches.map((revision) => ({ label: `$(git-branch) ${revision}`, revision }))];
}

/** How the comparison is made; nothing chosen is how it is usually made. */
async function pickOptions(): Promise<Pick<Measure, 'allSeeds' | 'final' | 'controls'> | undefined> {
  const entries = [
    {
      label: 'Run every seed',
      description: 'also where no completion could support the hypothesis any more',
      option: { allSeeds: true },
    },
    {
      label: 'Controls',
      description: 'train with shuffled labels too, and measure the baseline against itself',
      option: { controls: true },
    },
    {
      label: 'Locked test set',
      description: 'score on `final` of mlr.yaml; every touch is counted and printed',
      option: { final: true },
    },
  ];
  const picked = await vscode.window.showQuickPick(entries, {
    title: 'Measure with Options: options (3/3)',
    placeHolder: 'Choose none to measure as usual',
    canPickMany: true,
  });
  return picked && Object.assign({}, ...picked.map((entry) => entry.option));
}

/** One of the revisions listed, or whatever is typed: a tag, a commit. */
async function pickRevision(title: string, entries: readonly Entry[]): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<Entry>();
  picker.placeholder = 'Choose a branch, or type a tag or commit';
  return (await picked(picker, title, entries))?.[0];
}

async function pickRevisions(title: string, entries: readonly Entry[]): Promise<string[] | undefined> {
  const picker = vscode.window.createQuickPick<Entry>();
  picker.canSelectMany = true;
  picker.placeholder = 'Tick one or more branches, or type a tag or commit; then press Enter';
  return picked(picker, title, entries);
}

function picked(
  picker: vscode.QuickPick<Entry>,
  title: string,
  entries: readonly Entry[],
): Promise<string[] | undefined> {
  picker.title = title;
  picker.items = entries;
  picker.onDidChangeValue((value) => {
    const typed = value.trim();
    const isNew = typed !== '' && !entries.some((entry) => entry.revision === typed);
    const chosen = picker.selectedItems;
    picker.items = isNew
      ? [...entries, { label: typed, description: 'as typed', alwaysShow: true, revision: typed }]
      : entries;
    picker.selectedItems = picker.items.filter((item) => chosen.some((one) => one.revision === item.revision));
  });
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      // Enter on a row that is not ticked means that row.
      const rows = picker.selectedItems.length > 0 ? picker.selectedItems : picker.activeItems;
      resolve(rows.map((entry) => entry.revision));
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}
