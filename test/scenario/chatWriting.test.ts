import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../hosts/chromium.ts';
import { seriousDefects } from './axe.ts';
import { ChatPage } from './chatPage.ts';
import { scenes } from './chatScenes.ts';

suite('writing in the chat', () => {
  let browser: Browser;
  let chat: ChatPage;

  suiteSetup(async () => {
    browser = await launchChromium();
  });

  setup(async () => {
    chat = await ChatPage.open(browser, 'light', 400);
    await chat.show(scenes.adopted);
  });

  teardown(() => chat.page.close());
  suiteTeardown(() => browser?.close());

  const box = () => chat.page.getByLabel('Feedback to the agents');

  test('a slash lists what can be done, the arrows choose, and it is done', async () => {
    await box().pressSequentially('/re');
    const options = chat.page.getByRole('option');
    assert.deepEqual(await options.locator('.label').allInnerTexts(), ['/review', '/results', '/report', '/retry']);
    await chat.screenshot('chat-light-400-slash');
    await chat.page.keyboard.press('ArrowDown');
    await chat.page.keyboard.press('Enter');
    assert.equal(await box().inputValue(), '/results');
    await chat.page.keyboard.press('Enter');
    await chat.heard({ type: 'command', name: 'results' });
    assert.equal(await box().inputValue(), '');
  });

  test('an at sign asks what can be meant, and what is chosen takes the place of the word', async () => {
    await box().pressSequentially('look at @tr');
    await chat.heard({ type: 'askMentions', word: 'tr' });
    const found = [{ insert: '@train.py ', label: '@train.py', detail: 'file' }];
    await chat.post({ type: 'mentions', word: 'tr', found });
    await chat.page.getByRole('option', { name: '@train.py' }).waitFor();
    await chat.page.keyboard.press('Tab');
    assert.equal(await box().inputValue(), 'look at @train.py ');
    await box().pressSequentially('please');
    await chat.page.keyboard.press('Enter');
    await chat.heard({ type: 'say', text: 'look at @train.py please' });
  });

  test('code has its colours, a formula is one, and a table is a table, once they are fetched', async () => {
    await chat.page.locator('.code .hljs-keyword').first().waitFor();
    await chat.page.locator('math mfrac').first().waitFor();
    assert.deepEqual(await chat.page.locator('.prose th').allInnerTexts(), ['arm', 'accuracy']);
    await chat.screenshot('chat-light-400-prose');
    assert.deepEqual(await seriousDefects(chat.page.mainFrame()), []);
  });

  test('what was taken over can be given back, and what conflicts can be merged', async () => {
    await chat.page.getByRole('button', { name: 'Merge evaluate.py' }).click();
    await chat.heard({ type: 'mergeFile', path: 'evaluate.py' });
    await chat.page.getByRole('button', { name: 'Measure this' }).click();
    await chat.heard({ type: 'measureNow' });
    await chat.page.getByRole('button', { name: 'Undo' }).click();
    await chat.heard({ type: 'undoAdoption' });
  });
});
