import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seriousDefects } from './axe.ts';
import { ChatFrame } from './chatFrame.ts';
import { endWithEngine, exampleRepository, RECORDED, untilSome } from './experimentWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Workbench } from './workbench.ts';

suite('Earlier decisions and sessions, with a recorded model', function () {
  // Each step stands on the one before.
  this.bail(true);
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;
  let chat: ChatFrame;
  let origin: string;

  const sessions = async (): Promise<string[]> =>
    (await readdir(join(folder, '.mlr', 'sessions'))).filter((name) => /^\d/.test(name)).sort();
  const logOf = (session: string): Promise<string> =>
    readFile(join(folder, '.mlr', 'sessions', session, 'events.jsonl'), 'utf8');

  suiteSetup(async () => {
    folder = await exampleRepository('digits');
    host = await ScenarioHost.start({ name: 'scenario-branch', settings: RECORDED });
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => endWithEngine(host, folder));

  test('a paper from the web is asked for by its name, and what is no name is said to be none', async () => {
    await workbench.runCommand('MLR Copilot: Generate Research Idea');
    await workbench.pick('From the web…');
    await workbench.answer('2408.14033', 'no name');
    await workbench.quickInput.getByText('That is no arXiv id, no DOI and no address').waitFor();
    await workbench.screenshot('paper-from-the-web');
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.waitFor({ state: 'detached' });
  });

  test('a paper is opened as it was read', async () => {
    await workbench.runCommand('MLR Copilot: Open Paper View');
    await workbench.pick('last-example.pdf');
    await workbench.editorPage().getByRole('heading', { level: 1, name: 'The Last Example' }).waitFor();
    await workbench.screenshot('paper-view-opened');
    assert.deepEqual(await seriousDefects(await workbench.editorFrame()), []);
    await workbench.closeEditors();
  });

  test('ideas are laid side by side in an editor, and one is chosen there', async () => {
    await workbench.runCommand('MLR Copilot: Generate Research Idea');
    await workbench.pick('last-example.pdf');
    await chat.entries('ideas').waitFor();
    await workbench.runCommand('MLR Copilot: Compare Ideas');
    await workbench.editorPage().getByRole('button', { name: 'Try this' }).first().click();
    await chat.content.locator('.card.chosen').waitFor();
    await chat.reads('Go ahead with this plan?');
    await workbench.screenshot('ideas-side-by-side');
    await workbench.closeEditors();
  });

  test('a decision is made anew in a session of its own, and the one before stays byte for byte', async () => {
    [origin = ''] = await sessions();
    const before = await logOf(origin);
    await chat.press('Decide anew');
    await chat.reads('Branched from');
    await chat.asks('Which idea shall be tried?');
    await workbench.screenshot('branched');
    assert.deepEqual(await seriousDefects(await chat.frame()), []);
    assert.equal((await sessions()).length, 2);
    assert.equal(await logOf(origin), before);
  });

  test('another idea is chosen there, and the earlier session is a click away', async () => {
    const buttons = chat.content.getByRole('button', { name: 'Try this' });
    await buttons.last().click();
    await chat.reads('Go ahead with this plan?');
    await chat.press('an earlier session');
    await chat.content.getByText('Branched from').waitFor({ state: 'detached' });
    await chat.reads('Go ahead with this plan?');
  });

  test('the palette lists the decisions, and one is gone on from', async () => {
    await workbench.runCommand('MLR Copilot: Branch Session');
    await workbench.quickInput.getByText('Decide anew: Which idea shall be tried?').waitFor();
    await workbench.screenshot('branch-from-palette');
    await workbench.pick('Go on from:');
    await chat.reads('stays as it was answered');
    await untilSome(async () => ((await sessions()).length === 3 ? ['it'] : []));
    await chat.reads('Go ahead with this plan?');
  });

  test('a session is found by what was said in it', async () => {
    await workbench.runCommand('MLR Copilot: Show Session');
    const input = workbench.quickInput.locator('input[type="text"]').first();
    await input.fill('no session says this');
    const rows = workbench.quickInput.locator('.monaco-list-row');
    await rows.first().waitFor({ state: 'detached' });
    await input.fill('perceptron shuffle');
    await rows
      .filter({ hasText: /(agent|idea|paper): .*(perceptron|shuffl)/i })
      .first()
      .waitFor();
    await workbench.screenshot('sessions-searched');
    await workbench.page.keyboard.press('Enter');
    await chat.reads('Go ahead with this plan?');
  });
});
