import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FirstContract } from '../../domain/firstContract.ts';
import { parseContract } from '../../evidence/contractFile.ts';
import { scriptFacts } from '../../workspace/scriptFacts.ts';
import { type Survey, type SurveyedScript, survey } from '../../workspace/survey.ts';
import { SessionError } from '../errors.ts';
import { prepareStore } from '../store.ts';
import { contractText } from './contractDraft.ts';
import { draftLines, worthAThought } from './contractGuesses.ts';
import { evaluationPlan, writtenBy } from './evaluationPlan.ts';
import type { Guesses, NewFile, Program } from './guesses.ts';
import { edited, unifiedDiff } from './lineEdits.ts';
import { notebookScript } from './notebookScript.ts';
import { type RunCommand, runCommand } from './runCommand.ts';
import { type Split, splitScoring } from './scoringSplit.ts';
import { type TestData, testData } from './testData.ts';
import { withoutColumn } from './withoutColumn.ts';

/** Looks at a workspace and writes a first `mlr.yaml`, with what it needs beside it; changes no file that is there.
 *  @throws SessionError `bad-input` where there is a contract already */
export async function writeFirstContract(folder: string): Promise<FirstContract> {
  const workspace = await realpath(folder);
  if (existsSync(path.join(workspace, 'mlr.yaml'))) {
    throw new SessionError(
      'bad-input',
      `${path.join(workspace, 'mlr.yaml')} is there already, and mlr init overwrites nothing: edit it, or move it away (mv mlr.yaml mlr.old.yaml) and run mlr init again.`,
    );
  }
  const found = await survey(workspace);
  const program = await programOf(workspace, found);
  const data = testData(found, program?.script ?? null);
  const evaluation = evaluationPlan(found, program?.script ?? null, data);
  const apart = await apartFrom(workspace, data, evaluation.file !== null);
  const config = await configOf(workspace, program?.script ?? null);
  const command = program ? runCommand(program.script, found, config) : null;
  const split = program && command ? splitFor(program.script, { found, data, apart, command }) : null;
  const guesses = { found, program, command, data, apart, evaluation };
  const yaml = contractText(draftLines(guesses), worthAThought(guesses));
  parseContract(yaml, 'mlr.yaml');
  const script = program?.notebook && split ? [scriptFile(program, split)] : [];
  const files: NewFile[] = [
    { path: 'mlr.yaml', text: yaml, what: 'the contract: read all of it, every guess says where it comes from' },
    ...(evaluation.file ? [evaluation.file] : []),
    ...(apart ? [apart] : []),
    ...script,
  ].filter((file) => file.path === 'mlr.yaml' || !found.paths.includes(file.path));
  for (const file of files) await writeNew(workspace, file);
  const diff =
    program && !program.notebook && split ? unifiedDiff(program.script.path, program.script.text, split.edits) : null;
  const patch = diff === null ? null : await keepPatch(workspace, diff);
  return {
    files: files.map(({ path: name, what }) => ({ path: name, what })),
    ...{ diff, patch },
    notes: notesOf(guesses, split),
    next: nextSteps({ patch, known: evaluation.known, byHand: split?.byHand ?? [] }, program !== null),
  };
}

