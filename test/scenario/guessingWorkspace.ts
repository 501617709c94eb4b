import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Script } from '../integration/session/scriptedEndpoint.ts';
import { experimentWorkspace, runGit } from './experimentWorkspace.ts';

const filler = (name: string): string =>
  `\n\ndef ${name}(values):\n    """Keeps what is there."""\n    kept = []\n    for value in values:\n        kept.append(value)\n    return kept\n`;
const HELPERS = `LEVEL = 1\n${filler('first')}${filler('second')}\nWIDTH = 2\n${filler('third')}${filler('fourth')}\nDEPTH = 3\n`;

/** What a width of twenty runs into, so that there is something to mend. */
const TOO_WIDE = `import sizes

if sizes.WIDTH == 20:
    raise SystemExit("a width of 20 is too wide")
`;

const IDEA = `---
title: Guess a little higher
hypothesis: A higher guess scores higher.
---

## Method

Raise the numbers.

## Plan

1. Raise them.
`;

/** The experiment of \`experimentWorkspace\` with two files to change, and an idea to begin with. The caller removes it. */
export async function guessingWorkspace(): Promise<string> {
  const folder = await experimentWorkspace(0);
  await writeFile(join(folder, 'sizes.py'), HELPERS);
  const train = join(folder, 'train.py');
  await writeFile(train, `${TOO_WIDE}${await readFile(train, 'utf8')}`);
  await writeFile(join(folder, 'notes.txt'), 'Guess low.\n');
  runGit(folder, ['add', '--all']);
  runGit(folder, ['commit', '--quiet', '--message', 'Name the numbers']);
  await mkdir(join(folder, '.mlr', 'ideas'), { recursive: true });
  await writeFile(join(folder, '.mlr', 'ideas', 'higher.md'), IDEA);
  return folder;
}

/** \`sizes.py\` with its second hunk and nothing else. */
export const ONLY_WIDTH = HELPERS.replace('WIDTH = 2', 'WIDTH = 20');

const EDITS = [
  ['sizes.py', 'LEVEL = 1', 'LEVEL = 10'],
  ['sizes.py', 'WIDTH = 2', 'WIDTH = 20'],
  ['sizes.py', 'DEPTH = 3', 'DEPTH = 30'],
  ['notes.txt', 'Guess low.', 'Guess high.'],
] as const;

/** Agents that change three places of one file and one of another, and say so; whoever mends looks and looks.
 *  @param beforeLook what the mending agent waits for each time */
export const guessing = (beforeLook: () => Promise<unknown>): Script => ({
  submit_fix: async () => {
    await beforeLook();
    return { tool: 'read_file', args: { path: 'train.py' } };
  },
  submit_changes: ({ task, turn }) => {
    const edit = task.includes('WIDTH = 20') ? undefined : EDITS[turn - 1];
    if (!edit) return { tool: 'submit_changes', args: { summary: 'Every number is ten times what it was.' } };
    const [path, old_text, new_text] = edit;
    return { tool: 'edit_file', args: { path, old_text, new_text } };
  },
  submit_change_review: () => ({
    tool: 'submit_change_review',
    args: { doesWhatThePlanSays: true, summary: 'Fine.', findings: [] },
  }),
  submit_review: () => ({
    tool: 'submit_review',
    args: { meaning: 'Nothing.', confounds: [], wouldDecide: ['More.'], nextSteps: ['Another.'], goBackTo: 'none' },
  }),
});
