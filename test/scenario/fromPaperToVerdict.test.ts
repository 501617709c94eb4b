import { strict as assert } from 'node:assert';
import { ChatFrame } from './chatFrame.ts';
import { endWithEngine, exampleRepository, RECORDED } from './experimentWorkspace.ts';
import { pageDefects } from './pageDefects.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Theme, Workbench } from './workbench.ts';

/** Twenty real runs, and as many evaluations, on two busy cores. Milliseconds. */
const MEASURING = 900_000;

suite('from a paper to a verdict, with a recorded model', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;
  let chat: ChatFrame;

  suiteSetup(async () => {
    folder = await exampleRepository('digits');
    host = await ScenarioHost.start({ name: 'scenario-whole', settings: RECORDED });
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => endWithEngine(host, folder));

  test('a paper is chosen from the palette', async () => {
    await workbench.runCommand('MLR Copilot: Generate Research Idea');
    await workbench.pick('last-example.pdf');
    await chat.entries('paper').waitFor();
  });

  test('an idea is chosen among the cards', async () => {
    await chat.entries('ideas').waitFor();
    await workbench.screenshot('whole-ideas');
    await chat.content
      .locator('.card')
      .nth(await bestIdea(chat))
      .getByRole('button', { name: 'Try this' })
      .click();
    await chat.content.locator('.card.chosen').waitFor();
  });

  test('the plan is approved and a change accepted after a look at it', async () => {
    await chat.press('Go ahead');
    await chat.entries('changes').first().waitFor({ timeout: 200_000 });
    await chat.press('Show');
    await workbench.page.locator('.multiDiffEntry, .multi-diff-editor').first().waitFor();
    await workbench.screenshot('whole-changes');
    await chat.press('Accept all');
  });

  test('runs fill in, a failed one is mended, and the verdict is measured', async function () {
    this.timeout(MEASURING + 30_000);
    const verdict = chat.entries('verdict');
    for (const deadline = Date.now() + MEASURING; (await verdict.count()) === 0; ) {
      assert.ok(Date.now() < deadline, 'no verdict came');
      await answerWhateverIsAsked(chat);
      await workbench.page.waitForTimeout(500);
    }
    await workbench.screenshot('whole-verdict');
    assert.match((await verdict.innerText()).toLowerCase(), /verdict (supported|refuted|inconclusive)/);
    assert.ok((await chat.entries('runs').locator('td button').count()) >= 2);
  });

  for (const theme of ['dark', 'light'] satisfies Theme[]) {
    test(`all of it can be read in the ${theme} theme at every side bar width`, async () => {
      await workbench.setTheme(theme);
      const defects: string[] = [];
      for (const width of [280, 400, 800]) {
        await workbench.resizeSideBar(width);
        await workbench.screenshot(`whole-${theme}-${width}`);
        defects.push(...(await pageDefects(await chat.frame(), await chat.backdrop())));
      }
      assert.deepEqual(defects, []);
    });
  }
});

/** The place of the card with the highest sum of scores: the one the recorded agents went on with. */
async function bestIdea(chat: ChatFrame): Promise<number> {
  const sums = await chat.content
    .locator('.card')
    .evaluateAll((cards) =>
      cards.map((card) =>
        [...card.querySelectorAll('.scores dd')].reduce((sum, score) => sum + Number(score.textContent), 0),
      ),
    );
  return sums.indexOf(Math.max(...sums));
}

/** A repair is accepted; the measured change is left on its branch. */
async function answerWhateverIsAsked(chat: ChatFrame): Promise<void> {
  for (const name of ['Accept all', /^Leave it on/]) {
    const button = chat.content.getByRole('button', { name, disabled: false });
    if ((await button.count()) > 0) await button.last().click();
  }
}
