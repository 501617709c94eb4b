import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleWorkspace } from '../hosts/exampleWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Workbench } from './workbench.ts';

/** As the output channel writes it (src/vscode/logLines.ts); the channel itself needs a native part that this host
 *  lacks, so the same words stand in a file. */
const log = `10:15:02 session 20260412-1015-a1b2c3 (research, policy review)
10:15:03 experiment → read_file {"path":"train.py"}
10:15:09 run baseline seed 7: failed after 0.4 s accuracy=0.87
  Traceback (most recent call last):
    File "/tmp/train.py", line 12, in main
  ValueError: could not convert string to float
10:16:00 verdict supported: better by 0.02
`;

suite('the log', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;

  suiteSetup(async () => {
    folder = await exampleWorkspace();
    await writeFile(join(folder, 'session.mlrlog'), log);
    host = await ScenarioHost.start({
      name: 'scenario-log',
      settings: { 'files.associations': { '*.mlrlog': 'mlr-log' } },
    });
    workbench = await host.open(folder);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => host?.stop(folder));

  test('colours agent steps, metrics, tracebacks and verdicts each in their own way', async () => {
    await workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'session.mlrlog' }).dblclick();
    const words = workbench.page.locator('.monaco-editor .view-line span > span');
    const classOf = async (text: string): Promise<string> => {
      const word = words.filter({ hasText: new RegExp(`^\\s*${text}\\s*$`) }).first();
      return (await word.getAttribute('class')) ?? '';
    };
    await words.filter({ hasText: 'supported' }).first().waitFor();
    const samples = [
      '10:15:03',
      'experiment',
      'read_file',
      'accuracy',
      '0.87',
      '"/tmp/train.py"',
      'ValueError',
      'supported',
    ];
    const coloured = (name: string): boolean => name !== '' && !/\bmtk1\b/.test(name);
    // The editor shows the words first and colours them when the grammar has been read.
    let shown: string[] = [];
    for (const until = Date.now() + 10_000; Date.now() < until && !(shown.length > 0 && shown.every(coloured)); ) {
      shown = await Promise.all(samples.map(classOf));
    }
    await workbench.screenshot('log-grammar');
    assert.ok(shown.every(coloured), String(shown));
    assert.ok(new Set(shown).size >= 5, String(shown));
  });
});
