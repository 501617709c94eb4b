import { strict as assert } from 'node:assert';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import type { ToHost, ToPage } from '../../src/webview/messages.ts';
import { artifactsRoot, projectRoot } from '../hosts/cacheFolder.ts';
import { backdropOf, type PageTheme, pageSource, pageThemes } from './barePage.ts';
import type { Scene } from './chatScenes.ts';

export type ChatTheme = PageTheme;
export const chatThemes = pageThemes;

/** The chat page by itself, as the bundle has it, in place of the editor: it gets a scene and says what was pressed. */
export class ChatPage {
  readonly page: Page;
  readonly said: ToHost[] = [];
  private readonly theme: ChatTheme;

  private constructor(page: Page, theme: ChatTheme) {
    this.page = page;
    this.theme = theme;
  }

  static async open(browser: Browser, theme: ChatTheme, width: number): Promise<ChatPage> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    page.setDefaultTimeout(30_000);
    const chat = new ChatPage(page, theme);
    await page.exposeFunction('heard', (message: ToHost) => message.type !== 'draft' && chat.said.push(message));
    await page.route('http://parts.test/*', (route) =>
      route.fulfill({ path: join(projectRoot, 'dist', new URL(route.request().url()).pathname) }),
    );
    await page.setContent(await pageSource('chat', theme));
    return chat;
  }

  /** The colour of the side bar behind the page. */
  get backdrop(): string {
    return backdropOf('chat', this.theme);
  }

  async show(scene: Scene): Promise<void> {
    await this.post({ type: 'session', head: scene.head, items: scene.items });
    if (scene.writing) await this.post({ type: 'writing', ...scene.writing });
    if (scene.pulses) await this.post({ type: 'pulses', pulses: scene.pulses });
    if (scene.changeSet) await this.post({ type: 'changeSet', changes: scene.changeSet });
    await this.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }

  async post(message: ToPage): Promise<void> {
    await this.page.evaluate((data) => window.dispatchEvent(new MessageEvent('message', { data })), message);
  }

  /** Waits until the page has said this as often, and last: it arrives a moment after the key or click. */
  async heard(expected: ToHost, times = 1): Promise<void> {
    const heard = (): number => this.said.filter((message) => isDeepStrictEqual(message, expected)).length;
    const until = Date.now() + 5_000;
    while (heard() < times && Date.now() < until) await this.page.waitForTimeout(20);
    assert.deepEqual(this.said.at(-1), expected);
    assert.equal(heard(), times);
  }

  /** Opens everything that is folded, so that it is looked at too. */
  async unfold(): Promise<void> {
    await this.page.evaluate(() => {
      for (const folded of document.querySelectorAll('details')) folded.open = true;
    });
  }

  /** Saves the whole page, however long, as `.artifacts/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    const folder = join(artifactsRoot, 'screenshots');
    await mkdir(folder, { recursive: true });
    const height = await this.page.evaluate(() => {
      const entries = document.querySelector('.entries');
      return entries
        ? document.body.clientHeight - entries.clientHeight + entries.scrollHeight
        : document.body.scrollHeight;
    });
    const before = this.page.viewportSize();
    await this.page.setViewportSize({ width: before?.width ?? 400, height: Math.min(Math.ceil(height), 6000) });
    await this.page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
    if (before) await this.page.setViewportSize(before);
  }
}
