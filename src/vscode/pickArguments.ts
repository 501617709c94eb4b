import * as vscode from 'vscode';
import type { Assignment } from '../domain/event.ts';

type Arms = NonNullable<Extract<Assignment, { kind: 'measure' }>['arms']>;

/** Asks for the words that stand for `{args}` in the contract's `run`: the baseline's, then a variant's.
 *  @param title what is being asked for, with the steps before
 *  @returns undefined where the person chose none, or where the contract has no place for them: it is then opened */
export async function pickArguments(folder: vscode.WorkspaceFolder, title: string): Promise<Arms | undefined> {
  const contract = vscode.Uri.joinPath(folder.uri, 'mlr.yaml');
  const { document, hasPlace } = await contractOf(contract);
  if (!hasPlace) {
    await vscode.window.showTextDocument(document);
    void vscode.window.showInformationMessage(
      'Arms by arguments need {args} in `run` of mlr.yaml, where they are put in, as in: python3 train.py {args} --seed {seed} --out {out}',
    );
    return undefined;
  }
  const base = await ask(
    `${title}: the baseline’s arguments (2/3)`,
    'may be empty; for example --model base',
    () => undefined,
  );
  if (base === undefined) return undefined;
  const ours = await ask(`${title}: the variant’s arguments (3/3)`, 'for example --model ours', (text) =>
    text.trim() === base ? 'These are the baseline’s: there would be nothing to compare.' : undefined,
  );
  return ours === undefined
    ? undefined
    : [
        { name: 'base', args: base },
        { name: 'variant', args: ours },
      ];
}

async function contractOf(uri: vscode.Uri): Promise<{ document: vscode.TextDocument; hasPlace: boolean }> {
  const document = await vscode.workspace.openTextDocument(uri);
  return { document, hasPlace: document.getText().includes('{args}') };
}

async function ask(
  title: string,
  placeHolder: string,
  validateInput: (text: string) => string | undefined,
): Promise<string | undefined> {
  const prompt = 'What stands for {args} in `run` of mlr.yaml';
  const text = await vscode.window.showInputBox({ title, prompt, placeHolder, validateInput, ignoreFocusOut: true });
  return text?.trim();
}
