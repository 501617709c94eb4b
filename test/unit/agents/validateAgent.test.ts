import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contractAgent } from '../../../src/agents/experiment/contractAgent.ts';
import { experimentAgent } from '../../../src/agents/experiment/experimentAgent.ts';
import { ideaAgent } from '../../../src/agents/idea/ideaAgent.ts';
import { validateAgent } from '../../../src/agents/validate/validateAgent.ts';
import {
  bench,
  CONTRACT,
  closeWorkspace,
  IDEA,
  measurement,
  openWorkspace,
  paper,
  place,
  root,
  told,
  work,
} from './agentWorkspace.ts';

beforeEach(openWorkspace);
afterEach(closeWorkspace);

describe('the Validate agent', () => {
  it('explains a verdict in measured numbers alone, and has no tool but that', async () => {
    const definition = await validateAgent({
      idea: IDEA,
      diff: '+RATE = 0.2',
      measurement: measurement(),
      summary: 'The rate was doubled.',
      repairs: [{ of: 'baseline', diff: '+    rows = whole(rows)' }],
    });
    expect(definition.task).toContain('Mended in every arm, so no part of what the variant changed:');
    expect(definition.task).toContain('+    rows = whole(rows)');
    expect(definition.tools.map(({ name }) => name)).toEqual(['submit_review']);
    expect(definition.task).toContain('Verdict: inconclusive. More seeds would decide it.');
    expect(definition.task).toContain(
      '1: seed 1; baseline 0.79, variant 0.81\n2: seed 2; baseline 0.81, variant 0.8146\n3: seed 3; baseline missing, variant missing',
    );
    expect(definition.task).toContain('- seed-effect: not run. It lacked examples.');
    expect(definition.task).toContain('- arms-differ: FAILED (void). All equal.');
    expect(definition.task).toContain(
      '- seed-effect, a note on ours that counts neither for nor against: its spread is small, p0',
    );
    expect(definition.task).toMatch(/, p0,[ p0]*\n\[…\]\n/);
    expect(definition.task.match(/Too few pairs|More seeds would decide it/g)).toEqual(['More seeds would decide it']);
    expect(definition.task.split(IDEA.hypothesis)).toHaveLength(2);

    const review = (meaning: string, wouldDecide = ['Ten more pairs: a gain in all of them would support it.']) => ({
      meaning,
      confounds: [{ explanation: 'A gain of {gain} may be luck.', wouldTell: 'A rate of 0.37 would.' }],
      wouldDecide,
      nextSteps: ['Try 20 seeds.'],
      goBackTo: 'measure',
      whyBack: 'Only {pairs} pairs were run.',
    });
    const said = await work(
      definition,
      { calls: [['submit_review', review('Accuracy rose to 0.95.')]] },
      { calls: [['submit_review', review('Accuracy rose by {win}.')]] },
      { calls: [['submit_review', { ...review('Fine.'), goBackTo: 'bed' }]] },
      { calls: [['submit_review', review('Fine.', [])]] },
      {
        calls: [
          ['submit_review', { ...review('Fine.'), confounds: [{ explanation: 'It won 0.42.', wouldTell: 'A look.' }] }],
        ],
      },
      { calls: [['submit_review', review('Accuracy rose from {baseline_mean} to {variant_mean} at the rate 0.2.')]] },
    );
    expect(told[0]).toMatch(/^Refused: Write 0\.95 by the name of its figure/);
    expect(told[1]).toMatch(/^Refused: There is no figure \{win\}\. The figures are: gain, /);
    expect(told[2]).toContain('- goBackTo:');
    expect(told[3]).toMatch(/^Refused: The verdict is inconclusive/);
    expect(told[4]).toMatch(/^Refused: Write 0\.42 by the name of its figure .* settings to try stand in wouldTell/);
    expect(said).toEqual({
      ...review('Accuracy rose from 0.8 to 0.8123 at the rate 0.2.'),
      confounds: ['A gain of 0.0123 may be luck. A rate of 0.37 would.'],
      whyBack: 'Only 2 pairs were run.',
    });
  });

  it('looks at the measured code by a pattern and at the end of what a run printed, never at a hidden file', async () => {
    const measured = measurement();
    const runs = [{ id: 'm1-run', revision: 'ours', seed: 2, exit: 0, metrics: {} }];
    const definition = await validateAgent({
      idea: IDEA,
      diff: '',
      measurement: { ...measured, runs },
      summary: '',
      repairs: [],
      place: place(),
      output: async (run) => `begin\n${run}: epoch 1\nepoch 2\n`,
    });
    const review = { meaning: 'Fine.', confounds: [], wouldDecide: ['More.'], nextSteps: ['More.'], goBackTo: 'none' };
    await work(
      definition,
      { calls: [['search_pattern', { pattern: '^rate\\s*=|SECRET' }]] },
      { calls: [['search_pattern', { pattern: '(' }]] },
      { calls: [['read_output', { arm: 'variant', pairs: [2], lines: 2 }]] },
      { calls: [['read_output', { arm: 'theirs' }]] },
      { calls: [['read_output', { arm: 'ours', pairs: [7] }]] },
      { calls: [['read_output', { pairs: [2, 3], lines: 1 }]] },
      { calls: [['submit_review', review]] },
    );
    expect(told[0]).toBe('train.py:1: RATE = 0.1');
    expect(told[1]).toMatch(/^Refused: \( is no regular expression/);
    expect(told[2]).toBe('variant, pair 2: the end of what it printed:\nm1-run: epoch 1\nepoch 2');
    expect(told[3]).toBe('Refused: There is no arm "theirs". The arms are: baseline, variant.');
    expect(told[4]).toBe('Refused: There is no pair 7: they are numbered 1 to 3.');
    expect(told[5]).toBe(
      [
        'baseline, pair 2: was not run.',
        'variant, pair 2: the end of what it printed:\nepoch 2',
        'baseline, pair 3: was not run.',
        'variant, pair 3: was not run.',
      ].join('\n\n'),
    );
  });

  it('is told what controls are where a check is one, and that only the pairs were measured', async () => {
    const measured = measurement();
    const ask = (checks: typeof measured.checks) =>
      validateAgent({ idea: IDEA, diff: '', measurement: { ...measured, checks }, summary: '', repairs: [] });
    const { system, task } = await ask([{ name: 'a-a', kind: 'void', passed: null, detail: 'Add --controls.' }]);
    expect(system).toContain('Measured are the pairs below, by the evaluation, and nothing else.');
    expect(task).toContain('a-a measures the baseline against itself');
    expect((await ask([])).task).not.toContain('--controls');
  });

  it('needs nothing that would decide a verdict that is clear', async () => {
    const clear = { ...measurement(), verdict: 'supported' as const };
    const definition = await validateAgent({ idea: IDEA, diff: '', measurement: clear, summary: '', repairs: [] });
    const review = { meaning: 'Fine.', confounds: [], nextSteps: ['More.'], goBackTo: 'none' };
    expect(await work(definition, { calls: [['submit_review', review]] })).toMatchObject({ wouldDecide: [] });
  });

  it('names the figures of each of several variants, and counts the seeds of pooled registrations', async () => {
    const measured = measurement();
    const [first] = measured.variants;
    if (!first) throw new Error('The measurement has a variant.');
    const second = {
      ...first,
      revision: 'theirs',
      mean: 0.7,
      difference: { ...first.difference, mean: -0.1, examples: 240 },
    };
    const definition = await validateAgent({
      idea: IDEA,
      diff: '',
      measurement: { ...measured, variants: [first, second], seeds: [1, 2, 3, 4, 5, 6] },
      summary: '',
      repairs: [],
    });
    expect(definition.task).toContain('Seeds: 6, drawn');
    const text = 'One gained {gain}, the other {gain_2} over 6 seeds and 240 examples.';
    const review = { meaning: text, confounds: [], wouldDecide: ['More.'], nextSteps: ['More.'], goBackTo: 'none' };
    const said = await work(definition, { calls: [['submit_review', review]] });
    expect(said.meaning).toBe('One gained 0.0123, the other -0.1 over 6 seeds and 240 examples.');
  });
});

it('no prompt holds a time, a path of this machine or an unfilled slot, and the same task gives the same words', async () => {
  const make = async () => [
    await ideaAgent({ paper: paper(), workspace: root }),
    await contractAgent({ idea: IDEA, workspace: root, check: () => null }),
    await experimentAgent({ idea: IDEA, contract: CONTRACT, workbench: bench() }),
    await validateAgent({
      idea: IDEA,
      diff: '',
      measurement: measurement(),
      summary: 'The rate was doubled.',
      repairs: [],
    }),
  ];
  const [once, twice] = [await make(), await make()];
  for (const [i, { system, task, tools }] of once.entries()) {
    const words = `${system}\n${task}\n${JSON.stringify(tools)}`;
    expect(words).not.toMatch(/\{\{|\d\d:\d\d:\d\d|\b20\d\d-\d\d/);
    expect(words).not.toContain(root);
    expect({ system: twice[i]?.system, task: twice[i]?.task }).toEqual({ system, task });
  }
});
