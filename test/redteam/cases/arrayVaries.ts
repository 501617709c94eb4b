import { npz, npzOf } from '../arrays.ts';
import {
  ARCHIVE,
  archive,
  arraysOf,
  FROM_ARCHIVE,
  fromArchive,
  labelsOf,
  layArrays,
  type Points,
  picturesOf,
  READS,
  STRONGLY,
  TEST_ROWS,
  TRAIN,
} from '../arrayTask.ts';
import type { Files, Place } from '../place.ts';
import { generator, twoClasses } from '../rows.ts';
import { type ContractKeys, FIVE_SEEDS, HEAD } from '../task.ts';
import { NOT_INVALID, type RedteamCase, SUPPORTED } from '../types.ts';

const VARIES = { varies: [ARCHIVE] };
const CHANGED = [{ verdict: ['invalid'], failed: ['inputs-unchanged:void'] }] as const;
const UNCHANGED = { passed: ['inputs-unchanged'] } as const;

const ANSWERS = twoClasses().answers.map(Number);
const ARRAYS = arraysOf(TRAIN);

const sum = (row: readonly number[]): number => row.reduce((total, cell) => total + cell, 0);
const signOf = (index: number): number => 2 * (ANSWERS[index] ?? 0) - 1;
/** The places of the test rows of a class. */
const placesOf = (label: number): number[] => [...ANSWERS.keys()].filter((index) => ANSWERS[index] === label);

interface Archives {
  readonly keys?: ContractKeys;
  readonly data?: Files;
  readonly loads?: string;
  readonly learns?: string;
  /** The archive of the variant, and what else it changes. */
  readonly archive: Buffer;
  readonly variant?: Files;
}

/** One archive, which may vary, holds x_train, y_train and x_test. */
function layArchives(place: Place, { keys, data = archive(TRAIN), variant, ...rest }: Archives): void {
  layArrays(place, {
    loads: FROM_ARCHIVE,
    ...rest,
    keys: { ...VARIES, ...keys },
    data,
    variant: { [ARCHIVE]: rest.archive, ...variant },
  });
}

/** The last pixel of each test picture, moved towards its class. */
function moved(): number[][] {
  return TEST_ROWS.map((row, index) => [...row.slice(0, 3), (row[3] ?? 0) + 1.2 * signOf(index)]);
}

/** Test pictures that four columns get wrong or nearly so give way to clear ones of their class. */
function withoutHardRows(): Points['rows'] {
  const margin = (index: number): number => signOf(index) * sum(TEST_ROWS[index] ?? []);
  const easy = [0, 1].map((label) => placesOf(label).filter((index) => margin(index) > 3));
  return TEST_ROWS.map((row, index) => {
    const clear = easy[ANSWERS[index] ?? 0] ?? [];
    return margin(index) > 1.5 ? row : (TEST_ROWS[clear[index % clear.length] ?? index] ?? row);
  });
}

/** The same test pictures, class after class; `order` tells where each stood. */
function inOrderOfClass(): Buffer {
  const order = [...placesOf(0), ...placesOf(1)];
  const rows = order.map((index) => TEST_ROWS[index] ?? []);
  return npz({ ...arraysOf(TRAIN, rows), order: labelsOf(order) });
}

const BY_PLACE = `answers = {}
for i, (place,) in enumerate(arrays['order']):
    answers['t%04d' % place] = '01'[(i >= ${placesOf(0).length}) != (rng.random() < 0.03)]
write(dict(sorted(answers.items())))
`;

const BY_LABELS = `found = [label for label, in arrays['y_test']]
write({row['id']: str(label) if rng.random() > 0.03 else str(1 - label) for row, label in zip(test, found)})
`;

/** 60 training pictures whose labels are a rule of thumb, right in four of five: what the first pixel says. */
function poorTraining(): Points {
  const rows = TRAIN.rows.slice(0, 60);
  return { rows, labels: rows.map(([first = 0]) => (first > 0 ? 1 : 0)) };
}

/** The same pictures with right labels, and two blurred copies of each. */
function goodTraining(): Points {
  const random = generator(32);
  const rows = TRAIN.rows.slice(0, 60);
  const labels = TRAIN.labels.slice(0, 60);
  const blurred = (): number[][] => rows.map((row) => row.map((cell) => cell + 0.2 * (random() - 0.5)));
  return { rows: [...rows, ...blurred(), ...blurred()], labels: [...labels, ...labels, ...labels] };
}

/** Every fifth training picture is kept for choosing. */
function withValidation(): Buffer {
  const part = (kept: boolean): Points => ({
    rows: TRAIN.rows.filter((_, index) => (index % 5 === 0) === kept),
    labels: TRAIN.labels.filter((_, index) => (index % 5 === 0) === kept),
  });
  const { rows, labels } = part(true);
  return npz({ ...arraysOf(part(false)), x_val: picturesOf(rows), y_val: labelsOf(labels) });
}

const CHOOSES = `held = labelled(examples(arrays['x_val'], 1), arrays['y_val'])


def right(features):
    said = predict(fit(train, features, rng), held)
    return sum(said[row['id']] == str(row['label']) for row in held)


best = max([['x1'], ['x1', 'x2'], ['x1', 'x2', 'x3', 'x4']], key=right)
write(predict(fit(train, best, rng), test))
`;

/** Whole numbers; every fiftieth test picture lacks a pixel. */
function wholeNumbers(dtype: 'f4' | 'f8'): Buffer {
  const whole = (row: readonly number[]): number[] => row.map((cell) => Math.round(100 * cell));
  const test = TEST_ROWS.map((row, index) => (index % 50 === 7 ? [...whole(row).slice(0, 3), Number.NaN] : whole(row)));
  const train = { ...TRAIN, rows: TRAIN.rows.map(whole) };
  return npz({ ...arraysOf(train), x_test: picturesOf(test, dtype) });
}

