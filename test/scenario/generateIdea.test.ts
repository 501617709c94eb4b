import { strict as assert } from 'node:assert';
import { exampleWorkspace } from '../hosts/exampleWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Theme, Workbench } from './workbench.ts';

suite('Generate Research Idea', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;

  suiteSetup(async () => {
    folder = await exampleWorkspace();
    host = await ScenarioHost.start({ name: 'scenario' });
    workbench = await host.open(folder);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => host?.stop(folder));

  test('is found in the palette and answers', async () => {
    await workbench.runCommand('MLR Copilot: Generate Research Idea');
    await workbench.quickInput.getByPlaceholder('Choose a paper').waitFor();
    await workbench.screenshot('generate-idea');
  });

  for (const theme of ['dark', 'light'] satisfies Theme[]) {
    test(`the window follows the ${theme} theme at every side bar width`, async () => {
      await workbench.setTheme(theme);
      for (const width of [280, 400, 800]) {
        await workbench.resizeSideBar(width);
        await workbench.screenshot(`side-bar-${theme}-${width}`);
      }
      assert.equal(await workbench.page.locator('.part.sidebar').isVisible(), true);
    });
  }
});
