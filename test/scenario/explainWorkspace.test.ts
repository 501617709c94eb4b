import { strict as assert } from 'node:assert';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { endWithEngine, exampleRepository } from './experimentWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Theme, Workbench } from './workbench.ts';

suite('Explain This Workspace to the Agents', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;

  suiteSetup(async () => {
    folder = await exampleRepository('digits');
    host = await ScenarioHost.start({ name: 'scenario-explain' });
    workbench = await host.open(folder);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => endWithEngine(host, folder));

  test('shows the map in a page that git does not see', async () => {
    await workbench.runCommand('MLR Copilot: Explain This Workspace to the Agents');
    const page = workbench.editorPage();
    // The engine has to begin, and to index the workspace.
    await page.getByRole('heading', { name: 'Map of mlr-digits-' }).waitFor({ timeout: 60_000 });
    await page.getByText('python3 train.py --seed {seed} --out {out}').waitFor();
    assert.equal(await page.getByRole('link', { name: 'data/test_labels.csv' }).count(), 1);
    await access(join(folder, '.mlr', '.gitignore'));
  });

  for (const theme of ['dark', 'light'] satisfies Theme[]) {
    test(`can be read in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      await workbench.editorPage().getByRole('heading', { name: 'Start here' }).waitFor();
      await workbench.screenshot(`explain-workspace-${theme}`);
    });
  }

  test('has links that open at the line', async () => {
    const link = workbench
      .editorPage()
      .getByRole('link', { name: /^train\.py:\d+$/ })
      .first();
    const line = /:(\d+)$/.exec(await link.innerText())?.[1];
    await link.click();
    await workbench.page.locator('.editor-group-container .tab').filter({ hasText: 'train.py' }).waitFor();
    await workbench.page.locator('.part.statusbar').getByText(`Ln ${line}, Col`).waitFor();
  });
});
