import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { scriptedEndpoint } from '../integration/session/scriptedEndpoint.ts';
import type { ChatServer } from '../unit/models/chatServer.ts';
import { ChatFrame } from './chatFrame.ts';
import { endWithEngine } from './experimentWorkspace.ts';
import { guessing, guessingWorkspace, ONLY_WIDTH } from './guessingWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Workbench } from './workbench.ts';

const STEERING = 'Leave the width alone and mend the trainer.';
const COMMENT = 'Why twenty and not thirty?';

suite('reviewing changes in the editor', () => {
  let host: ScenarioHost;
  let folder: string;
  let endpoint: ChatServer;
  let workbench: Workbench;
  let chat: ChatFrame;

  let isMending = false;
  let goOn: () => void = () => undefined;
  /** The agent that mends a failed run waits here, so that one can speak to it. */
  const beforeLook = () => {
    isMending = true;
    return new Promise<void>((resolve) => {
      goOn = resolve;
    });
  };

  suiteSetup(async () => {
    folder = await guessingWorkspace();
    endpoint = await scriptedEndpoint(guessing(beforeLook));
    host = await ScenarioHost.start({
      name: 'scenario-review',
      settings: { 'mlr.model': 'scripted', 'mlr.baseUrl': endpoint.baseUrl, 'mlr.unconfined': true },
      env: { MLR_API_KEY: 'none' },
    });
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
    await workbench.runCommand('MLR Copilot: Generate Research Idea');
    await workbench.pick('higher.md');
    await chat.press('Go ahead');
    await chat.entries('changes').waitFor({ timeout: 60_000 });
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(async () => {
    await endWithEngine(host, folder);
    await endpoint.close();
  });

  test('a comment on a hunk reaches the agent', async () => {
    await chat.press('Review in editor');
    await lens('Hunk 1 of 4').waitFor();
    await workbench.screenshot('review-proposal');
    await lens('Comment').first().click();
    const thread = workbench.page.locator('.review-widget');
    await thread.locator('.monaco-editor').first().click();
    await workbench.page.keyboard.type(COMMENT);
    await thread.getByRole('button', { name: 'Send to the Agents' }).click();
    await chat.reads(COMMENT);
    await workbench.screenshot('review-comment');
    const before = endpoint.received.length;
    await workbench.runCommand('MLR Copilot: Ask for Other Changes');
    await workbench.answer('What should be different?', 'See my comments on the hunks.');
    await until('the agent to be asked again', () => endpoint.received.length > before);
    assert.ok(JSON.stringify(endpoint.received.at(-1)?.body).includes(COMMENT));
    await chat.entries('changes').nth(1).waitFor({ timeout: 60_000 });
  });

  test('hunk 2 of 3 accepted by its inline button, the others and a file rejected: the variant is exactly that', async () => {
    const { page } = workbench;
    await chat.press('Review in editor');
    await lens('Hunk 1 of 4').waitFor();
    await page.keyboard.press('Alt+F5');
    await lens('Hunk 2 of 4').waitFor();
    await page.keyboard.press('Alt+F5');
    await lens('Hunk 3 of 4').waitFor();
    const accept = page
      .locator('.zone-widget')
      .filter({ hasText: /MLR Copilot - 2 of 3 changes/ })
      .locator('.codicon-check');
    // The editor compares a moment after it shows a file; until then there is nothing to open. Each look begins at the
    // cursor again: one more press would go on to the next hunk.
    for (let tries = 0; tries < 15 && !(await isInWindow(accept)); tries++) {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Alt+F3');
      await page.waitForTimeout(1000);
    }
    await workbench.screenshot('review-inline');
    await accept.click();
    await lens('Accepted').waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+Shift+G');
    const row = page.locator('.scm-view .monaco-list-row').filter({ hasText: 'notes.txt' });
    await row.hover();
    await workbench.screenshot('review-source-control');
    await row.locator('.codicon-close').click();

    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Alt+F5');
    await page.locator('.statusbar-item').filter({ hasText: 'Ln 37' }).waitFor();
    await page.keyboard.press('Control+Backspace');
    await lens('3 of 4 hunks decided').waitFor();
    await page.keyboard.press('Control+Backspace');
    await lens('4 of 4 hunks decided').waitFor();
    await page.keyboard.press('Control+z');
    await lens('3 of 4 hunks decided').waitFor();
    await page.keyboard.press('Control+Backspace');
    await lens('Go On with 1 of 4 Hunks').waitFor();
    await workbench.screenshot('review-decided');
    await page.keyboard.press('Control+Shift+Enter');
    await until('the variant', () => show('sizes.py') === ONLY_WIDTH);
    assert.equal(show('notes.txt'), 'Guess low.\n');
  });

  test('words said while a failed run is mended are in the very next request', async () => {
    await workbench.openContainer('MLR Copilot');
    await until('the run to be mended', () => isMending);
    await chat.say(STEERING);
    await chat.reads('You (not heard yet)');
    const before = endpoint.received.length;
    goOn();
    await until('the next request', () => endpoint.received.length > before);
    assert.ok(JSON.stringify(endpoint.received[before]?.body).includes(STEERING));
  });

  test('a paused session, a reloaded window: what was not sent is still there, and work goes on', async () => {
    const { page } = workbench;
    await chat.content.getByLabel('Feedback to the agents').fill('half a thought');
    await page.waitForTimeout(500);
    await chat.press('Pause');
    await chat.reads('Paused by researcher.');
    await page.reload();
    await page.locator('.part.statusbar .statusbar-item').first().waitFor();
    await workbench.openContainer('MLR Copilot');
    await chat.reads('Paused by researcher.');
    assert.equal(await chat.content.getByLabel('Feedback to the agents').inputValue(), 'half a thought');
    await workbench.screenshot('review-reloaded');
    const before = endpoint.received.length;
    await chat.press('Resume');
    await until('the agent to be asked again', () => endpoint.received.length > before);
    await chat.press('Stop');
    await chat.reads('Stopped by researcher.');
  });

  /** A file as the variant's branch holds it. */
  function show(path: string): string {
    const [branch = ''] = git('branch', '--list', 'mlr/*', '--format=%(refname:short)').split('\n');
    return git('show', `${branch}:${path}`);
  }

  function git(...args: string[]): string {
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
  }

  function lens(text: string): Locator {
    return workbench.page.locator('.codelens-decoration a, .codelens-decoration span').filter({ hasText: text });
  }
});

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !holds(); await sleep(50)) assert.ok(Date.now() < deadline, what);
}

/** Whether it is drawn where a mouse could reach it. */
async function isInWindow(one: Locator): Promise<boolean> {
  if ((await one.count()) === 0) return false;
  const box = await one.boundingBox();
  const size = one.page().viewportSize();
  return box !== null && size !== null && box.x >= 0 && box.y >= 0 && box.x < size.width && box.y < size.height;
}
