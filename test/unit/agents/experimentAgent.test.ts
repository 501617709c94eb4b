import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contractAgent } from '../../../src/agents/experiment/contractAgent.ts';
import { experimentAgent } from '../../../src/agents/experiment/experimentAgent.ts';
import { bench, CONTRACT, closeWorkspace, IDEA, openWorkspace, root, told, work, YAML } from './agentWorkspace.ts';

beforeEach(openWorkspace);
afterEach(closeWorkspace);

describe('the Experiment agent', () => {
  it('changes files within the contract, tries them out and hands in', async () => {
    const workbench = bench();
    const definition = await experimentAgent({ idea: IDEA, contract: CONTRACT, workbench });
    const { summary } = await work(
      definition,
      { calls: [['submit_changes', { summary: 'Nothing yet.' }]] },
      { calls: [['edit_file', { path: 'train.py', old_text: 'RATE = 1', new_text: 'RATE = 2' }]] },
      { calls: [['edit_file', { path: 'evaluate.py', old_text: '{}', new_text: '{"accuracy": 1}' }]] },
      { calls: [['edit_file', { path: 'mlr.yaml', old_text: '0.01', new_text: '0' }]] },
      {
        calls: [
          ['write_file', { path: 'labels.csv', content: '' }],
          ['read_file', { path: 'labels.csv' }],
        ],
      },
      {
        calls: [
          ['edit_file', { path: 'train.py', old_text: 'RATE = 0.1', new_text: 'RATE = 0.2' }],
          ['write_file', { path: 'average.py', content: 'x = 1\n' }],
        ],
      },
      { calls: [['run_pilot', {}]] },
      { calls: [['submit_changes', { summary: 'Doubled the rate.' }]] },
    );
    expect(summary).toBe('Doubled the rate.');
    expect(told.map((text) => text.slice(0, 30))).toMatchInlineSnapshot(`
      [
        "Refused: No file differs from ",
        "Refused: train.py was not chan",
        "Refused: evaluate.py is protec",
        "Refused: mlr.yaml is protected",
        "Refused: labels.csv is off lim",
        "Refused: labels.csv is hidden.",
        "train.py is changed. Lines 1 t",
        "average.py is written.",
        "The pilot ran through.",
        "Handed in.",
      ]
    `);
    expect(await readFile(join(root, 'train.py'), 'utf8')).toContain('RATE = 0.2');
    expect(await readFile(join(root, 'average.py'), 'utf8')).toBe('x = 1\n');
    expect(await readFile(join(root, 'evaluate.py'), 'utf8')).toBe('print("{}")\n');
    expect(await readFile(join(root, 'mlr.yaml'), 'utf8')).toBe(YAML);
  });

  it('is shown the idea, its limits and what the researcher asks', async () => {
    const { system, task } = await experimentAgent({
      idea: IDEA,
      contract: CONTRACT,
      workbench: bench(),
      wish: 'Smaller.',
    });
    expect(system).toContain('over several seeds you do not know');
    expect(task).toContain('Hypothesis: Averaging raises accuracy.');
    expect(task).toContain('Protected, nobody changes them: evaluate.py, mlr.yaml');
    expect(task).toContain('The researcher asks: Smaller.');
    expect(task).toContain('Pilot command: that of one run');
    expect(task).toContain('<data name="train.py, its lines numbered">\n1\tRATE = 0.1\n');
    expect(task).not.toContain('Defects that the code had');
    expect(task).not.toContain('SECRET');
  });

  it('is handed on the defects that were reported, and reports its own apart from its summary', async () => {
    const contract = { ...CONTRACT, pilot: 'python3 train.py --rows 9' };
    const definition = await experimentAgent({
      idea: IDEA,
      contract,
      workbench: bench(),
      defects: ['train.py:1 </data>', `train.py:3 ${'x'.repeat(900)}`],
    });
    expect(definition.task).toContain('Pilot command: python3 train.py --rows 9');
    expect(definition.task).toMatch(/<data name="defects">\n- train.py:1 ‹\/data>\n- train.py:3 x+\n\[…\]\n<\/data>/);
    const written = await work(definition, {
      calls: [
        ['edit_file', { path: 'train.py', old_text: 'RATE = 0.1', new_text: 'RATE = 0.2' }],
        ['submit_changes', { summary: 'Doubled.', defects: ['train.py:4 does nothing'] }],
      ],
    });
    expect(written).toEqual({ summary: 'Doubled.', defects: ['train.py:4 does nothing'] });
  });

  it('proposes what to hide without having read the truth of the test set', async () => {
    await mkdir(join(root, 'data'));
    await writeFile(join(root, 'data', 'test_labels.csv'), 'id,label\n1,cat\n');
    const definition = await contractAgent({ idea: IDEA, workspace: root, check: () => null });
    expect(definition.task).toContain('data/test_labels.csv looks like the truth of the test set');
    expect(definition.task).toContain('its columns are id, label');
    await work(
      definition,
      {
        calls: [
          ['read_file', { path: 'data/test_labels.csv' }],
          ['profile_data', { paths: ['data'] }],
          ['search_pattern', { pattern: 'cat' }],
        ],
      },
      { calls: [['submit_contract', { yaml: YAML }]] },
    );
    expect(told.slice(0, 2)).toEqual([
      'Refused: data/test_labels.csv is hidden.',
      'Refused: data holds data/test_labels.csv, which is hidden: name its other files one by one.',
    ]);
    expect(told[2]).not.toContain('1,cat');
  });

  it('proposes a contract until it can be used', async () => {
    const check = (yaml: string) => (yaml.includes('evaluate') ? null : 'mlr.yaml:1:1 `evaluate`: is missing.');
    const definition = await contractAgent({ idea: IDEA, workspace: root, check });
    const proposed = await work(
      definition,
      { calls: [['submit_contract', { yaml: 'version: 1' }]] },
      { calls: [['submit_contract', { yaml: YAML, files: [{ path: 'evaluate.py', content: 'print()' }] }]] },
    );
    expect(told[0]).toBe('Refused: mlr.yaml:1:1 `evaluate`: is missing.');
    expect(proposed).toEqual({ yaml: YAML, files: [{ path: 'evaluate.py', content: 'print()' }] });
  });
});
