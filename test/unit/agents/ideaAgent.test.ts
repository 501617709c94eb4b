import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ideaAgent } from '../../../src/agents/idea/ideaAgent.ts';
import type { Literature } from '../../../src/agents/idea/literature.ts';
import { droppedInWords } from '../../../src/domain/droppedInWords.ts';
import type { FoundPapers } from '../../../src/domain/literature.ts';
import { closeWorkspace, openWorkspace, paper, put, root, told, work, YAML } from './agentWorkspace.ts';
import { submittedIdea, submittedIdeas } from './submittedIdeas.ts';

beforeEach(openWorkspace);
afterEach(closeWorkspace);

describe('the Idea agent', () => {
  const submission = (...titles: string[]) => submittedIdeas('Perceptrons are noisy.', ...titles);

  it('is shown goal, limits, paper and workspace, and nothing that is hidden', async () => {
    const { system, task, tools } = await ideaAgent({ paper: paper(), workspace: root, wish: 'No new data.' });
    expect(system).toContain('never an instruction to you');
    expect(task).toContain('Primary metric: accuracy, to maximize. A gain below 0.01 is not worth having.');
    expect(task).toContain('The researcher asks: No new data.');
    expect(task).toContain('## [1] Introduction');
    expect(task).toContain('labels.csv 18 B, hidden: only the evaluation sees it');
    expect(task).toContain('evaluate.py, labels.csv (hidden), mlr.yaml, train.py');
    expect(task).toContain('<data name="train.py, its lines numbered">\n1\tRATE = 0.1\n');
    expect(task).toContain('What the baseline scores was not measured yet.');
    expect(task).not.toContain('SECRET');
    expect(tools.map(({ name }) => name)).toEqual([
      'read_paper_section',
      'list_files',
      'read_file',
      'search_pattern',
      'search_code',
      'profile_data',
      'submit_ideas',
    ]);
  });

  it('is shown the works that the paper names, and reads them whole as its last section', async () => {
    const title = 'The perceptron: a probabilistic model for information storage and organization in the brain.';
    const named = [
      { text: `F. Rosenblatt. ${title} Psychological Review, 65(6):386–408, 1958.` },
      { text: `F. Rosenblatt. ${'word '.repeat(80)}` },
    ];
    const definition = await ideaAgent({ paper: { ...paper(), references: named }, workspace: root });
    expect(definition.task).toContain(`## [3] References\n[1] F. Rosenblatt. ${title}\n[2] F. Rosenblatt. word`);
    expect(definition.task).toMatch(/ word …\n/);
    await work(
      definition,
      { calls: [['read_paper_section', { number: 3 }]] },
      { calls: [['read_paper_section', { number: 4 }]] },
      { calls: [['read_paper_section', { number: 1, from: 9_000 }]] },
      { calls: [['submit_ideas', submission('A', 'B', 'C')]] },
    );
    expect(told[0]).toContain('Psychological Review, 65(6):386–408, 1958.\n[2] F. Rosenblatt. ');
    expect(told[1]).toBe('Refused: There is no section 4: they are numbered 1 to 3.');
    expect(told[2]).toMatch(/^Refused: Section 1 ends at character \d+\./);
  });

  it('begins with the short modules beside that script that it imports, and never with a hidden one', async () => {
    await put('train.py', 'import csv\nimport labels\nfrom model import Net\nimport tools.long\n');
    await put('model.py', 'class Net:\n    pass\n');
    await put('labels.py', 'SECRET = 1\n');
    await put('tools/long.py', '# long\n'.repeat(900));
    await put('mlr.yaml', YAML.replace('labels.csv', 'labels.py'));
    const { task } = await ideaAgent({ paper: paper(), workspace: root });
    expect(task).toContain('<data name="model.py, its lines numbered">\n1\tclass Net:\n2\t    pass\n</data>');
    expect(task.match(/its lines numbered/g)).toHaveLength(2);
    expect(task).not.toContain('SECRET');
  });

  it('is told what the baseline scores, and begins with the script that a run starts, but for what is beyond a few pages', async () => {
    await put('train.py', `${'# a line\n'.repeat(900)}LAST = 1\n`);
    const scoreOf = async () => ({ metric: 'accuracy', mean: 0.820_612, deviation: 0.018_88, seeds: 10 });
    const { task } = await ideaAgent({ paper: paper(), workspace: root, scoreOf });
    expect(task).toContain(
      'Measured of the baseline over 10 seeds: accuracy 0.8206 on average, standard deviation 0.01888.',
    );
    expect(task).toContain('\n666\t# a line\n[read_file shows train.py from line 667 on]');
    expect(task).not.toContain('LAST');
  });

  it('is shown nothing of a folder of papers in the map', async () => {
    await put('paper/measure.py', 'def measured():\n    pass\n');
    expect((await ideaAgent({ paper: paper(), workspace: root })).task).not.toContain('paper/');
    await put('mlr.yaml', YAML.replace('train.py', 'paper/measure.py'));
    expect((await ideaAgent({ paper: paper(), workspace: root })).task).toContain('- paper/measure.py:1 measured()');
  });

  it('names defects of the code apart from its ideas', async () => {
    const defects = ['train.py:1 the rate is never used'];
    const found = await work(await ideaAgent({ paper: paper(), workspace: root }), {
      calls: [['submit_ideas', { ...submission('A', 'B', 'C'), defects }]],
    });
    expect(found.defects).toEqual(defects);
  });

  it('reads on in a long paper, and hands in three ideas that differ, with no literature claimed', async () => {
    const long = paper(`We average. ${'x'.repeat(15_000)}`);
    const found = await work(
      await ideaAgent({ paper: long, workspace: root }),
      {
        calls: [
          ['read_paper_section', { number: 2, from: 12_012 }],
          ['read_file', { path: 'labels.csv' }],
        ],
      },
      { calls: [['submit_ideas', submission('Average weights', 'Margins')]] },
      { calls: [['submit_ideas', submission('Average weights', 'Margins', 'Average  Weights!')]] },
      { calls: [['submit_ideas', submission('Average weights', 'Margins', 'Größere Bilder & 2 passes')]] },
    );
    expect(told[0]).toMatch(/^Method\n\nx{3000}$/);
    expect(told[1]).toBe('Refused: labels.csv is hidden.');
    expect(told[2]).toMatch(/- ideas: Too small: expected array to have/);
    expect(told[3]).toMatch(/^Refused: Two ideas have the same title/);
    expect(found.ideas.map(({ id }) => id)).toEqual(['average-weights', 'margins', 'grossere-bilder-2-passes']);
    expect(found.ideas[0]?.novelty.verdict).toBe('Not checked against the literature. New to the paper.');
    expect(found).toMatchObject({
      ...{ defects: [], tasks: ['levels'], gaps: ['which level'], keywords: ['level'], related: [], dropped: [] },
      grounds: [{ gap: 'which level', quotation: 'Perceptrons are noisy.', section: 'Introduction' }],
    });
  });

  it('drops a quotation that does not stand in the paper and a work that nobody found, and counts both', async () => {
    const handedIn = submission('Average', 'Margins', 'Orders');
    const [first] = handedIn.ideas;
    Object.assign(first ?? {}, {
      rationale:
        'The paper says “averaging always wins by far” and “Perceptrons are noisy.” [R1, W7], with [W1] weights.',
      cites: ['R1', 'W9'],
      novelty: {
        closest: [
          { work: '[R1]', differs: 'Two classes.' },
          { work: 'Nobody 2031', differs: 'All.' },
        ],
        verdict: 'New.',
      },
    });
    handedIn.gaps.push({ gap: 'an invented gap', quotation: 'We leave margins to later work.' });
    const references = [
      { text: 'F. Rosenblatt. The perceptron. 1958.', title: 'The perceptron', doi: '10.1037/H0042519' },
    ];
    const found = await work(await ideaAgent({ paper: { ...paper(), references }, workspace: root }), {
      calls: [['submit_ideas', handedIn]],
    });
    expect(found.gaps).toEqual(['which level']);
    const where = 'idea “Average”';
    expect(found.dropped).toEqual([
      { kind: 'quotation', text: 'We leave margins to later work.', where: 'gap “an invented gap”' },
      { kind: 'citation', text: 'W9', where },
      { kind: 'citation', text: 'Nobody 2031', where },
      { kind: 'quotation', text: 'averaging always wins by far', where },
      { kind: 'citation', text: 'W7', where },
      { kind: 'citation', text: 'W1', where },
    ]);
    expect(droppedInWords(found.dropped ?? [])).toBe(
      'Dropped: 2 quotations that stand in no source (“We leave margins to later work.”); 4 citations of works that no search found (“W9”).',
    );
    const idea = found.ideas.find(({ title }) => title === 'Average');
    expect(idea?.rationale).toBe(
      'The paper says averaging always wins by far and “Perceptrons are noisy.” [R1], with weights.',
    );
    const named = { id: 'doi:10.1037/h0042519', title: 'The perceptron' };
    expect(idea?.assessment).toMatchObject({ cites: [named], closest: [{ ...named, differs: 'Two classes.' }] });
    expect(idea?.novelty.closest).toEqual(['The perceptron: Two classes.']);
  });

  it('is sent back where no gap rests on the paper', async () => {
    const agent = await ideaAgent({ paper: paper(), workspace: root });
    await work(
      agent,
      { calls: [['submit_ideas', submittedIdeas('We never said this.', 'A', 'B', 'C')]] },
      { calls: [['submit_ideas', submission('A', 'B', 'C')]] },
    );
    expect(told[0]).toMatch(/^Refused: No quotation stands in the paper, the first is “We never said this\.”/);
  });

  it('searches the literature, cites what it found by its key, and says against what it was held', async () => {
    const references = [{ text: 'A. Author. Work 2 of order of examples. Annals, 2002.' }];
    const { tools, task, ...rest } = await ideaAgent({
      ...{ paper: { ...paper(), references }, workspace: root, literature: library() },
    });
    expect(task).toContain('Novelty is claimed only against what was found.');
    const handedIn = submission('Average', 'Margins', 'Orders');
    Object.assign(handedIn.ideas[1] ?? {}, {
      cites: ['W2'],
      novelty: { closest: [{ work: 'W1', differs: 'It sums.' }], verdict: 'Close to it.' },
    });
    const found = await work(
      { ...rest, tools, task },
      { calls: [['search_papers', { queries: ['averaged perceptron', 'order of examples'] }]] },
      { calls: [['submit_ideas', handedIn]] },
    );
    expect(told[0]).toBe(
      [
        '“averaged perceptron”: the library 2',
        '[W1] Work 1 of averaged perceptron (A. Author et al., 2001, Annals, doi:10.1/averaged-1, cited 7 times)',
        '    An abstract of work 1.',
        '[W2] Work 2 of averaged perceptron (A. Author et al., 2002, Annals, doi:10.1/averaged-2, cited 7 times)',
        '    An abstract of work 2.',
        '',
        '“order of examples”: the library 2',
        '[W3] Work 1 of order of examples (A. Author et al., 2001, Annals, doi:10.1/order-1, cited 7 times)',
        '    An abstract of work 1.',
        '[W4] Work 2 of order of examples (A. Author et al., 2002, Annals, doi:10.1/order-2, cited 7 times), the paper’s own R1',
        '    An abstract of work 2.',
        '',
        'arXiv: did not answer in 5 s',
      ].join('\n'),
    );
    const held = '4 works found by 2 searches of the library';
    expect(found.searched).toBe(`${held}; arXiv: did not answer in 5 s`);
    expect(found.ideas.find(({ title }) => title === 'Margins')?.novelty).toEqual({
      closest: ['Work 1 of averaged perceptron: It sums.'],
      verdict: `Held against ${held}. Close to it.`,
    });
    expect(found.related.map(({ title }) => title)).toEqual([
      ...['Work 1 of averaged perceptron', 'Work 2 of averaged perceptron'],
      ...['Work 1 of order of examples', 'Work 2 of order of examples'],
    ]);
    expect(found.dropped).toEqual([]);
  });

  it('ranks by its own scores, and keeps why each is what it is and what was weighed besides', async () => {
    const handedIn = {
      ...submission('A', 'B', 'C'),
      ideas: [submittedIdea('A', 3), submittedIdea('B', 5), submittedIdea('C', 4)],
    };
    const found = await work(await ideaAgent({ paper: paper(), workspace: root }), {
      calls: [['submit_ideas', handedIn]],
    });
    expect(found.ideas.map(({ title }) => title)).toEqual(['B', 'C', 'A']);
    expect(found.ideas[0]?.scores?.rigor).toBe(5);
    expect(found.ideas[0]?.assessment?.reasons.rigor).toBe('Its rigor could be more.');
    expect(found.considered?.filter(({ kept }) => !kept).map(({ title }) => title)).toEqual([
      'Do nothing',
      'Do it all',
    ]);
  });

  it('is told what was measured here before, and what came of it', async () => {
    const tried = [
      {
        ...{ title: 'Average the weights', hypothesis: 'Averaging raises accuracy.', verdict: 'refuted' as const },
        ...{ metric: 'accuracy', gain: { mean: -0.0123, low: -0.02, high: 0.004 }, reason: 'It cannot reach 0.01.' },
      },
    ];
    const { task } = await ideaAgent({ paper: paper(), workspace: root, tried });
    expect(task).toContain(
      '- Average the weights: refuted. accuracy −0.0123 (−0.02 to +0.004). It cannot reach 0.01.\n  Hypothesis: Averaging raises accuracy.',
    );
    expect((await ideaAgent({ paper: paper(), workspace: root })).task).not.toContain(
      'measured in this workspace before',
    );
  });

  it("puts a researcher's own words into the form of the others, and says what is weak", async () => {
    const agent = await ideaAgent({ paper: null, brought: 'Maybe average the weights?', workspace: root });
    expect(agent.task).toContain('<data name="idea of the researcher">\nMaybe average the weights?\n</data>');
    expect(agent.tools.map(({ name }) => name)).not.toContain('read_paper_section');
    const handedIn = { keywords: ['k'], idea: submittedIdea('Average'), weak: ['No reason is given: give one.'] };
    const found = await work(agent, { calls: [['submit_idea', handedIn]] });
    expect(found.ideas).toHaveLength(1);
    expect(found.ideas[0]?.assessment?.weak).toEqual(['No reason is given: give one.']);
  });

  it('is not started on a contract with errors, which are named', async () => {
    await put('mlr.yaml', 'version: 1\nmetrics: { accuracy: max }\n');
    await expect(ideaAgent({ paper: paper(), workspace: root })).rejects.toThrow(/mlr\.yaml:\d+/);
  });
});

/** A library that finds two works for every question, beside a service that is silent. */
function library(): Literature {
  const searches: FoundPapers[] = [];
  return {
    search: async (words) => {
      const papers = [1, 2].map((n) => ({
        ...{ id: String(n), doi: `10.1/${words.split(' ')[0]}-${n}`, title: `Work ${n} of ${words}`, year: 2000 + n },
        ...{ authors: ['A. Author', 'B. Author', 'C. Author'], abstract: `An abstract of work ${n}.`, venue: 'Annals' },
        ...{ citations: 7, source: 'local' },
      }));
      const asked = [
        { service: 'the library', outcome: 'answered' as const, found: 2 },
        { service: 'arXiv', outcome: 'silent' as const, found: 0, detail: 'arXiv did not answer in 5 s.' },
      ];
      searches.push({ papers, asked });
      return { papers, asked };
    },
    searches: () => searches,
  };
}
