import * as vscode from 'vscode';
import type { Surface } from './surface.ts';
import { mapPage } from './workspaceMapPage.ts';

/** Shows a workspace in the few words made for agents: a page whose places are links that open at the line. It is a file of the
 *  tool's own folder, so that links and preview work wherever the editor runs. */
export async function explainWorkspace(surface: Surface): Promise<void> {
  const folder = await surface.engines.chooseFolder();
  if (!folder) return;
  const map = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'MLR Copilot: reading the workspace' },
    async () => {
      const { engine } = await surface.engines.of(folder);
      return await (await engine()).mapWorkspace({});
    },
  );
  const page = vscode.Uri.joinPath(folder.uri, '.mlr', 'map.md');
  await vscode.workspace.fs.writeFile(page, new TextEncoder().encode(mapPage(map)));
  await vscode.commands.executeCommand('markdown.showPreview', page);
}
