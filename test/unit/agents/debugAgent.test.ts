import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DebugContext, debugAgent } from '../../../src/agents/debug/debugAgent.ts';
import { bench, CONTRACT, closeWorkspace, openWorkspace, told, work } from './agentWorkspace.ts';

beforeEach(openWorkspace);
afterEach(closeWorkspace);

describe('the Debug agent', () => {
  const context = (): DebugContext => ({
    of: 'baseline',
    failures: [1, 2, 3, 4].map((seed) => ({
      arm: 'baseline',
      seed,
      exit: 1,
      reason: 'It ended with exit code 1.',
      traceback: {
        error: 'ValueError',
        message: `invalid literal for int() with base 10: '${seed}x'`,
        frames: [{ file: 'train.py', line: 7, function: 'pixels', text: 'return int(value)' }],
        cause: null,
      },
      evidence: `Class: data\n\nWhere: train.py:7, in pixels\n\nthe evidence of run ${seed}`,
    })),
    succeeded: 'variant with seed 9',
    contract: CONTRACT,
    diff: '-RATE = 0.1\n+RATE = 0.2',
    workbench: bench(),
  });

  it('sees the evidence of the first runs, and that others failed', async () => {
    const { task } = await debugAgent(context());
    expect(task).toContain(
      'Mend the baseline. The files you see are the baseline’s. Your change will be made in the variant too',
    );
    expect(task).toContain('baseline, seed 1: It ended with exit code 1.\nExit: 1\n\nClass: data\n\nWhere: train.py:7');
    expect(task).toContain('the evidence of run 3');
    expect(task).not.toContain('the evidence of run 4');
    expect(task).toContain('baseline, seed 4: It ended with exit code 1.');
    expect(task).toContain('These ran through: variant with seed 9.');
    expect(task).toContain('+RATE = 0.2');
    expect(task).toContain('<data name="train.py, its lines numbered">\n1\tRATE = 0.1\n');
    expect(task.length).toBeLessThan(16_000);
  });

  it('sees a failure that both arms share once, with its place in the other arm', async () => {
    const [first] = context().failures;
    if (!first?.traceback) throw new Error('The first failure has a traceback.');
    const [frame] = first.traceback.frames;
    if (!frame) throw new Error('Its traceback has a frame.');
    const lower = { ...first.traceback, frames: [{ ...frame, line: 11 }] };
    const elsewhere = { ...lower, frames: [{ ...frame, text: 'return float(value)' }] };
    const { task } = await debugAgent({
      ...context(),
      failures: [
        first,
        { ...first, arm: 'variant', traceback: lower, evidence: 'the same once more' },
        { ...first, arm: 'variant', seed: 2, traceback: elsewhere, evidence: 'the evidence of another line' },
        { ...first, arm: 'variant', seed: 3, traceback: null, evidence: 'the evidence of a killed run' },
      ],
    });
    expect(task).toContain('variant, seed 1: the same as baseline, seed 1, there at train.py:11.');
    expect(task).not.toContain('the same once more');
    expect(task).toContain('the evidence of another line');
    expect(task).toContain('the evidence of a killed run');
  });

  it('is handed on what was mended before, as a diff, and which defects were reported, and that nothing ran through', async () => {
    const repairs = [{ of: 'baseline' as const, diff: '-return int(value)\n+return int(value or 0)' }];
    const defects = ['data/train.csv: row 687 has empty cells p30 to p37'];
    const { task } = await debugAgent({ ...context(), repairs, defects, succeeded: '' });
    expect(task).toContain(
      'Mended in every arm, so no part of what the variant changed:\n<data name="repair">\n-return',
    );
    expect(task).toContain('- data/train.csv: row 687 has empty cells p30 to p37');
    expect(task).toContain('Apart from pilots, no run has got through so far.');
  });

  it('is told that an error came back after a repair that was made for it, and nothing of the kind for a new one', async () => {
    const repair = { of: 'baseline' as const, diff: '-return int(value)\n+return int(float(value))' };
    const again = { ...repair, met: ['KeyError in load', 'ValueError in pixels'] };
    const { task } = await debugAgent({ ...context(), repairs: [{ ...repair, met: ['KeyError in load'] }, again] });
    expect(task).toMatch(
      /baseline, seed 1; baseline, seed 2; .*: this error was there before\. One repair was made for it/,
    );
    expect(task).toContain('Do not vary that repair');
    const { task: anew } = await debugAgent({ ...context(), repairs: [{ ...repair, met: ['ValueError in load'] }] });
    expect(anew).not.toContain('was there before');
  });

  it('is told what the Pythons here have where a module was not found, and nothing of them otherwise', async () => {
    const [first] = context().failures;
    if (!first?.traceback) throw new Error('The first failure has a traceback.');
    const lacking = { ...first.traceback, error: 'ModuleNotFoundError', message: "No module named 'sklearn.nowhere'" };
    const traceback = { ...first.traceback, cause: { ...lacking, message: "No module named 'no_such_module'" } };
    const failures = [
      { ...first, traceback },
      { ...first, traceback: lacking },
    ];
    const { task } = await debugAgent({ ...context(), failures });
    expect(task).toContain('Not found by a run: no_such_module, sklearn (installed as scikit-learn). A package cannot');
    expect(task).toMatch(/- python3 3\.\d+\.\d+: lacks (?:no_such_module|no_such_module, sklearn); /);
    expect((await debugAgent(context())).task).not.toContain('Not found by a run');
  });

  it('has a tool of its own name for running again what failed', async () => {
    const { tools } = await debugAgent(context());
    const names = tools.map(({ name }) => name);
    expect(names).toContain('rerun_failed');
    expect(names).not.toContain('run_pilot');
  });

  it('hands in a fix with its diagnosis, once a file has changed', async () => {
    const fix = { diagnosis: 'An empty cell.', summary: 'Read it as 0.' };
    const handedIn = await work(
      await debugAgent(context()),
      { calls: [['submit_fix', fix]] },
      {
        calls: [
          ['edit_file', { path: 'train.py', old_text: '    pass', new_text: '    return' }],
          ['submit_fix', fix],
        ],
      },
    );
    expect(told[0]).toMatch(/^Refused: No file was changed/);
    expect(handedIn).toEqual(fix);
  });
});
