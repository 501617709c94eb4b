import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotedPart } from '../../../src/papers/quotedWords.ts';

const paper = {
  abstract: 'We ask how much of its accuracy that accident decides.',
  sections: [
    { heading: '1 Method', text: 'The weights are kept in an order-\npreserving list, which the ﬁrst pass ﬁlls.' },
    { heading: '2 Results', text: 'Averaging gains −0.94 points there; it gains nothing on wine, “as one expects”.' },
  ],
};

describe('a quotation', () => {
  it('is found in the abstract and in sections, and told where', () => {
    expect(quotedPart(paper, 'how much of its accuracy')).toEqual({ section: -1, heading: 'Abstract' });
    expect(quotedPart(paper, 'it gains nothing on wine')).toEqual({ section: 1, heading: '2 Results' });
  });

  it.each([
    'an order-preserving list, which the first pass fills',
    'an order-\npreserving  list',
    'an orderpreserving list',
    'it gains nothing on wine, "as one expects"',
    'Averaging gains -0.94 points … nothing on wine',
    'averaging gains [...] on wine.',
  ])('is found as a page, a model or a person writes it: %s', (quotation) => {
    expect(quotedPart(paper, quotation)).not.toBeNull();
  });

  it.each([
    'Averaging gains 0.94 points there',
    'Averaging gains −0.95 points there',
    'it gains something on wine',
    'nothing on wine … Averaging gains',
    'how much of its accuracy … order-preserving list',
    '…',
    '',
  ])('is not found where a word, a sign or the order differs: %s', (quotation) => {
    expect(quotedPart(paper, quotation)).toBeNull();
  });

  it('is found wherever words of a text are taken out of it, and not with a word more', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 4, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (all, a, b) => {
        const from = a % all.length;
        const part = all.slice(from, from + 1 + (b % (all.length - from)));
        const source = { abstract: '', sections: [{ heading: 'Text', text: all.join('  \n') }] };
        expect(quotedPart(source, part.join(' '))).not.toBeNull();
        expect(quotedPart(source, [...part, 'Ω'].join(' '))).toBeNull();
      }),
    );
  });
});
