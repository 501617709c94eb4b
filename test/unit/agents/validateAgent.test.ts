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
      repairs: [],
    });
    expect(definition.tools.map(({ name }) => name)).toEqual(['submit_review']);
    expect(definition.task).toContain('Verdict: inconclusive. More seeds would decide it.');
    expect(definition.task).toContain('Baseline, mean 0.8: 0.79, 0.81, missing');
    expect(definition.task).toContain('- seed-effect: not run. It lacked examples.');
    expect(definition.task).toContain('- arms-differ: FAILED (void). All equal.');

    const review = (meaning: string) => ({ meaning, confounds: [], nextSteps: ['Try 20 seeds.'], goBackTo: 'none' });
    const said = await work(
      definition,
      { calls: [['submit_review', review('Accuracy rose to 0.95.')]] },
      { calls: [['submit_review', review('Accuracy rose by {win}.')]] },
      { calls: [['submit_review', { ...review('Fine.'), goBackTo: 'bed' }]] },
      { calls: [['submit_review', review('Accuracy rose from {baseline_mean} to {variant_mean} at the rate 0.2.')]] },
    );
    expect(told[0]).toMatch(/^Refused: Write 0\.95 by the name of its figure/);
    expect(told[1]).toMatch(/^Refused: There is no figure \{win\}\. The figures are: gain, /);
    expect(told[2]).toContain('- goBackTo:');
    expect(said).toEqual(review('Accuracy rose from 0.8 to 0.8123 at the rate 0.2.'));
  });
});

it('no prompt holds a time, a path of this machine or an unfilled slot, and the same task gives the same words', async () => {
  const make = async () => [
    await ideaAgent({ paper: paper(), workspace: root }),
    await contractAgent({ idea: IDEA, workspace: root, check: () => null }),
    await experimentAgent({ idea: IDEA, contract: CONTRACT, root, workbench: bench() }),
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