async function programOf(workspace: string, found: Survey): Promise<Program | null> {
  const [script] = found.scripts;
  if (script) return { script, notebook: null };
  const [notebook] = found.notebooks;
  if (notebook === undefined) return null;
  const json = await readFile(path.join(workspace, notebook), 'utf8');
  try {
    const text = notebookScript(notebook, json);
    const name = `${path.posix.basename(notebook, '.ipynb').replace(/\W+/g, '_')}_run.py`;
    const at = path.posix.join(path.posix.dirname(notebook), name);
    return { script: { path: at, text, ...(await scriptFacts(text)) }, notebook };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function configOf(workspace: string, script: SurveyedScript | null): Promise<string | null> {
  if (!script?.config) return null;
  const folder = path.join(workspace, path.dirname(script.path), script.config.folder);
  const file = ['.yaml', '.yml']
    .map((end) => path.join(folder, script.config?.name + end))
    .find((name) => existsSync(name));
  return file === undefined ? null : await readFile(file, 'utf8');
}

/** A test table that holds its own labels is written again without them. */
async function apartFrom(workspace: string, data: TestData, wanted: boolean): Promise<NewFile | null> {
  const { test, column, inTest } = data;
  if (!wanted || !inTest || test === null || column === null) return null;
  const text = withoutColumn(await readFile(path.join(workspace, test.path), 'utf8'), column);
  if (text === null) return null;
  const name = test.path.replace(/(\.\w+)$/, '_inputs$1');
  return { path: name, text, what: `${test.path} without its column ${column}, which no run may see` };
}

function splitFor(
  script: SurveyedScript,
  { found, data, apart, command }: Pick<Guesses, 'found' | 'data' | 'apart'> & { command: RunCommand },
): Split {
  const hides = apart !== null || data.labels !== null;
  const test = data.test;
  return splitScoring({
    ...{ text: script.text, facts: script },
    scores: hides && found.evaluators.length === 0 ? testScores(script) : [],
    writes: writtenBy(script, found, /pred|submission|answer|result/i) === null,
    without: apart && test && data.column ? { column: data.column, from: test.path, to: apart.path } : null,
    labelsFile: found.evaluators.length === 0 ? (data.labels?.path ?? null) : null,
    seeds: !command.takesSeed && script.style !== 'hydra',
  });
}

/** Those that name the test set, else the last one: what comes before is training or validation. */
function testScores({ scores }: SurveyedScript): SurveyedScript['scores'] {
  const test = scores.filter(({ truth, predicted }) => /test/i.test(truth + predicted));
  return test.length > 0 ? test : scores.slice(-1);
}

function scriptFile({ script, notebook }: Program, split: Split): NewFile {
  const text = edited(script.text, split.edits);
  return { path: script.path, text, what: `the code cells of ${notebook} as a script; the notebook is as it was` };
}

async function writeNew(workspace: string, { path: name, text }: NewFile): Promise<void> {
  const file = path.join(workspace, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text, { flag: 'wx' });
}

async function keepPatch(workspace: string, diff: string): Promise<string> {
  await prepareStore(workspace);
  await writeFile(path.join(workspace, '.mlr', 'init.patch'), diff);
  return '.mlr/init.patch';
}

function notesOf({ program, data, apart, evaluation }: Guesses, split: Split | null): string[] {
  const notes: string[] = [];
  if (program === null) notes.push('No Python script or notebook was found, so the contract is an empty form.');
  if (program?.notebook) {
    notes.push(`${program.notebook} cannot be run for one seed by itself, so ${program.script.path} holds its cells.`);
  }
  if (apart && data.test) {
    notes.push(
      `${data.test.path} holds the answers (column ${data.column}), so runs get ${apart.path} instead, and ${data.test.path} is hidden until evaluate runs.`,
    );
  }
  if (data.labels) notes.push(`${data.labels.path} holds the answers, so it is hidden until evaluate runs.`);
  if (!evaluation.known) notes.push(`${evaluation.script} scores nothing yet: say there how a result is judged.`);
  return [...notes, ...(split?.byHand ?? []).map((one) => `${program?.script.path}: ${one}.`)];
}

function nextSteps(
  { patch, known, byHand }: { patch: string | null; known: boolean; byHand: readonly string[] },
  hasProgram: boolean,
): string[] {
  return [
    'read mlr.yaml',
    ...(hasProgram ? [] : ['write the script, and name it under run']),
    ...(patch ? [`git apply ${patch}   # the change shown above, once you agree with it`] : []),
    ...(byHand.length > 0 ? ['change by hand what is named above'] : []),
    ...(known ? [] : ['write the evaluation']),
    'git add -A && git commit -m "Say how this is measured"',
    'mlr measure --baseline HEAD   # what do two runs of the same code differ by?',
  ];
}
