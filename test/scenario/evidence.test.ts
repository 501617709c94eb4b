import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { seriousDefects } from './axe.ts';
import { endWithEngine } from './experimentWorkspace.ts';
import { measuredWorkspace, slowDown } from './manyExperiments.ts';
import { pageDefects } from './pageDefects.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Theme, Workbench } from './workbench.ts';

const themes = ['dark', 'light', 'contrast'] satisfies Theme[];

suite('evidence in the editor', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;

  suiteSetup(async function () {
    this.timeout(900_000);
    host = await ScenarioHost.start({ name: 'scenario-evidence', settings: { 'mlr.unconfined': true } });
    folder = await measuredWorkspace(cliOf(host));
    workbench = await host.open(folder);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => endWithEngine(host, folder));

  const row = (text: string | RegExp): Locator =>
    workbench.page.locator('.part.sidebar .monaco-list-row').filter({ hasText: text }).first();

  test('the tree leads from sessions to experiments, arms and runs, with verdicts, metrics and times', async () => {
    await workbench.openContainer('MLR Copilot');
    await workbench.resizeSideBar(560);
    await workbench.page.locator('.part.sidebar .pane-header').filter({ hasText: 'Chat' }).click();
    await row('warmup, dropout, half-the-data against main').locator('.monaco-tl-twistie').click();
    await row('Experiment 1: 3 variants, 10 seeds').waitFor();
    await row(/^warmup\s*score 0.7\d+ · \+0\.\d+ · supported · /)
      .locator('.monaco-tl-twistie')
      .click();
    await row(/^seed \d+\s*score 0.7\d+ · /).waitFor();
    assert.equal(await workbench.page.locator('.part.sidebar .monaco-list-row[aria-level="4"]').count(), 10);
  });

  for (const theme of themes) {
    test(`the tree is looked at in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot(`evidence-tree-${theme}`);
    });
  }

  test('the tree is folded by keyboard', async () => {
    await row(/^warmup\s*score/).click();
    await workbench.page.keyboard.press('ArrowLeft');
    await row(/^seed/).waitFor({ state: 'detached' });
  });

  test('the results table of all experiments sorts by keyboard and says so', async () => {
    await workbench.resizeSideBar(300);
    await workbench.runCommand('MLR Copilot: Show Results Table');
    const page = workbench.editorPage();
    await page.getByRole('heading', { name: 'All experiments of this workspace' }).waitFor();
    const arms = page.getByRole('region', { name: 'Arms (12)' });
    await arms.getByRole('button', { name: 'gain', exact: true }).focus();
    await workbench.page.keyboard.press('Enter');
    await page.getByText('Sorted by gain, ascending.').waitFor();
    await workbench.page.keyboard.press('Enter');
    const heading = arms.getByRole('columnheader', { name: 'gain', exact: true });
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    const gains = await arms.locator('tbody tr').evaluateAll((rows) => rows.map((one) => one.textContent ?? ''));
    assert.match(gains[0] ?? '', /warmup-cosine/);
    assert.match(gains.at(-1) ?? '', /–/);
  });

  test('an arm narrows the runs to its own', async () => {
    const page = workbench.editorPage();
    await page.getByRole('button', { name: 'half-the-data' }).first().click();
    await page.getByRole('region', { name: 'Runs of half-the-data (10)' }).waitFor();
  });

  for (const theme of themes) {
    test(`the results table can be read in the ${theme} theme, and axe finds nothing serious`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot(`evidence-results-${theme}`);
      const frame = await workbench.editorFrame();
      assert.deepEqual(await seriousDefects(frame), []);
      assert.deepEqual(await clippedOrFaint(frame), []);
    });
  }

  test('the report opens rendered, its plots shown', async () => {
    await workbench.closeEditors();
    await row('warmup, dropout, half-the-data against main').hover();
    await row('warmup, dropout, half-the-data against main').getByRole('button', { name: 'Open Report' }).click();
    const page = workbench.editorPage();
    await page.getByRole('heading').first().waitFor({ timeout: 60_000 });
    const plots = page.locator('img');
    assert.equal(await plots.count(), await plotsInReport(folder));
    for (const plot of await plots.all()) {
      await plot.scrollIntoViewIfNeeded();
      const width = await plot.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth));
      assert.ok(width > 0);
    }
    for (const theme of themes) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`evidence-report-${theme}`);
    }
  });

  test('the contract offers to measure what is checked out against the default branch', async () => {
    await workbench.closeEditors();
    await slowDown(folder);
    await workbench.setTheme('dark');
    await workbench.openFile('mlr.yaml');
    const lens = workbench.page.locator('.codelens-decoration');
    await lens.getByText('Measure HEAD against main').waitFor();
    await lens.getByText('Show noise of HEAD').waitFor();
    await workbench.screenshot('evidence-lens-dark');
    await lens.getByText('Measure HEAD against main').click();
    const item = workbench.page.locator('.statusbar-item').filter({ hasText: /MLR: \d+ of 20 runs, .* left/ });
    await item.waitFor({ timeout: 60_000 });
    await item.hover();
    await workbench.page.locator('.monaco-hover').getByText('Show session').waitFor();
    await workbench.screenshot('evidence-status-dark');
  });

  test('cancelling its progress asks what shall be stopped, and stops that', async () => {
    const progress = workbench.notification('Measuring warmup against main');
    await progress.hover();
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await workbench.quickInput.getByText('Stop the session').waitFor();
    await workbench.screenshot('evidence-stop-dark');
    await workbench.pick('Stop the session');
    await row(/^warmup against main\s*stopped/).waitFor();
  });

  test('a measurement that was started in a terminal appears by itself, and its runs fill in', async () => {
    const words = ['measure', '--baseline', 'main', '--variant', 'warmup-cosine', '--unconfined', '--json'];
    const cli = spawn(process.execPath, [cliOf(host), ...words, '--workspace', folder], { stdio: 'ignore' });
    const ended = once(cli, 'exit');
    await row(/^warmup-cosine against main\s*measuring/).waitFor({ timeout: 60_000 });
    await row(/^warmup-cosine against main/)
      .locator('.monaco-tl-twistie')
      .click();
    await row(/^warmup-cosine against main\s*supported/).waitFor({ timeout: 60_000 });
    assert.equal((await ended)[0], 0);
    await row(/^warmup-cosine\s*score 0\.8\d+ · .* · supported/).waitFor({ timeout: 60_000 });
    await workbench.screenshot('evidence-from-terminal-dark');
  });

  test('a results table is there again after the window is reloaded, of what it was of', async () => {
    // The chat's page would be a second one beside the table.
    await workbench.page.locator('.part.sidebar .pane-header').filter({ hasText: 'Chat' }).click();
    await row(/^warmup-cosine against main/).hover();
    await row(/^warmup-cosine against main/)
      .getByRole('button', { name: 'Show Results Table' })
      .click();
    await workbench.editorPage().getByRole('heading', { name: 'warmup-cosine against main' }).waitFor();
    // In the order in which VS Code keeps what its windows show; a page that is torn off at once may keep less.
    const reloaded = workbench.page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await reloaded;
    const page = workbench.editorPage();
    await page.getByRole('heading', { name: 'warmup-cosine against main' }).waitFor({ timeout: 60_000 });
    await page.getByRole('region', { name: 'Arms (2)' }).waitFor();
    await workbench.screenshot('evidence-restored-dark');
  });

  test('arms by arguments are offered after the revisions, and say what the contract lacks for them', async () => {
    await workbench.runCommand('MLR Copilot: Measure Revisions');
    await workbench.quickInput.getByText('the baseline (1/2)').waitFor();
    await workbench.pick('main');
    await workbench.quickInput.getByText('the variant (2/2)').waitFor();
    await workbench.screenshot('evidence-arguments-dark');
    await workbench.pick('Arguments…');
    await workbench.notification('Arms by arguments need {args} in `run` of mlr.yaml').waitFor();
    const contract = join(folder, 'mlr.yaml');
    const text = await readFile(contract, 'utf8');
    await writeFile(contract, text.replace('{seed} {out}', '{seed} {out} {args}'));
    await workbench.page.locator('.view-lines').getByText('{args}').waitFor();
    await workbench.runCommand('MLR Copilot: Measure Revisions');
    await workbench.quickInput.getByText('the baseline (1/2)').waitFor();
    await workbench.pick('worktree');
    await workbench.quickInput.getByText('the variant (2/2)').waitFor();
    await workbench.pick('Arguments…');
    await workbench.answer('the baseline’s arguments (2/3)', '--level low');
    await workbench.answer('the variant’s arguments (3/3)', '--level high');
    await row(/^variant against base\s*measuring/).waitFor({ timeout: 60_000 });
  });
});

function cliOf(host: ScenarioHost): string {
  return join(host.extension.folder, 'dist', 'cli.mjs');
}

/** How many plots the first session's report names. */
async function plotsInReport(folder: string): Promise<number> {
  const reports = join(folder, '.mlr', 'reports');
  const [first = ''] = (await readdir(reports)).sort();
  const text = await readFile(join(reports, first, 'report.md'), 'utf8');
  return text.match(/!\[|<img/g)?.length ?? 0;
}

async function clippedOrFaint(frame: Frame): Promise<string[]> {
  const backdrop = await frame.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const defects = await pageDefects(frame, backdrop);
  // A table that is wider than its editor scrolls.
  return defects.filter((defect) => !defect.startsWith('clipped: div.wide'));
}
