import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { ChatFrame } from './chatFrame.ts';
import { endWithEngine, exampleRepository, RECORDED } from './experimentWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Workbench } from './workbench.ts';

/** Twenty real runs, and as many evaluations, on two busy cores. Milliseconds. */
const MEASURING = 900_000;

suite('the whole way by keyboard alone, with a recorded model', function () {
  // Each step stands on the one before.
  this.bail(true);
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;
  let chat: ChatFrame;

  suiteSetup(async () => {
    folder = await exampleRepository('digits');
    host = await ScenarioHost.start({ name: 'scenario-keyboard', settings: RECORDED });
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
    forbidTheMouse(workbench);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => endWithEngine(host, folder));

  test('a paper is chosen in the palette', async () => {
    await workbench.command('MLR Copilot: Generate Research Idea');
    await workbench.quickInput.getByPlaceholder('Choose a paper').waitFor();
    await workbench.page.keyboard.type('last-example');
    await workbench.quickInput.locator('.monaco-list-row.focused').filter({ hasText: 'last-example.pdf' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await chat.entries('paper').waitFor({ timeout: 60_000 });
  });

  test('a key leads to the open question, and Tab to the idea that is tried', async () => {
    await chat.asks('Which idea shall be tried?');
    await chat.tabTo(`Try this: ${await bestIdea(chat)}`);
    await workbench.screenshot('keyboard-idea');
    await workbench.page.keyboard.press('Enter');
    await chat.content.locator('.card.chosen').waitFor();
  });

  test('the plan is approved', async () => {
    await chat.asks('Go ahead with this plan?');
    await chat.tabTo('Go ahead');
    await workbench.screenshot('keyboard-plan');
    await workbench.page.keyboard.press('Enter');
  });

  test('hunks are accepted one by one in the editor', async () => {
    await chat.asks('Accept these changes?');
    await chat.tabTo('Review in editor');
    await workbench.page.keyboard.press('Enter');
    const lens = workbench.page.locator('.codelens-decoration');
    const first = lens.getByText(/^Hunk 1 of \d+$/);
    await first.waitFor({ timeout: 60_000 });
    const [, all = ''] = /of (\d+)/.exec(await first.innerText()) ?? [];
    for (let accepted = 0; accepted < Number(all); accepted++) {
      await workbench.page.keyboard.press('Control+Enter');
      await lens.getByText('Accepted').nth(accepted).waitFor();
    }
    await workbench.screenshot('keyboard-hunks');
    await workbench.page.keyboard.press('Control+Shift+Enter');
    await chat.reads('Accepted.');
  });

  test('the verdict is seen and the variant adopted', async function () {
    this.timeout(MEASURING + 60_000);
    for (const deadline = Date.now() + MEASURING; (await chat.entries('verdict').count()) === 0; ) {
      assert.ok(Date.now() < deadline, 'no verdict came');
      // The repair of a failed run is a question too.
      if ((await chat.button('Accept all').count()) > 0) {
        await chat.asks(/^Accept th/);
        await chat.tabTo('Accept all');
        await workbench.page.keyboard.press('Enter');
      }
      await workbench.page.waitForTimeout(500);
    }
    await chat.asks('Take the variant over into your working tree?');
    await chat.tabTo('Take it over into my files');
    await workbench.screenshot('keyboard-verdict');
    await workbench.page.keyboard.press('Enter');
    await chat.entries('adoption').waitFor({ timeout: 60_000 });
    await workbench.screenshot('keyboard-adopted');
    const changed = execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' });
    assert.match(changed, /^ M \S+\.py$/m);
  });
});

/** A look at an element is no use of the mouse; whoever presses one ends the test. */
function forbidTheMouse({ page }: Workbench): void {
  for (const name of ['click', 'down', 'move', 'wheel', 'dblclick'] as const) {
    page.mouse[name] = () => Promise.reject(new Error(`the mouse was used: ${name}`));
  }
}

/** The title of the idea that the recorded agents went on with: the one with the highest sum of scores. */
async function bestIdea(chat: ChatFrame): Promise<string> {
  const cards = await chat.content.locator('.card').evaluateAll((all) =>
    all.map((card) => ({
      title: card.querySelector('h3')?.textContent ?? '',
      sum: [...card.querySelectorAll('.scores dd')].reduce((sum, score) => sum + Number(score.textContent), 0),
    })),
  );
  return cards.reduce((best, card) => (card.sum > best.sum ? card : best)).title;
}