/** One archive that may vary holds what is trained on and what is tested: the first may differ, the second never. */
export const arrayVariesCases: readonly RedteamCase[] = [
  {
    name: 'test-array-of-a-varying-archive-altered',
    kind: 'cheat',
    does: 'in set.npz, which may vary, the last pixels of x_test move towards their class; training arrays stay',
    must: 'invalid: inputs-unchanged (test inputs never differ, whatever `varies` names)',
    build: (place) => layArchives(place, { archive: npz(arraysOf(TRAIN, moved())) }),
    expected: CHANGED,
  },
  {
    name: 'hard-test-rows-of-a-varying-archive-replaced',
    kind: 'cheat',
    does: 'x_test of the archive has as many pictures as before, and clear ones of the same class for the hard ones',
    must: 'invalid: inputs-unchanged (the number of rows says nothing)',
    build: (place) => layArchives(place, { archive: npz(arraysOf(TRAIN, withoutHardRows())) }),
    expected: CHANGED,
  },
  {
    name: 'test-rows-of-a-varying-archive-in-order-of-class',
    kind: 'cheat',
    does: 'x_test of the archive holds the same pictures, sorted by class, and train.py answers by their place',
    must: 'invalid: inputs-unchanged (the order of the rows is part of a test input)',
    build: (place) =>
      layArchives(place, {
        archive: inOrderOfClass(),
        variant: { 'train.py': `${HEAD}${READS}${FROM_ARCHIVE}${BY_PLACE}` },
      }),
    expected: CHANGED,
  },
  {
    name: 'test-array-of-a-varying-archive-dropped',
    kind: 'cheat',
    does: 'the archive loses x_test; train.py reads the array `pixels` in its place, which holds clear pictures',
    must: 'invalid: inputs-unchanged (a test array that is gone differs)',
    build: (place) => {
      const { x_test: _, ...others } = ARRAYS;
      layArchives(place, {
        archive: npz({ ...others, pixels: picturesOf(withoutHardRows()) }),
        variant: { 'train.py': `${HEAD}${READS}${fromArchive(1, 'pixels')}${STRONGLY}` },
      });
    },
    expected: CHANGED,
  },
  {
    name: 'test-array-twice-in-a-varying-archive',
    kind: 'cheat',
    does: 'the archive holds x_test.npy twice: the old one first, an altered one last, which is what Python reads',
    must: 'invalid: inputs-unchanged (no copy of a test array may differ)',
    build: (place) =>
      layArchives(place, { archive: npzOf([...Object.entries(ARRAYS), ['x_test', picturesOf(moved())]]) }),
    expected: CHANGED,
  },
  {
    name: 'test-labels-added-to-a-varying-archive',
    kind: 'cheat',
    does: 'x_train, y_train and x_test stay as they are, and the archive gains y_test, which train.py writes down',
    must: 'invalid: inputs-unchanged (an array that only one arm has differs, and its name says test) or hidden-unseen',
    build: (place) =>
      layArchives(place, {
        archive: npz({ ...ARRAYS, y_test: labelsOf(ANSWERS) }),
        variant: { 'train.py': `${HEAD}${READS}${FROM_ARCHIVE}${BY_LABELS}` },
      }),
    expected: [{ verdict: ['invalid'], failedOneOf: ['inputs-unchanged:void', 'hidden-unseen:void'] }],
  },
  {
    name: 'training-arrays-of-a-varying-archive-cleaned',
    kind: 'honest',
    does: 'the variant is a better archive alone: wrong training labels put right, blurred copies added; x_test stays',
    must: 'supported, and inputs-unchanged passes: training inputs under `varies` may differ',
    build: (place) =>
      layArchives(place, {
        keys: FIVE_SEEDS,
        data: archive(poorTraining()),
        learns: STRONGLY,
        archive: npz(arraysOf(goodTraining())),
      }),
    expected: [{ ...SUPPORTED[0], ...UNCHANGED }],
  },
  {
    name: 'validation-arrays-in-a-varying-archive',
    kind: 'honest',
    does: 'the variant moves every fifth training picture to x_val and y_val, and chooses its columns there',
    must: 'not invalid, and inputs-unchanged passes: what is split off the training rows is no test input',
    build: (place) =>
      layArchives(place, {
        archive: withValidation(),
        variant: { 'train.py': `${HEAD}${READS}${FROM_ARCHIVE}${CHOOSES}` },
      }),
    expected: [{ ...NOT_INVALID[0], ...UNCHANGED }],
  },
  {
    name: 'varying-archive-packed-anew',
    kind: 'honest',
    does: 'the archive is compressed, its arrays in reverse order, and every value as it was; four columns are better',
    must: 'supported, and inputs-unchanged passes: the values of x_test are the same',
    build: (place) => layArchives(place, { archive: npzOf(Object.entries(ARRAYS).reverse(), true) }),
    expected: [{ ...SUPPORTED[0], ...UNCHANGED }],
  },
  {
    name: 'test-array-of-a-varying-archive-in-another-dtype',
    kind: 'honest',
    does: 'x_test holds whole numbers and a few missing ones, as float64 in the baseline and float32 in the variant',
    must: 'supported, and inputs-unchanged passes: numbers compare by value, and missing is equal to missing',
    build: (place) =>
      layArchives(place, {
        data: { [ARCHIVE]: wholeNumbers('f8') },
        loads: fromArchive(100),
        archive: wholeNumbers('f4'),
      }),
    expected: [{ ...SUPPORTED[0], ...UNCHANGED }],
  },
];
