import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exampleWorkspace } from '../hosts/exampleWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Theme, Workbench } from './workbench.ts';

const KEY = 'sk-typed-by-a-person-0123456789';

/** Answers as Ollama does (docs/api.md in ollama/ollama). */
const ollama: Readonly<Record<string, object>> = {
  '/api/tags': { models: [{ name: 'qwen3:8b' }] },
  '/api/ps': { models: [{ name: 'qwen3:8b', context_length: 32768 }] },
  '/api/show': { model_info: {}, capabilities: ['completion', 'tools'] },
};

suite('Choose Model', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;
  let server: Server;

  suiteSetup(async () => {
    server = createServer((request, response) => {
      const answer = ollama[request.url ?? ''];
      response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer));
    });
    // Where Ollama is looked for.
    server.listen(11434, '127.0.0.1');
    await once(server, 'listening');
    folder = await exampleWorkspace();
    host = await ScenarioHost.start({
      name: 'scenario-choose-model',
      env: { ANTHROPIC_API_KEY: 'of-the-environment' },
    });
    workbench = await host.open(folder);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(async () => {
    server.close();
    await host?.stop(folder);
  });

  for (const theme of ['light', 'dark'] satisfies Theme[]) {
    test(`shows local servers and models behind keys with context and price, in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      await workbench.runCommand('MLR Copilot: Choose Model');
      await workbench.quickInput.getByText('32,768 tokens, calls tools, free').waitFor();
      await workbench.quickInput.getByText('claude-opus-5', { exact: true }).waitFor();
      await workbench.screenshot(`choose-model-${theme}`);
      await workbench.page.keyboard.press('Escape');
    });
  }

  test('keeps the choice in the user’s own settings and nothing in the workspace', async () => {
    await workbench.runCommand('MLR Copilot: Choose Model');
    await workbench.quickInput.getByText('qwen3:8b').waitFor();
    await workbench.pick('qwen3:8b');
    await settingsHold(/"mlr\.model": ?"qwen3:8b"/);
    await settingsHold(/"mlr\.baseUrl": ?"http:\/\/127\.0\.0\.1:11434\/v1"/);
    assert.equal((await readdir(folder)).includes('.vscode'), false);
  });

  test('asks for the key of a provider unseen, then for a model, and writes the key into no settings', async () => {
    await workbench.runCommand('MLR Copilot: Choose Model');
    await workbench.pick('OpenAI…');
    await workbench.quickInput.getByText('sent to api.openai.com alone').waitFor();
    const box = workbench.quickInput.locator('input').first();
    assert.equal(await box.getAttribute('type'), 'password');
    await workbench.screenshot('choose-model-key');
    await box.fill(KEY);
    await workbench.page.keyboard.press('Enter');
    await workbench.answer('as OpenAI calls it', 'gpt-of-tomorrow');
    const settings = await settingsHold(/"mlr\.model": ?"gpt-of-tomorrow"/);
    assert.doesNotMatch(settings, /11434/);
    assert.equal(settings.includes(KEY), false);
  });

  async function settingsHold(pattern: RegExp): Promise<string> {
    for (const deadline = Date.now() + 60_000; ; ) {
      const settings = await allSettings(host.server.dataFolder);
      if (pattern.test(settings)) return settings;
      assert.ok(Date.now() < deadline, `no settings hold ${pattern}:\n${settings}`);
      await sleep(100);
    }
  }
});

async function allSettings(dataFolder: string): Promise<string> {
  const files = ['Machine', 'User'].map((scope) => join(dataFolder, 'data', scope, 'settings.json'));
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}
