import { exampleWorkspace } from '../hosts/exampleWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';

suite('workspace trust', () => {
  let host: ScenarioHost;
  let folder: string;

  suiteSetup(async () => {
    folder = await exampleWorkspace();
    host = await ScenarioHost.start({ name: 'scenario-trust', workspaceTrust: true });
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => host?.stop(folder));

  test('the commands are there as soon as the folder is trusted', async () => {
    const workbench = await host.open(folder);
    await workbench.page.getByRole('button', { name: 'Restricted Mode' }).first().waitFor();
    await workbench.screenshot('restricted-mode');
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    await workbench.page.locator('.workspace-trust-editor').getByText('Trust', { exact: true }).click();
    await workbench.page.getByRole('button', { name: 'Restricted Mode' }).first().waitFor({ state: 'detached' });
    await workbench.runCommand('MLR Copilot: Generate Research Idea');
    await workbench.quickInput.getByPlaceholder('Choose a paper').waitFor();
  });
});
