import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import type { ToHost } from '../../src/webview/messages.ts';
import { launchChromium } from '../hosts/chromium.ts';
import { ChatPage, chatThemes } from './chatPage.ts';
import { type Scene, scenes } from './chatScenes.ts';
import { pageDefects } from './pageDefects.ts';

suite('the chat page', () => {
  let browser: Browser;
  const open = new Set<ChatPage>();

  const show = async (scene: Scene, theme = chatThemes[0] ?? 'dark', width = 400): Promise<ChatPage> => {
    const chat = await ChatPage.open(browser, theme, width);
    open.add(chat);
    await chat.show(scene);
    return chat;
  };

  suiteSetup(async () => {
    browser = await launchChromium();
  });

  teardown(async () => {
    for (const chat of open) await chat.page.close();
    open.clear();
  });

  suiteTeardown(() => browser?.close());

  for (const theme of chatThemes) {
    for (const width of [280, 400, 800]) {
      test(`can be read in the ${theme} theme, ${width} pixels wide`, async () => {
        const defects: string[] = [];
        // Every page is looked at by the detector; pictures for people show each theme once and each width once.
        const pictured = theme === chatThemes[0] || width === 400;
        for (const [name, scene] of Object.entries(scenes)) {
          const chat = await show(scene, theme, width);
          if (pictured) await chat.screenshot(`chat-${theme}-${width}-${name}`);
          await chat.unfold();
          if (pictured) await chat.screenshot(`chat-${theme}-${width}-${name}-unfolded`);
          const found = await pageDefects(chat.page, chat.backdrop);
          defects.push(...found.map((defect) => `${name}: ${defect}`));
        }
        assert.deepEqual(defects, []);
      });
    }
  }

  test('is looked at by eyes that see a clipped word, an overlap and a faint colour', async () => {
    const chat = await show(scenes.choosing);
    const plant = (style: string) => chat.page.addStyleTag({ content: style });
    await plant('.entry.paper .title { display: block; width: 40px; white-space: nowrap; overflow: hidden }');
    await plant('.card button { position: absolute; top: 0; left: 0 } .notice p { color: rgb(90 90 90 / 60%) }');
    const kinds = (await pageDefects(chat.page, chat.backdrop)).map((defect) => defect.split(/[: ]/)[0]);
    assert.deepEqual([...new Set(kinds)].sort(), ['clipped', 'contrast', 'overlap']);
  });

  test('takes the words of models and papers as words, never as a page', async () => {
    for (const scene of Object.values(scenes)) {
      const chat = await show(scene);
      await chat.unfold();
      assert.equal(await chat.page.title(), 'chat');
      assert.equal(await chat.page.locator('#chat img, #chat script, #chat a').count(), 0);
    }
  });

  test('tries the idea whose button is pressed, once', async () => {
    const chat = await show(scenes.choosing);
    const button = chat.page.getByRole('button', { name: 'Try this: Average the weights' });
    const answer: ToHost = { type: 'answer', gate: 'chooseIdea', answer: { choice: 'average-last' } };
    await button.dblclick();
    await chat.heard(answer);
    // The second click's answer would have come by now.
    await chat.page.waitForTimeout(200);
    await chat.heard(answer);
    await chat.post({ type: 'refused' });
    await chat.page.getByRole('button', { name: 'Try this: Average the weights' }).click();
    await chat.heard(answer, 2);
  });

  test('begins a new session from a decision, once, by asking it again or by keeping its answer', async () => {
    const chat = await show(scenes.reviewing);
    const branches = chat.page.getByRole('group', { name: 'Begin a new session from “Which idea shall be tried?”' });
    const anew: ToHost = { type: 'branch', gate: 'chooseIdea', keepAnswer: false };
    await branches.getByRole('button', { name: 'Decide anew' }).dblclick();
    // The second click's request would have come by now.
    await chat.page.waitForTimeout(200);
    await chat.heard(anew);
    await chat.post({ type: 'refused' });
    await branches.getByRole('button', { name: 'Branch from here' }).click();
    await chat.heard({ ...anew, keepAnswer: true });
    await chat.page.getByRole('button', { name: 'an earlier session' }).click();
    await chat.heard({ type: 'showSession', session: '20260411-0900-d4e5f6' });
  });

  test('offers no branch from what one session owns', async () => {
    const chat = await show(scenes.measured);
    await chat.page.getByText('Accept these changes?').waitFor();
    assert.equal(await chat.page.getByRole('button', { name: 'Branch from here' }).count(), 1);
  });

  test('accepts all changes, or only the hunks that stay ticked', async () => {
    const whole = await show(scenes.reviewing);
    await whole.page.getByRole('button', { name: 'Accept all' }).click();
    await whole.heard({ type: 'answer', gate: 'reviewChanges-1', answer: { choice: 'accept' } });
    const part = await show(scenes.reviewing);
    await part.page.getByRole('checkbox', { name: 'Line 240' }).uncheck();
    await part.page.getByRole('button', { name: 'Accept 2 of 3 hunks' }).click();
    const answer = { choice: 'accept', hunks: ['h1', 'h3'] };
    await part.heard({ type: 'answer', gate: 'reviewChanges-1', answer });
  });

  test('asks for other changes only with words that say which', async () => {
    const chat = await show(scenes.reviewing);
    const ask = chat.page.getByRole('button', { name: 'Ask for changes' });
    assert.equal(await ask.isDisabled(), true);
    await chat.page.getByLabel('Or say what should be different').fill('keep the old weights too');
    await ask.click();
    const answer = { choice: 'revise', comment: 'keep the old weights too' };
    await chat.heard({ type: 'answer', gate: 'reviewChanges-1', answer });
  });

  test('sends feedback with Enter and begins a line with Shift+Enter', async () => {
    const chat = await show(scenes.choosing);
    await chat.page.getByLabel('Feedback to the agents').click();
    await chat.page.keyboard.type('one');
    await chat.page.keyboard.press('Shift+Enter');
    await chat.page.keyboard.type('two');
    await chat.page.keyboard.press('Enter');
    await chat.heard({ type: 'say', text: 'one\ntwo' });
    assert.equal(await chat.page.getByLabel('Feedback to the agents').inputValue(), '');
  });

  test('leads from a number to the run that produced it', async () => {
    const chat = await show(scenes.measured);
    await chat.page.getByRole('button', { name: 'baseline, seed 1290774112: 0.8712; follow the run' }).click();
    await chat.heard({ type: 'followRun', run: 'r0b' });
  });

  test('leads from a verdict to its table, and from a doubt to its acceptance', async () => {
    const chat = await show(scenes.measured);
    await chat.page.getByRole('button', { name: 'Open results table' }).click();
    await chat.heard({ type: 'openResults' });
    await chat.page.getByRole('button', { name: 'Accept the doubt seed-effect' }).click();
    await chat.heard({ type: 'acceptDoubt', check: 'seed-effect' });
  });

  test('fills in what happens without losing what is being typed', async () => {
    const chat = await show(scenes.choosing);
    const box = chat.page.getByLabel('Feedback to the agents');
    await box.fill('half a thought');
    const { head, items } = scenes.choosing;
    assert.ok(head);
    await chat.post({
      type: 'changed',
      head,
      items: [{ place: items.length, item: { kind: 'notice', text: 'Something new.' } }],
    });
    await chat.page.getByText('Something new.').waitFor();
    assert.equal(await box.inputValue(), 'half a thought');
  });

  test('can be used with the keyboard alone', async () => {
    const chat = await show(scenes.choosing);
    const wanted = await chat.page.locator('button:enabled, textarea, summary').count();
    const reached = new Set<string>();
    await chat.page.locator('body').focus();
    for (let i = 0; i < wanted + 5; i++) {
      await chat.page.keyboard.press('Tab');
      reached.add(
        await chat.page.evaluate(() => {
          const at = document.activeElement;
          return at?.matches('button, textarea, summary')
            ? String([...document.querySelectorAll('*')].indexOf(at))
            : '';
        }),
      );
    }
    reached.delete('');
    assert.equal(reached.size, wanted);
  });
});
