import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

type PageName = 'chat' | 'results' | 'ideas' | 'paper';

/** Gives an editor of ours its icon and its page; who listens to the page does so before. */
export function fillEditor(panel: vscode.WebviewPanel, extension: vscode.Uri, name: PageName): void {
  const dist = vscode.Uri.joinPath(extension, 'dist');
  const icon = (file: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', file);
  panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
  panel.iconPath = { light: icon('mlrLight.svg'), dark: icon('mlrDark.svg') };
  panel.webview.html = pageHtml(panel.webview, dist, name);
}

/** A page of ours: its script and style sheet from dist/, and nothing else may load or run.
 *  @param name of its files, and of the element it is drawn in */
export function pageHtml(webview: vscode.Webview, dist: vscode.Uri, name: PageName): string {
  const nonce = randomBytes(18).toString('base64');
  const file = (ending: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(dist, `${name}.${ending}`)).toString();
  const part = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'NAMEPart.js')).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file('css')}">
<title>MLR Copilot</title>
</head>
<body>
<div id="${name}" data-parts="${part}"></div>
<script nonce="${nonce}" src="${file('js')}"></script>
</body>
</html>`;
}
