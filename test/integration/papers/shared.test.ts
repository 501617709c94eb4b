import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPaper } from '../../../src/papers/read.ts';
import { type Fingerprint, fingerprintOf } from './fingerprint.ts';

/** Real papers, which lie beside the repository and not in it. */
const PAPERS = join(process.env.MLR_SHARED ?? resolve(import.meta.dirname, '../../../../shared'), 'papers');

/** Typed from what stands on the rendered pages, not from what readPaper gives. */
const EXPECTED: Record<string, Fingerprint> = {
  'adaptive_dual_scale_denoising.pdf': {
    title: 'e7bb9e1da235d4631f340ea1a89bf0db',
    authors: '2fd192d2103e9b198641bfc64f7a64ae',
    abstractBegins: '7c403b9aeabb0e2dd9f342f53a308612',
    abstractEnds: 'd5280b665234fad72a3f4c55c338bfd2',
    headings: '3a015ee9e1d88aa67e102cb8caeed83e',
    references: 9,
  },
  'multi_style_adapter.pdf': {
    title: '93b00e8e59b3507f344a1a57f8de86f6',
    authors: '2fd192d2103e9b198641bfc64f7a64ae',
    abstractBegins: 'caf82c98f5c08fe0e681e367b804d492',
    abstractEnds: '2ad765b0ffd89750fa767e6dd7059e66',
    headings: '6bad69be5cc48ee70ea0a1e5d89d9c9b',
    references: 8,
  },
  'rl_lr_adaptation.pdf': {
    title: 'df7829dd953ea87d8353f56e8d12b333',
    authors: '2fd192d2103e9b198641bfc64f7a64ae',
    abstractBegins: '7057e97cc30e289836bb04c247c6e77b',
    abstractEnds: '18de3881b747c5d58d068866ec149eb0',
    headings: '771b4868e4411eac04f3fbc148b8f141',
    references: 6,
  },
  'weight_initialization_grokking.pdf': {
    title: 'bd03fd619a764ab5b1eb558a3618a10f',
    authors: '2fd192d2103e9b198641bfc64f7a64ae',
    abstractBegins: '74fead3f11d46b5f9a186cccc1024754',
    abstractEnds: '77b932a16942e3a0eacfb2e309093495',
    headings: '2e5b0ad756097e34eee3439cf09e48b1',
    references: 9,
  },
};

if (existsSync(PAPERS)) {
  describe.each(Object.entries(EXPECTED))('%s', (name, expected) => {
    it('has the title, authors, abstract, headings and references that a person reads in it', async () => {
      const began = performance.now();
      const paper = await readPaper(join(PAPERS, name));
      const milliseconds = Math.round(performance.now() - began);
      // MLR_PRINT=papers shows a reader what the hashes stand for.
      if (process.env.MLR_PRINT === 'papers') {
        const { title, authors, abstract, sections } = paper;
        const shown = {
          name,
          milliseconds,
          title,
          authors,
          abstract,
          headings: sections.map(({ heading }) => heading),
        };
        process.stderr.write(`${JSON.stringify(shown, null, 2)}\n`);
      }
      expect(fingerprintOf(paper)).toEqual(expected);
      expect(paper.abstract).not.toMatch(/caution|autonomously/i);
      expect(milliseconds).toBeLessThan(20_000);
    });
  });
} else {
  it('says that the real papers are absent, and fails where all parts are required', () => {
    process.stderr.write(`${PAPERS} is absent: only this repository's own papers are read (set MLR_SHARED).\n`);
    expect(process.env.MLR_REQUIRE).not.toBe('all');
  });
}
