import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { isPaperName } from './paperName.ts';

/** What a session may start from. */
type Start = { paper: string } | { ideaFile: string };

interface Entry extends vscode.QuickPickItem {
  readonly start?: Start;
  readonly asks?: 'file' | 'name';
}

const SKIPPED = '**/{node_modules,.git,.mlr,.venv,venv,site-packages,__pycache__,dist,build}/**';
const MOST = 200;
/** How much of a file is read to see whether it is a paper. Bytes. */
const PEEK = 16_384;

/** Lets the person choose a paper of the workspace or from elsewhere, or an idea kept in `.mlr/ideas/`.
 *  @returns undefined when nothing was chosen */
export async function chooseStart(folder: vscode.WorkspaceFolder): Promise<Start | undefined> {
  const picked = await vscode.window.showQuickPick(entriesOf(folder), {
    title: 'Generate Research Idea',
    placeHolder: 'Choose a paper',
    matchOnDescription: true,
  });
  if (picked?.asks === 'file') return browse(folder);
  return picked?.asks === 'name' ? askForName() : picked?.start;
}

async function entriesOf(folder: vscode.WorkspaceFolder): Promise<Entry[]> {
  const papers = await papersOf(folder);
  const ideas = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '.mlr/ideas/*.md'), null, MOST);
  return [
    ...papers.map((uri) => entryOf(folder, uri, '$(file-pdf)', { paper: uri.fsPath })),
    {
      label: '$(folder-opened) Browse…',
      description: 'a PDF, LaTeX, HTML or Markdown file, or an archive from arXiv',
      alwaysShow: true,
      asks: 'file',
    },
    {
      label: '$(globe) From the web…',
      description: 'an arXiv id, a DOI or an address',
      alwaysShow: true,
      asks: 'name',
    },
    ...(ideas.length > 0 ? [{ label: 'Ideas kept here', kind: vscode.QuickPickItemKind.Separator }] : []),
    ...ideas.map((uri) => entryOf(folder, uri, '$(lightbulb)', { ideaFile: uri.fsPath })),
  ];
}

function entryOf(folder: vscode.WorkspaceFolder, uri: vscode.Uri, icon: string, start: Start): Entry {
  const place = dirname(vscode.workspace.asRelativePath(uri, false));
  return { label: `${icon} ${basename(uri.fsPath)}`, description: place === '.' ? folder.name : place, start };
}

/** PDFs first, then LaTeX, then Markdown that reads like a paper. */
export async function papersOf(folder: vscode.WorkspaceFolder): Promise<vscode.Uri[]> {
  const find = (glob: string) => vscode.workspace.findFiles(new vscode.RelativePattern(folder, glob), SKIPPED, MOST);
  const [pdf, tex, markdown] = await Promise.all([find('**/*.pdf'), find('**/*.tex'), find('**/*.md')]);
  const written = await Promise.all(
    [...sorted(tex), ...sorted(markdown)].map(async (uri) => ((await readsLikePaper(uri)) ? [uri] : [])),
  );
  return [...sorted(pdf), ...written.flat()];
}

function sorted(uris: readonly vscode.Uri[]): vscode.Uri[] {
  return uris.toSorted((a, b) => a.path.localeCompare(b.path));
}

/** A whole LaTeX document, or Markdown with an abstract. */
async function readsLikePaper(uri: vscode.Uri): Promise<boolean> {
  const text = await beginningOf(uri.fsPath);
  return uri.path.endsWith('.tex') ? text.includes('\\documentclass') : /^(#+\s*|\*\*)abstract\b/im.test(text);
}

async function beginningOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PEEK), 0, PEEK, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function browse(folder: vscode.WorkspaceFolder): Promise<Start | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      defaultUri: folder.uri,
      filters: { Papers: ['pdf', 'tex', 'html', 'md', 'gz', 'tar'] },
      openLabel: 'Choose Paper',
    })) ?? [];
  return file && { paper: file.fsPath };
}

async function askForName(): Promise<Start | undefined> {
  const name = await vscode.window.showInputBox({
    title: 'Generate Research Idea',
    prompt: 'An arXiv id, a DOI or an address; the paper is fetched once and kept.',
    placeHolder: '2408.14033',
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' || isPaperName(text)
        ? null
        : 'That is no arXiv id, no DOI and no address that begins with http.',
  });
  return name?.trim() ? { paper: name.trim() } : undefined;
}
