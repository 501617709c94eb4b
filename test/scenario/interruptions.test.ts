import { strict as assert } from 'node:assert';
import type { Locator } from 'playwright-core';
import { ChatFrame } from './chatFrame.ts';
import {
  endWithEngine,
  enginePid,
  enginesOf,
  experimentWorkspace,
  followersOf,
  loggedEvents,
  recordsOf,
  untilSome,
} from './experimentWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Workbench } from './workbench.ts';

suite('While runs go on', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;
  let chat: ChatFrame;
  let engine: number | undefined;
  let terminal: Locator;

  suiteSetup(async () => {
    folder = await experimentWorkspace(6, 'prepare: "echo Nothing is to be installed"\n');
    host = await ScenarioHost.start({
      name: 'scenario-interruptions',
      settings: { 'mlr.unconfined': true, 'terminal.integrated.gpuAcceleration': 'off' },
    });
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
    terminal = workbench.page.locator('.terminal-wrapper.active .xterm-rows');
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

  test('the command that prepares them is seen at work in a terminal of its own, and their loss in chat and tree', async () => {
    await terminal.filter({ hasText: 'Nothing is to be installed' }).waitFor();
    await chat.content.locator('.pulses').getByText('epoch 1').first().waitFor();
    await workbench.screenshot('prepared-in-terminal');
    await workbench.runCommand('Terminal: Kill All Terminals');
  });

  test('a terminal that is closed, and a follower that is killed, stop nothing', async () => {
    const [run = ''] = await followLiveRun();
    const [follower] = await untilSome(() => followersOf(folder));
    assert.ok(follower);
    process.kill(follower, 'SIGKILL');
    await terminal.filter({ hasText: 'it goes on. Enter follows it again.' }).waitFor();
    await workbench.screenshot('run-terminal-killed');
    await workbench.runCommand('Terminal: Kill All Terminals');
    await terminal.waitFor({ state: 'detached' });
    await untilSome(async () => ((await recordsOf(folder)).get(run) === 'finished' ? [run] : []));
    assert.deepEqual(await followersOf(folder), []);
  });

  test('Ctrl-C in the terminal of a run stops that run, as the researcher', async () => {
    const stopped = await untilSome(async () => {
      const [run = ''] = await followLiveRun();
      await terminal.filter({ hasText: 'epoch 1 loss 0.5' }).waitFor();
      await workbench.page.locator('.terminal-wrapper.active textarea').focus();
      await workbench.page.keyboard.press('Control+C');
      await terminal.filter({ hasText: 'The run has ended.' }).waitFor();
      // One that had ended before the key arrived was stopped by nobody.
      return (await recordsOf(folder)).get(run) === 'stopped by researcher' ? [run] : [];
    });
    assert.equal(stopped.length, 1);
    assert.match(await terminal.innerText(), /was stopped by researcher/);
    await workbench.screenshot('run-terminal-stopped');
    await workbench.runCommand('Terminal: Kill All Terminals');
  });

  test('a reloaded window finds them again, with the same engine', async () => {
    await reloaded();
    await chat.reads(/\d+ of 10 runs ended/);
    assert.deepEqual(await enginesOf(folder), [engine]);
  });

  test('an extension host that is killed stops nothing: the reloaded window finds the same engine', async () => {
    process.kill(await host.extensionHost(), 'SIGKILL');
    await reloaded();
    await chat.reads(/\d+ of 10 runs ended/);
    assert.deepEqual(await enginesOf(folder), [engine]);
  });

  test('a browser that is killed stops nothing: the next window sees the verdict of one engine and one session', async () => {
    await host.crashBrowser();
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
    await workbench.runAndPick('MLR Copilot: Show Session', 'better against main');
    await chat.entries('verdict').waitFor({ timeout: 90_000 });
    await workbench.screenshot('after-killed-browser');
    assert.deepEqual(await enginesOf(folder), [engine]);
    const logged = await loggedEvents(folder);
    assert.deepEqual([logged['session.started'], logged.registered, logged.measured], [1, 1, 1]);
    assert.equal(logged['session.resumed'], undefined);
  });

  async function reloaded(): Promise<void> {
    await workbench.page.reload();
    await workbench.page.locator('.part.statusbar .statusbar-item').first().waitFor();
    await workbench.runAndPick('MLR Copilot: Show Session', 'better against main');
  }

  /** Opens the terminal of the run that goes on. @returns its id */
  async function followLiveRun(): Promise<string[]> {
    const live = await untilSome(async () => idsOf(await recordsOf(folder), 'running'));
    await chat.press(/: running; follow the run/);
    await terminal.filter({ hasText: 'Ctrl-C stops the run; closing this terminal does not.' }).waitFor();
    return live;
  }
});

function idsOf(records: ReadonlyMap<string, string>, state: string): string[] {
  return [...records].flatMap(([id, one]) => (one === state && !id.includes('-evaluate') ? [id] : []));
}
