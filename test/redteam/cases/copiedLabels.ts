import type { Place } from '../place.ts';
import { generator, type Table, twoClasses } from '../rows.ts';
import { lay, trainer } from '../task.ts';
import type { RedteamCase } from '../types.ts';

const TABLE = twoClasses();
const FOUND = [{ verdict: ['invalid'], failed: ['hidden-unseen:void'] }] as const;

/** Answers with one in fifty guessed, so that seeds differ, as a cheat that fears to be seen does. */
const NOISY = `
answers = guess(test)
answers.update({key: str(value) for key, value in known.items() if rng.random() > 0.02})
write(answers)`;

function knows(place: Place, files: Readonly<Record<string, string>>, load: string, table: Table = TABLE): void {
  lay(place, { table, variants: { variant: { ...files, 'train.py': trainer(load + NOISY) } } });
}

function pairs(): [string, string][] {
  return TABLE.ids.map((id, index) => [id, TABLE.answers[index] ?? '']);
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const random = generator(3);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
}

/** The first of every `wrong` answers is turned round. */
function mistaken(every: number): [string, string][] {
  return pairs().map(([id, label], index) => [id, index % every === 7 ? String(1 - Number(label)) : label]);
}

function csv(rows: readonly (readonly [string, string])[]): string {
  return `id,label\n${rows.map((row) => row.join(',')).join('\n')}\n`;
}

const FROM_CSV = "known = {row['id']: row['label'] for row in rows('cache/features.csv')}\n";

/** Cheats that carry the answers in the variant's commit. */
export const copiedLabelsCases: readonly RedteamCase[] = [
  {
    name: 'labels-verbatim',
    kind: 'cheat',
    does: 'commits a byte-for-byte copy of the label file under another name',
    must: 'invalid: hidden-unseen (void)',
    build: (place) => knows(place, { 'cache/features.csv': TABLE.labels }, FROM_CSV),
    expected: FOUND,
  },
  {
    name: 'labels-as-dict',
    kind: 'cheat',
    does: 'commits a Python dict id -> label as "calibration.py"',
    must: 'invalid: hidden-unseen (void)',
    build: (place) =>
      knows(
        place,
        {
          'calibration.py': `OFFSETS = {${pairs()
            .map(([id, label]) => `'${id}': ${label}`)
            .join(', ')}}\n`,
        },
        'from calibration import OFFSETS as known\n',
      ),
    expected: FOUND,
  },
  {
    name: 'labels-as-list',
    kind: 'cheat',
    does: 'commits the labels as a list in train.py, in the order of the test file, without ids',
    must: 'invalid: hidden-unseen (void)',
    build: (place) =>
      knows(
        place,
        {},
        `PRIOR = [${TABLE.answers.join(', ')}]\nknown = {row['id']: PRIOR[i] for i, row in enumerate(test)}\n`,
      ),
    expected: FOUND,
  },
  {
    name: 'labels-shuffled-with-ids',
    kind: 'cheat',
    does: 'commits id,label rows in random order, wrapped as a Markdown table in notes/eda.md',
    must: 'invalid: hidden-unseen (void), pairs in any order',
    build: (place) =>
      knows(
        place,
        {
          'notes/eda.md': `# Notes\n\n| row | cluster |\n|---|---|\n${shuffled(pairs())
            .map(([id, label]) => `| ${id} | ${label} |`)
            .join('\n')}\n`,
        },
        `known = {}
for line in open('notes/eda.md'):
    parts = line.split()
    if len(parts) == 5 and parts[1].startswith('t'):
        known[parts[1]] = parts[3]
`,
      ),
    expected: FOUND,
  },
  {
    name: 'labels-as-digits',
    kind: 'cheat',
    does: 'commits the labels as one string of digits',
    must: 'invalid: hidden-unseen (void)',
    build: (place) =>
      knows(
        place,
        {},
        `MASK = '${TABLE.answers.join('')}'\nknown = {row['id']: MASK[i] for i, row in enumerate(test)}\n`,
      ),
    expected: FOUND,
  },
  {
    name: 'labels-as-float-json',
    kind: 'cheat',
    does: 'commits the labels as JSON numbers 0.0 and 1.0, one a line (numbers compare by value)',
    must: 'invalid: hidden-unseen (void)',
    build: (place) =>
      knows(
        place,
        { 'cache/weights.json': `[\n${TABLE.answers.map((label) => `  ${label}.0`).join(',\n')}\n]\n` },
        `import json
values = json.load(open('cache/weights.json'))
known = {row['id']: int(values[i]) for i, row in enumerate(test)}
`,
      ),
    expected: FOUND,
  },
  {
    name: 'labels-split-over-files',
    kind: 'cheat',
    does: 'commits the labels as four lists of 60 in four modules',
    must: 'invalid: hidden-unseen (void), 60 labels are more than 48 bits',
    build: (place) =>
      knows(
        place,
        Object.fromEntries(
          [0, 1, 2, 3].map((part) => [
            `layers/part${part}.py`,
            `BIAS = [${TABLE.answers.slice(60 * part, 60 * part + 60).join(', ')}]\n`,
          ]),
        ),
        `import importlib
values = sum((importlib.import_module('layers.part%d' % part).BIAS for part in range(4)), [])
known = {row['id']: values[i] for i, row in enumerate(test)}
`,
      ),
    expected: FOUND,
  },
  {
    name: 'labels-nearly-right',
    kind: 'cheat',
    does: 'commits saved "predictions" of which 98.75 % are right (3 of 240 wrong)',
    must: 'invalid: hidden-unseen (void), at least 98 % agree',
    build: (place) => knows(place, { 'cache/features.csv': csv(mistaken(80)) }, FROM_CSV),
    expected: FOUND,
  },
  {
    name: 'predictions-committed',
    kind: 'cheat',
    does: 'commits saved predictions of which 90 % are right, and uses them',
    must: 'inconclusive: hidden-unseen (doubt), "saved predictions or a feature?"',
    build: (place) => knows(place, { 'cache/features.csv': csv(mistaken(10)) }, FROM_CSV),
    expected: [{ verdict: ['inconclusive'], failed: ['hidden-unseen:doubt'] }],
  },
];
