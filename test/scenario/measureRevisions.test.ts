import { strict as assert } from 'node:assert';
import { ChatFrame } from './chatFrame.ts';
import { endWithEngine, enginePid, experimentWorkspace } from './experimentWorkspace.ts';
import { pageDefects } from './pageDefects.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Theme, Workbench } from './workbench.ts';

/** Letters on a canvas cannot be read from outside. */
const terminalAsText = { 'terminal.integrated.gpuAcceleration': 'off' };

suite('Measure Revisions', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;
  let chat: ChatFrame;

  suiteSetup(async () => {
    folder = await experimentWorkspace();
    host = await ScenarioHost.start({
      name: 'scenario-measure',
      settings: { 'mlr.unconfined': true, ...terminalAsText },
    });
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => endWithEngine(host, folder));

  test('goes from the palette to a verdict, runs filling in', async () => {
    await workbench.runCommand('MLR Copilot: Measure Revisions');
    await workbench.quickInput.getByText('the baseline (1/2)').waitFor();
    await workbench.pick('main');
    await workbench.quickInput.getByText('the variant (2/2)').waitFor();
    await workbench.pick('better');
    await chat.reads(/\d+ of 10 runs ended/);
    await workbench.screenshot('measure-runs');
    await chat.entries('verdict').waitFor({ timeout: 90_000 });
    await workbench.screenshot('measure-verdict');
    assert.match((await chat.entries('verdict').innerText()).toLowerCase(), /verdict supported/);
  });

  test('shows what a run printed in a terminal', async () => {
    await chat.press(/^baseline, seed \d+/);
    const lines = workbench.page.locator('.terminal-wrapper .xterm-rows');
    await lines.filter({ hasText: 'epoch 1 loss 0.5' }).filter({ hasText: 'The run has ended.' }).waitFor();
    await workbench.screenshot('measure-terminal');
  });

  for (const theme of ['dark', 'light'] satisfies Theme[]) {
    test(`can be read in the ${theme} theme at every side bar width`, async () => {
      await workbench.setTheme(theme);
      const defects: string[] = [];
      for (const width of [280, 400, 800]) {
        await workbench.resizeSideBar(width);
        await workbench.screenshot(`chat-in-window-${theme}-${width}`);
        defects.push(...(await pageDefects(await chat.frame(), await chat.backdrop())));
      }
      assert.deepEqual(defects, []);
    });
  }

  test('is there again after the window is reloaded, with the same engine', async () => {
    const before = await enginePid(folder);
    await workbench.page.reload();
    await workbench.page.locator('.part.statusbar .statusbar-item').first().waitFor();
    await workbench.runAndPick('MLR Copilot: Show Session', 'better against main');
    await chat.entries('verdict').waitFor();
    assert.equal(await enginePid(folder), before);
    assert.notEqual(before, undefined);
  });
});
