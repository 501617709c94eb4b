import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { artifactsRoot, projectRoot } from '../hosts/cacheFolder.ts';
import themes from './fixtures/themes.json';

/** Theme variables as VS Code 1.139 gives them to a webview in the side bar. */
export type PageTheme = keyof typeof themes;
export const pageThemes = Object.keys(themes) as PageTheme[];

type PageName = 'chat' | 'ideas' | 'paper';

/** The colour behind a page: the chat stands in the side bar, the others in an editor. */
export function backdropOf(name: PageName, theme: PageTheme): string {
  return themes[theme][name === 'chat' ? '--vscode-sideBar-background' : '--vscode-editor-background'];
}

/** A page of ours by itself, as the bundle has it, in place of the editor: what it says goes to `window.heard`. */
export async function pageSource(name: PageName, theme: PageTheme): Promise<string> {
  const file = (ending: string): Promise<string> => readFile(join(projectRoot, 'dist', `${name}.${ending}`), 'utf8');
  const variables = Object.entries(themes[theme]).map(([variable, value]) => `${variable}: ${value};`);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${name}</title>
<style>html { ${variables.join(' ')} background: ${backdropOf(name, theme)}; }</style>
<style>${await file('css')}</style></head>
<body><div id="${name}" data-parts="http://parts.test/NAMEPart.js"></div>
<script>function acquireVsCodeApi() {
  return { postMessage: (message) => window.heard(message), getState: () => undefined, setState: () => undefined };
}</script>
<script>${(await file('js')).replaceAll('</script', '<\\/script')}</script></body></html>`;
}

/** A page that stands in an editor, opened with one message.
 *  @param heard is told what the page says
 *  @param size pixels */
export async function openEditorPage(
  browser: Browser,
  { name, theme, size }: { name: PageName; theme: PageTheme; size: { width: number; height: number } },
  heard: (message: unknown) => void,
): Promise<Page> {
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(30_000);
  await page.exposeFunction('heard', heard);
  await page.setContent(await pageSource(name, theme));
  return page;
}

/** Says something to the page as the extension host does, and waits until it is drawn. */
export async function tellPage(page: Page, message: unknown): Promise<void> {
  await page.evaluate((data) => window.dispatchEvent(new MessageEvent('message', { data })), message);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** Saves what is in view as `.artifacts/screenshots/<name>.png`. */
export async function keepView(page: Page, name: string): Promise<void> {
  const folder = join(artifactsRoot, 'screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}
