import { strict as assert } from 'node:assert';
import type { Browser, Page } from 'playwright-core';
import type { Gate, Idea, ToIdeas } from '../../src/webview/messages.ts';
import { launchChromium } from '../hosts/chromium.ts';
import { seriousDefects } from './axe.ts';
import { backdropOf, keepView, openEditorPage, type PageTheme, pageThemes, tellPage } from './barePage.ts';
import { hostile, ideas, proposed } from './ideaScenes.ts';
import { pageDefects } from './pageDefects.ts';

const [averaging, jitter] = ideas as [Idea, Idea];
const third: Idea = {
  ...averaging,
  id: 'margin',
  title: 'Update on small margins too',
  hypothesis: 'A perceptron that also learns from digits which it classified by a small margin generalizes better.',
  scores: { clarity: 4, validity: 3, rigor: 5, innovativeness: 3, generalizability: 2, feasibility: 4 },
};
const item = { ...proposed, ideas: [averaging, { ...jitter, rationale: hostile }, third] };
const gate: Gate = {
  id: 'chooseIdea',
  kind: 'chooseIdea',
  question: 'Which idea shall be tried?',
  detail: '',
  options: [
    ...item.ideas.map(({ id, title }) => ({ choice: id, label: title })),
    { choice: 'revise', label: 'Others: say what should be different' },
  ],
};
const shown: ToIdeas = { type: 'ideas', session: 's', title: 'Ideas from “The Last Example”', item, gate };

suite('the page of ideas side by side', () => {
  let browser: Browser;
  let page: Page;
  let said: unknown[];

  const show = async (theme: PageTheme, width: number): Promise<void> => {
    said = [];
    page = await openEditorPage(browser, { name: 'ideas', theme, size: { width, height: 900 } }, (message) => {
      said.push(message);
    });
    await tellPage(page, shown);
  };

  suiteSetup(async () => {
    browser = await launchChromium();
  });

  teardown(() => page?.close());
  suiteTeardown(() => browser?.close());

  for (const theme of pageThemes) {
    for (const width of [400, 800, 1100, 1400]) {
      test(`can be read in the ${theme} theme, ${width} pixels wide`, async () => {
        await show(theme, width);
        await keepView(page, `ideas-${theme}-${width}`);
        const defects = await pageDefects(page, backdropOf('ideas', theme));
        // It scrolls as a whole.
        assert.deepEqual(
          defects.filter((defect) => !defect.startsWith('clipped: div#ideas')),
          [],
        );
        assert.deepEqual(await seriousDefects(page.mainFrame()), []);
        await page.locator('#ideas').evaluate((element) => element.scrollBy(0, 900));
        await keepView(page, `ideas-${theme}-${width}-below`);
      });
    }
  }

  test('stands in columns where there is room, their titles staying above, and in cards where there is none', async () => {
    await show('dark', 1100);
    assert.equal(await page.getByRole('columnheader').count(), 3);
    const heading = page.getByRole('columnheader', { name: averaging.title });
    await page.locator('#ideas').evaluate((element) => element.scrollBy(0, 900));
    assert.equal((await heading.boundingBox())?.y, 0);
    await page.setViewportSize({ width: 400, height: 900 });
    await page.getByRole('article', { name: averaging.title }).waitFor();
    assert.equal(await page.getByRole('columnheader').count(), 0);
  });

  test('says of each idea why its scores are so, what is closest to it and what it would cost', async () => {
    await show('light', 1100);
    for (const words of [
      'The flatness is assumed, not measured.',
      'Acceleration of stochastic approximation by averaging',
      'Ten pairs of half a second each.',
      'The last epochs may lie too close together.',
      'Which weights to average: a suffix may do better in short training.',
    ])
      assert.ok((await page.getByText(words).count()) > 0, words);
  });

  test('answers the question once, by keyboard, and again only where the answer was refused', async () => {
    await show('dark', 1100);
    const button = page.getByRole('button', { name: `Try this: ${third.title}` });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const answer = { type: 'answer', gate: 'chooseIdea', answer: { choice: 'margin' } };
    await page.waitForTimeout(100);
    assert.deepEqual(said, [{ type: 'ready' }, answer]);
    await tellPage(page, { type: 'refused' });
    await button.click();
    await page.waitForTimeout(100);
    assert.deepEqual(said.slice(1), [answer, answer]);
    await tellPage(page, { ...shown, gate: null, item: { ...item, chosen: 'margin' } });
    assert.equal(await page.getByRole('button', { name: /^Try this/ }).count(), 0);
    await page.getByText('Chosen: Update on small margins too').waitFor();
  });

  test('takes the words of models as words, never as a page', async () => {
    await show('dark', 1100);
    assert.equal(await page.title(), 'ideas');
    assert.equal(await page.locator('#ideas img, #ideas script, #ideas a').count(), 0);
  });
});
