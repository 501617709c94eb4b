import { afterEach, expect, it } from 'vitest';
import { measure } from '../../../src/evidence/measure.ts';
import { CONTRACT, ScratchStudy, TRAIN } from './scratchStudy.ts';

const TRIVIAL = `import sys
from pathlib import Path
rows = Path("data/test.csv").read_text().split()
out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
(out / "predictions.txt").write_text("".join(f"{row} {int(i < 30)}\\n" for i, row in enumerate(rows)))
`;

let study: ScratchStudy;
afterEach(() => study.remove());

it('runs `trivial` once, on the baseline, and doubts a variant that is no better', async () => {
  study = await ScratchStudy.make({ 'trivial.py': TRIVIAL });
  const baseline = await study.arm('baseline');
  const variant = await study.arm('variant', { 'train.py': TRAIN.replace('SKILL = 20', 'SKILL = 29') });
  const contract = `${CONTRACT}trivial: "/usr/bin/python3 trivial.py {out}"\n`;
  const outcome = await measure(await study.request(baseline, [variant], contract));
  if (outcome.kind !== 'measured') throw new Error('It was measured.');
  const { checks, verdict, runs } = outcome.measurement;
  const found = checks.filter(({ name }) => name === 'beats-trivial');
  expect(found.map(({ kind, passed, revision }) => [kind, passed, revision])).toEqual([
    ['doubt', false, 'variant'],
    ['note', false, 'baseline'],
  ]);
  expect(verdict).toBe('inconclusive');
  expect(runs).toHaveLength(10);
  const trivial = study.events.filter((event) => event.type === 'run.queued' && event.purpose === 'trivial');
  expect(trivial).toHaveLength(1);
});
