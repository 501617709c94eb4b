import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Paper } from '../../../src/domain/paper.ts';
import { paperDigest, sectionText } from '../../../src/papers/digest.ts';

const paper: Paper = {
  title: 'Weigh First',
  authors: ['The MLR Copilot contributors'],
  abstract: 'We weigh socks.',
  sections: [
    { heading: '1 Introduction', text: 'Socks get lost. '.repeat(100).trim() },
    { heading: '2 Method', text: 'Weigh.' },
    { heading: '2.1 Tolerance', text: 'Twice the deviation.' },
    { heading: '10 Results', text: 'It works.' },
    { heading: 'A Drawers', text: 'Five people.' },
  ],
  references: [],
  links: [],
  pages: 2,
};

describe('paperDigest', () => {
  it('is the whole paper where the budget allows', () => {
    const digest = paperDigest(paper, 10_000);
    for (const { heading, text } of paper.sections) expect(digest).toContain(`## ${heading}\n${text}`);
    expect(digest).not.toContain('read_section');
  });

  it('cuts the long section, keeps the short ones, and says which can be read in full', () => {
    const digest = paperDigest(paper, 800);
    expect(digest.length).toBeLessThanOrEqual(800);
    expect(digest).toContain('# Weigh First\nThe MLR Copilot contributors\nAbstract: We weigh socks.');
    expect(digest).toContain('tool read_section');
    expect(digest).toMatch(/## 1 Introduction \[cut\]\nSocks get lost\. .* …\n/);
    expect(digest).toContain('## 2.1 Tolerance\nTwice the deviation.');
  });

  it('never exceeds its budget', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ heading: fc.string(), text: fc.string({ maxLength: 2000 }) })),
        fc.nat(3000),
        (sections, budget) => {
          expect(paperDigest({ ...paper, sections }, budget).length).toBeLessThanOrEqual(budget);
        },
      ),
    );
  });
});

describe('sectionText', () => {
  it.each([
    ['2 Method', 'Weigh.\n\n## 2.1 Tolerance\nTwice the deviation.'],
    ['method', 'Weigh.\n\n## 2.1 Tolerance\nTwice the deviation.'],
    ['Section 2.1', 'Twice the deviation.'],
    ['tolerance', 'Twice the deviation.'],
    ['Result', 'It works.'],
    ['a', 'Five people.'],
  ])('finds %s', (heading, text) => {
    expect(sectionText(paper, heading)).toBe(text);
  });

  it.each(['', 'Ablation', '3', 'e'])('says null for %j', (heading) => {
    expect(sectionText(paper, heading)).toBeNull();
  });
});
