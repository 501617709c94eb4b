import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unclaimedNumbers } from '../../../src/evidence/citations.ts';
import { parseContract } from '../../../src/evidence/contractFile.ts';
import { renderReport } from '../../../src/evidence/report.ts';
import type { ReportRequest } from '../../../src/evidence/reportRequest.ts';
import { type ExampleShape, exampleMeasurement } from './exampleMeasurement.ts';

const CONTRACT = parseContract(
  'version: 1\ntask: t\nrun: "r {seed} {out}"\nevaluate: "e {out}"\nmetrics: { accuracy: maximize }\n',
  'mlr.yaml',
);

function requestOf(shape: ExampleShape): ReportRequest {
  const tries = [1, 2].map((tryNumber) => ({
    session: `20251231-23595${tryNumber}-aaaaaa`,
    registration: `m${tryNumber}`,
    tryNumber,
    variants: [{ name: 'variant', revision: 'other', verdict: 'refuted' as const, mean: -0.0123 * tryNumber }],
  }));
  const enclosed = ['`outputs.tar.gz` holds what 12 runs wrote; left out: 3 files of model weights.'];
  const rest = { contract: CONTRACT, confinement: 'none', version: '1.2.3', head: 'ab12', tries, enclosed } as const;
  return { ...exampleMeasurement(shape), ...rest };
}

describe('numbers of a report', () => {
  it('have each a claim: a changed digit anywhere in the text is found', () => {
    const { markdown, claims } = renderReport(requestOf({ variants: 2, seeds: 6 }));
    expect(unclaimedNumbers(markdown, claims, ['branch-1', 'branch-2'])).toEqual([]);
    const linked = [...markdown.matchAll(/\[([^\][]*\d)\]\[c\d+\]/g)];
    expect(linked.length).toBeGreaterThan(50);
    for (const match of linked) {
      const at = match.index + match[0].indexOf(']') - 1;
      const digit = String((Number(markdown[at]) + 1) % 10);
      const changed = markdown.slice(0, at) + digit + markdown.slice(at + 1);
      expect(unclaimedNumbers(changed, claims), match[0]).not.toEqual([]);
    }
    expect(unclaimedNumbers(`${markdown}\nThe gain is 0.7312.\n`, claims)[0]).toContain('The gain is 0.7312.');
  });

  it('are not linked one by one where there are hundreds of runs, and are claims all the same', () => {
    const { markdown } = renderReport(requestOf({ variants: 1, seeds: 150 }));
    expect(markdown).toMatch(/^\| `1000` \| 0\.\d+ \| 0\.\d+ \|$/m);
  });

  it('never stop a report because of what people or checks wrote', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[-0-9.,e%|`*_<\n a-z()]{0,30}$/));
    fc.assert(
      fc.property(text, text, text, (hypothesis, revision, detail) => {
        renderReport(requestOf({ variants: 1, seeds: 3, hypothesis, revision, detail }));
      }),
      { numRuns: 100 },
    );
  }, 30_000);

  it('name what was tried before and failed', () => {
    const { markdown } = renderReport(requestOf({ variants: 1, seeds: 5 }));
    expect(markdown).toMatch(/\| `20251231-235952-aaaaaa` \| `other` \| \[-0\.0246\]\[c\d+\] \| refuted \|/);
  });
});
