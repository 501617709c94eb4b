import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import { EVALUATE, HEAD, LOAD, lay } from '../task.ts';
import { REFUSED, type RedteamCase, SUPPORTED } from '../types.ts';

const CONFIGURED = `${HEAD.replace(
  'args = parser.parse_args()',
  "parser.add_argument('--columns', type=int, default=1)\nparser.add_argument('--note', default='')\nargs = parser.parse_args()",
)}${LOAD}write(predict(fit(train, ['x1', 'x2', 'x3', 'x4'][:args.columns], rng), test))
`;

function layArms(place: Place, run = 'python3 train.py --seed {seed} --out {out} {args}'): void {
  lay(place, { keys: { run }, files: { 'train.py': CONFIGURED, 'evaluate.py': EVALUATE } });
}

const arms = (...values: string[]): string[][] => [values.flatMap((value) => ['--arm', value])];

/** Arms that are arguments of one commit. */
export const armCases: readonly RedteamCase[] = [
  {
    name: 'arms-by-arguments',
    kind: 'honest',
    does: 'one commit, `--columns 1` against `--columns 4`',
    must: 'supported: an arm is a revision, or arguments (architecture, contract)',
    build: (place) => layArms(place),
    commands: arms('base=--columns 1', 'ours=--columns 4'),
    expected: SUPPORTED,
  },
  {
    name: 'arms-first-is-baseline',
    kind: 'cheat',
    does: 'the good configuration is named "variant" and comes first, the poor one "baseline" and second',
    must: 'not supported: the first is the baseline, whatever its name',
    build: (place) => layArms(place),
    commands: arms('variant=--columns 4', 'baseline=--columns 1'),
    expected: [{ verdict: ['inconclusive', 'refuted'], noVoid: true }],
  },
  {
    name: 'arms-with-the-same-arguments',
    kind: 'refused',
    does: 'two arms with the same arguments',
    must: 'exit 2 before any run: equal arms',
    build: (place) => layArms(place),
    commands: arms('base=--columns 2', 'ours=--columns 2'),
    expected: REFUSED,
  },
  {
    name: 'arms-without-a-slot',
    kind: 'refused',
    does: '--arm where `run` has no {args}',
    must: 'exit 2 before any run, and one sentence that names {args}',
    build: (place) => layArms(place, 'python3 train.py --seed {seed} --out {out}'),
    commands: arms('base=--columns 1', 'ours=--columns 4'),
    expected: [{ exit: [2], noRuns: true, says: /\{args\}/ }],
  },
  {
    name: 'arm-overrides-seed',
    kind: 'cheat',
    does: 'the arguments of the second arm end with `--seed 7`, which wins over the drawn seed',
    must: 'inconclusive: seed-effect (doubt)',
    build: (place) => layArms(place),
    commands: arms('base=--columns 1', 'ours=--columns 4 --seed 7'),
    expected: [{ verdict: ['inconclusive'], failed: ['seed-effect:doubt'] }],
  },
  {
    name: 'arm-writes-elsewhere',
    kind: 'cheat',
    does: 'the arguments of the second arm end with `--out /tmp/elsewhere`',
    must: 'invalid: nothing was written under {out}',
    build: (place) => layArms(place),
    commands: arms('base=--columns 1', 'ours=--columns 4 --out /tmp/elsewhere'),
    expected: [{ verdict: ['invalid'], someVoid: true }],
  },
  {
    name: 'arm-with-shell-words',
    kind: 'honest',
    does: 'arguments with quotes, a semicolon, a redirection and $(…), as words',
    must: 'supported: split by POSIX rules and started without a shell',
    build: (place) => layArms(place),
    commands: arms('base=--columns 1', 'ours=--columns 4 --note "$(touch spoiled); a > spoiled | é"'),
    expected: SUPPORTED,
    after: (place) => (existsSync(join(place.workspace, 'spoiled')) ? ['a shell ran the arguments'] : []),
  },
  {
    name: 'arm-with-idle-arguments',
    kind: 'cheat',
    does: 'the arguments differ in a note that train.py never reads',
    must: 'invalid: arms-differ (outputs are byte-identical for every seed)',
    build: (place) => layArms(place),
    commands: arms('base=--columns 1', 'ours=--columns 1 --note better'),
    expected: [{ verdict: ['invalid'], failed: ['arms-differ:void'] }],
  },
];
