import { posix } from 'node:path';
import { type DraftLine, list, quoted } from './contractDraft.ts';
import type { Guesses } from './guesses.ts';

/** The keys of a first contract, in the order in which a person reads them. */
export function draftLines(guesses: Guesses): DraftLine[] {
  const { found, program, command, evaluation } = guesses;
  const { metric, goal } = evaluation;
  const lines: DraftLine[] = [
    { key: 'version', yaml: '1', why: '' },
    {
      key: 'task',
      yaml: quoted(found.about ?? 'Say in one sentence what is predicted.'),
      why: found.about
        ? 'The first sentence of the README; say what is predicted.'
        : 'Nothing says what this is about: fill it in.',
    },
    {
      key: 'run',
      yaml: quoted(command?.words ?? 'python3 train.py --seed {seed} --out {out}'),
      why: `One run for one seed; it writes below {out}. ${command?.why ?? 'No script was found: this is a form to fill.'}`,
    },
    {
      key: 'evaluate',
      yaml: quoted(evaluation.command),
      why: `Scores what a run wrote, in a process of its own. ${evaluation.why}`,
    },
    { key: 'metrics', yaml: `{ ${metric}: ${goal} }`, why: `The first decides. ${evaluation.metricWhy}` },
    ...dataLines(guesses),
    {
      key: 'protected',
      yaml: list(protectedFiles(guesses)),
      why: "What scores is always the baseline's copy, whatever a variant changes.",
    },
    { key: 'seeds', yaml: '10', why: 'Drawn anew for every comparison; ten are the advice, five the least.' },
    {
      key: 'minimum_effect',
      yaml: goal === 'maximize' && metric !== 'score' ? '0.01' : '0',
      why: `The smallest gain in ${metric} worth having. Not known to any tool: decide it before you measure.`,
    },
    {
      key: 'budget',
      yaml: '{ wall: 10m, memory: 4GiB }',
      why: 'For one run. Guesses; a run that needs more is stopped.',
    },
  ];
  const { folder } = found.environment;
  if (folder) lines.push({ key: 'python', yaml: folder, why: `${folder} has an interpreter.` });
  if (found.caches.length > 0) {
    const why = `${found.caches.map(({ because }) => because).join('; ')}. Runs have no network.`;
    lines.push({
      key: 'caches',
      yaml: list(found.caches.map((cache) => cache.folder)).replace(/"?(~[^",\]]*)"?/g, '"$1"'),
      why,
    });
  }
  return program === null ? lines.filter(({ key }) => key !== 'budget') : lines;
}

function dataLines({ data, apart, found, evaluation }: Guesses): DraftLine[] {
  const { train, test, labels, inTest, others } = data;
  const testInputs = apart?.path ?? test?.path;
  const inputs = [train?.path, testInputs, ...others.map(({ path }) => path)].filter((path) => path !== undefined);
  const hidden = labels?.path ?? (inTest && apart ? test?.path : undefined);
  const lines: DraftLine[] = [
    {
      key: 'inputs',
      yaml: list(inputs),
      why:
        inputs.length > 0
          ? 'What runs read, by the names of the files.'
          : 'No data was found: name the files that runs read.',
    },
    {
      key: 'hidden',
      yaml: list(hidden ? [hidden] : []),
      why: hidden ? `The answers of the test set; there only while evaluate runs.` : noLabels(found.tables.length),
    },
  ];
  if (train)
    lines.push({
      key: 'train',
      yaml: list([train.path]),
      why: 'By its name; test rows that stand in it too make a result invalid.',
    });
  if (testInputs) lines.push({ key: 'test', yaml: list([testInputs]), why: 'By its name.' });
  if (train && data.column && train.columns.includes(data.column)) {
    lines.push({
      key: 'labels',
      yaml: `{ file: ${quoted(train.path)}, column: ${quoted(data.column)} }`,
      why: 'Where training labels stand.',
    });
  }
  if (evaluation.predictions && test) {
    lines.push({
      key: 'predictions',
      yaml: `{ file: ${quoted(posix.basename(evaluation.predictions))} }`,
      why: 'One row for each test row, which is checked. Add `id: COLUMN` where both name their rows.',
    });
  }
  return lines;
}

function noLabels(tables: number): string {
  return tables === 0
    ? 'No data was found: name the answers of the test set, which no run may see.'
    : 'No file looks like the answers of a test set (test_labels.csv, or a column of test.csv): name it if there is one.';
}

function protectedFiles({ evaluation, program, found }: Guesses): string[] {
  const trivial = found.paths.filter((path) => /(?:^|\/)trivial\w*\.py$/.test(path));
  return program === null && evaluation.file === null ? [] : [evaluation.script, ...trivial];
}

/** Keys that are worth a thought and that nobody can guess. */
export function worthAThought({ found, command, evaluation }: Guesses): string[] {
  const lists = found.environment.lists.filter((path) => !path.endsWith('.lock'));
  const lines = [
    'pilot: the run command with fewer epochs or rows; a cheap proof that an arm runs at all.',
    'validate: scores validation data, for agents and for choosing between ideas; evaluate is for claims.',
    `trivial: writes the ${evaluation.goal === 'minimize' ? 'mean' : 'most frequent answer'}, which every learner has to beat.`,
  ];
  if (lists.length > 0)
    lines.unshift(`prepare: "pip install -r ${lists[0]}" where runs lack packages (${lists.join(', ')}).`);
  if (command && !command.takesSeed)
    lines.unshift('Give the script a --seed, or let it read MLR_SEED: without it every run is the same.');
  return lines;
}
