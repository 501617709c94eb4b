import { strict as assert } from 'node:assert';
import { ChatFrame } from './chatFrame.ts';
import { endWithEngine, enginePid, enginesOf, experimentWorkspace, loggedEvents } from './experimentWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Workbench } from './workbench.ts';

suite('While runs go on', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;
  let chat: ChatFrame;
  let engine: number | undefined;

  suiteSetup(async () => {
    folder = await experimentWorkspace(4);
    host = await ScenarioHost.start({ name: 'scenario-interruptions', settings: { 'mlr.unconfined': true } });
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
    await workbench.runCommand('MLR Copilot: Measure Revisions');
    await workbench.quickInput.getByText('the baseline (1/2)').waitFor();
    await workbench.pick('main');
    await workbench.quickInput.getByText('the variant (2/2)').waitFor();
    await workbench.pick('better');
    await chat.reads(/\d+ of 10 runs ended/);
    engine = await enginePid(folder);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => endWithEngine(host, folder));

  test('a reloaded window finds them again, with the same engine', async () => {
    await workbench.page.reload();
    await workbench.page.locator('.part.statusbar .statusbar-item').first().waitFor();
    await workbench.runCommand('MLR Copilot: Show Session');
    await workbench.pick('better against main');
    await chat.reads(/\d+ of 10 runs ended/);
    assert.deepEqual(await enginesOf(folder), [engine]);
  });

  test('a browser that is killed stops nothing: the next window sees the verdict of one engine and one session', async () => {
    await host.crashBrowser();
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
    await workbench.runCommand('MLR Copilot: Show Session');
    await workbench.pick('better against main');
    await chat.entries('verdict').waitFor({ timeout: 90_000 });
    await workbench.screenshot('after-killed-browser');
    assert.deepEqual(await enginesOf(folder), [engine]);
    const logged = await loggedEvents(folder);
    assert.deepEqual([logged['session.started'], logged.registered, logged.measured], [1, 1, 1]);
    assert.equal(logged['session.resumed'], undefined);
  });
});
