import { strict as assert } from 'node:assert';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errors, type Frame, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { artifactsRoot } from '../hosts/cacheFolder.ts';

const themes = { dark: 'Dark Modern', light: 'Light Modern', contrast: 'Dark High Contrast' } as const;
const themeKinds = { dark: 'vs-dark', light: 'vs', contrast: 'hc-black' } as const;
export type Theme = keyof typeof themes;

/** What a person does with a VS Code window, and what they then see. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the window shows its folder and its status bar. */
  async restored(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.editor').waitFor();
    await this.page.locator('.part.statusbar .statusbar-item').first().waitFor();
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /**
   * Runs a command as the palette names it, e.g. `MLR Copilot: Generate Research Idea`. An open palette
   * does not learn of commands that an extension brings later, and a key pressed while the window moves its
   * focus opens none, so it is opened anew until the entry shows.
   */
  async runCommand(title: string): Promise<void> {
    const input = this.quickInput.locator('input[type="text"]').first();
    const row = this.quickInput.locator('.monaco-list-row').filter({ hasText: title }).first();
    for (const deadline = Date.now() + 120_000; ; ) {
      await this.page.keyboard.press('F1');
      if (await shows(input, 3000)) {
        // A palette that closes meanwhile, because the focus went elsewhere, is opened anew.
        const typed = await input.fill(`>${title}`, { timeout: 3000 }).then(yes, no);
        if (typed && (await shows(row, 5000)) && (await row.click({ timeout: 3000 }).then(yes, no))) return;
      }
      assert.ok(Date.now() < deadline, `the palette does not offer "${title}"`);
      await this.page.keyboard.press('Escape');
    }
  }

  /** The same by keyboard alone. */
  async command(title: string): Promise<void> {
    const input = this.quickInput.locator('input[type="text"]').first();
    const row = this.quickInput.locator('.monaco-list-row.focused').filter({ hasText: title }).first();
    for (const deadline = Date.now() + 120_000; ; ) {
      await this.page.keyboard.press('F1');
      if (await shows(input, 3000)) {
        await this.page.keyboard.type(title);
        if (await shows(row, 5000)) return this.page.keyboard.press('Enter');
      }
      assert.ok(Date.now() < deadline, `the palette does not offer "${title}"`);
      await this.page.keyboard.press('Escape');
    }
  }

  /** Chooses an entry of the open quick pick by what it says. */
  async pick(label: string): Promise<void> {
    await this.quickPickRow(label).click();
  }

  /** Runs a command and chooses an entry of the quick pick that it opens: anew where the pick closes before that,
   *  as it does when a window that is still loading moves its focus. */
  async runAndPick(title: string, label: string): Promise<void> {
    const row = this.quickPickRow(label);
    for (const deadline = Date.now() + 120_000; ; ) {
      await this.runCommand(title);
      if ((await shows(row, 10_000)) && (await row.click({ timeout: 10_000 }).then(yes, no))) return;
      assert.ok(Date.now() < deadline, `"${title}" does not offer "${label}"`);
      await this.page.keyboard.press('Escape');
    }
  }

  private quickPickRow(label: string): Locator {
    return this.quickInput.locator('.monaco-list-row').filter({ hasText: label }).first();
  }

  /** Types into the quick pick or input box whose title or placeholder says `asked`, and confirms: one that is
   *  about to close would take the words otherwise. */
  async answer(asked: string, text: string): Promise<void> {
    const input = this.quickInput.locator('input[type="text"]').first();
    await this.quickInput.getByText(asked).or(this.quickInput.getByPlaceholder(asked)).first().waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  notification(text: string): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** Opens a view container by its title in the activity bar. */
  async openContainer(title: string): Promise<void> {
    const item = this.page.locator(`.part.activitybar .action-item a[aria-label^="${title}"]`);
    await item.click();
    await this.page.locator('.part.sidebar .composite.title').filter({ hasText: title }).waitFor();
  }

  /** The page inside a webview; VS Code nests it in two frames. The n-th one, if several show. */
  webview(nth = 0): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').nth(nth).frameLocator('iframe#active-frame');
  }

  /** The page inside the editor that is shown: a table of ours, a rendered document. */
  editorPage(): FrameLocator {
    return this.page
      .frameLocator('iframe.webview.ready:visible:not([src*="purpose=webviewView"])')
      .frameLocator('iframe#active-frame');
  }

  /** That page's own frame, to look at it from inside. */
  async editorFrame(): Promise<Frame> {
    const element = await this.editorPage().locator('html').elementHandle();
    const frame = await element?.ownerFrame();
    assert.ok(frame, 'the editor shows no page');
    return frame;
  }

  async closeEditors(): Promise<void> {
    await this.runCommand('View: Close All Editors');
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.quickInput.locator('input[type="text"]').first().fill(name);
    await this.pick(name);
    await this.page.locator('.editor-group-container .tab').filter({ hasText: name }).waitFor();
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.answer('Select Color Theme', themes[theme]);
    await this.page.locator(`.monaco-workbench.${themeKinds[theme]}`).first().waitFor();
  }

  /** Drags the side bar's edge until the side bar is `width` CSS pixels wide. */
  async resizeSideBar(width: number): Promise<void> {
    const sideBar = this.page.locator('.part.sidebar');
    const before = await boxOf(sideBar);
    const y = before.y + before.height / 2;
    await this.page.mouse.move(before.x + before.width, y);
    await this.page.mouse.down();
    await this.page.mouse.move(before.x + width, y, { steps: 5 });
    await this.page.mouse.up();
    // Off the edge and the list, so that no screenshot shows them highlighted.
    await this.page.mouse.move(before.x + width / 2, 2);
    await this.page.locator('.monaco-sash.hover, .monaco-sash.active').first().waitFor({ state: 'detached' });
    const after = await boxOf(sideBar);
    assert.ok(Math.abs(after.width - width) <= 1, `the side bar is ${after.width} px wide, not ${width}`);
  }

  /** Saves `.artifacts/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    const folder = join(artifactsRoot, 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  }
}

const yes = (): boolean => true;
const no = (): boolean => false;

async function shows(part: Locator, milliseconds: number): Promise<boolean> {
  try {
    await part.waitFor({ timeout: milliseconds });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}

async function boxOf(part: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await part.boundingBox();
  assert.ok(box, 'the part is not shown');
  return box;
}
