import { strict as assert } from 'node:assert';
import { endWithEngine, exampleRepository } from './experimentWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Workbench } from './workbench.ts';

suite('Search Workspace', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;

  suiteSetup(async () => {
    folder = await exampleRepository('digits');
    host = await ScenarioHost.start({ name: 'scenario-search' });
    workbench = await host.open(folder);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => endWithEngine(host, folder));

  test('answers while a person types, and opens the definition at its line', async () => {
    await workbench.runCommand('MLR Copilot: Search Workspace');
    const picker = workbench.page.locator('.quick-input-widget');
    await picker.getByText(/\d+ definitions in \d+ files/).waitFor();
    await workbench.page.keyboard.type('read the rows of a table');
    const first = picker.locator('.monaco-list-row').first();
    await picker
      .getByText(/\.py:\d+/)
      .first()
      .waitFor();
    await workbench.screenshot('search-workspace');
    const place = /(\w+\.py):(\d+)/.exec(await first.innerText());
    await workbench.page.keyboard.press('Enter');
    await workbench.page
      .locator('.editor-group-container .tab')
      .filter({ hasText: place?.[1] ?? 'no file' })
      .waitFor();
    await workbench.page.locator('.part.statusbar').getByText(`Ln ${place?.[2]}, Col`).waitFor();
  });

  test('says that nothing is found, rather than showing something else', async () => {
    await workbench.runCommand('MLR Copilot: Search Workspace');
    const picker = workbench.page.locator('.quick-input-widget');
    await picker.getByText(/\d+ definitions in \d+ files/).waitFor();
    await workbench.page.keyboard.type('quaternion');
    await picker.getByText('Nothing in this workspace holds these words').waitFor();
    assert.equal(await picker.getByText(/\.py:\d+/).count(), 0);
    await workbench.page.keyboard.press('Escape');
  });
});
