import type { Frame, FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** What an agent or a run needs may take this long on two busy cores. Milliseconds. */
const PATIENCE = 200_000;
/** Stops of the Tab key between a question and its last button. */
const MOST_STOPS = 60;

/** The chat inside the window: what a researcher reads there, and presses. */
export class ChatFrame {
  private readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
  }

  get content(): FrameLocator {
    return this.workbench.webview();
  }

  /** Waits until the chat says something. */
  async reads(text: string | RegExp): Promise<void> {
    await this.content.locator('#chat').getByText(text).first().waitFor({ timeout: PATIENCE });
  }

  /** Presses a button by its name, once it can be pressed. */
  async press(name: string | RegExp): Promise<void> {
    await this.button(name).click({ timeout: PATIENCE });
  }

  button(name: string | RegExp): Locator {
    return this.content.getByRole('button', { name }).last();
  }

  /** Waits until a question is asked, and goes there by its key. */
  async asks(question: string | RegExp): Promise<void> {
    const heading = this.content.locator('.question').filter({ hasText: question }).last();
    await heading.waitFor({ timeout: PATIENCE });
    await this.workbench.page.keyboard.press('Control+K');
    await this.workbench.page.keyboard.press('Control+Enter');
    await heading.and(this.content.locator(':focus')).waitFor();
  }

  /** Presses Tab until a button has the keyboard. */
  async tabTo(name: string): Promise<void> {
    const goal = this.button(name).and(this.content.locator(':focus'));
    for (let presses = 0; (await goal.count()) === 0; presses++) {
      if (presses === MOST_STOPS) throw new Error(`Tab does not lead to the button "${name}"`);
      await this.workbench.page.keyboard.press('Tab');
    }
  }

  /** Writes to the agents. */
  async say(text: string): Promise<void> {
    const box = this.content.getByLabel('Feedback to the agents');
    await box.fill(text);
    await box.press('Enter');
  }

  /** What happened, of one kind: `ideas`, `changes`, `runs`, `verdict`, … */
  entries(kind: string): Locator {
    return this.content.locator(`.entry.${kind}`);
  }

  /** The page's own frame, to look at it from inside. */
  async frame(): Promise<Frame> {
    const element = await this.workbench.page
      .frameLocator('iframe.webview.ready')
      .first()
      .locator('iframe#active-frame')
      .elementHandle();
    const frame = await element?.contentFrame();
    if (!frame) throw new Error('the chat shows no page');
    return frame;
  }

  /** The colour of the side bar behind the page. */
  backdrop(): Promise<string> {
    const sideBar = this.workbench.page.locator('.part.sidebar');
    return sideBar.evaluate((element) => getComputedStyle(element).backgroundColor);
  }
}
