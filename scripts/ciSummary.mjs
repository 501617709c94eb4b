/**
 * Sums up what .ci/run left behind:
 *
 *   node scripts/ciSummary.mjs FOLDER PHASE...
 *
 * A phase whose suites wrote reports counts their tests; one without suites (demo, check) counts as one test.
 * A test that ran in two phases counts once, and has passed when it passed in both. Exit code 1 when anything failed.
 * What failed is named with the beginning of its error, so that the end of a log is enough to go on.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** The phases that run suites: for these, no report is a failure. */
const withSuites = ['test', 'full'];

/** The phases that only prepare others: no test of anything, but a failure when they fail. */
const preparing = ['packages'];

const [folder, ...phases] = process.argv.slice(2);
if (folder === undefined || phases.length === 0) {
  process.stderr.write('usage: node scripts/ciSummary.mjs FOLDER PHASE...\n');
  process.exit(2);
}

/** @type {Map<string, boolean>} whether each test passed in every phase that ran it */
const passed = new Map();
/** @type {Map<string, string>} the error of each that failed */
const errors = new Map();
for (const phase of phases) {
  const outcomes = outcomesOf(join(folder, phase), phase);
  for (const [title, ok] of outcomes) passed.set(title, ok && (passed.get(title) ?? true));
}

const failed = [...passed].filter(([, ok]) => !ok).map(([title]) => title);
process.stdout.write('\n');
for (const title of failed) process.stdout.write(`failed: ${title}\n${excerptOf(errors.get(title))}`);
process.stdout.write(`${passed.size - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** @param {string} where @param {string} phase @returns {[title: string, passed: boolean][]} */
function outcomesOf(where, phase) {
  const ended = join(where, 'phase.json');
  if (!existsSync(ended)) return [[`${phase} did not run`, false]];
  const { exit, seconds } = JSON.parse(readFileSync(ended, 'utf8'));
  process.stdout.write(`${phase.padEnd(9)} exit ${exit}, ${seconds} s\n`);
  if (preparing.includes(phase)) return exit === 0 ? [] : [[phase, false]];
  if (!withSuites.includes(phase)) return [[phase, exit === 0]];
  const outcomes = suiteReports(join(where, 'reports')).flatMap(testsOf);
  if (outcomes.length === 0) return [[`${phase} ran no test`, false]];
  const explained = exit === 0 || outcomes.some(([, ok]) => !ok);
  return explained ? outcomes : [...outcomes, [`${phase} ended with exit code ${exit}`, false]];
}

/** @param {string} where @returns {Report[]} */
function suiteReports(where) {
  if (!existsSync(where)) return [];
  const files = readdirSync(where).filter((name) => name.endsWith('.json') && !name.endsWith('.vitest.json'));
  return files.sort().map((name) => JSON.parse(readFileSync(join(where, name), 'utf8')));
}

/** @param {Report} report @returns {[title: string, passed: boolean][]} */
function testsOf({ suite, tests, failure }) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  /** @type {[string, boolean][]} */
  const outcomes = tests.map(({ title, state, error }) => {
    // Two tests of one title are two tests.
    const count = (seen.get(title) ?? 0) + 1;
    seen.set(title, count);
    const name = `${suite}: ${title}${count > 1 ? ` (${count})` : ''}`;
    if (error) errors.set(name, error);
    return [name, state === 'passed'];
  });
  if (tests.length === 0) outcomes.push([`${suite}: ${failure ?? 'it ran no test'}`, false]);
  else if (failure) outcomes.push([`${suite}: ${failure}`, false]);
  return outcomes;
}

/** @param {string | undefined} error @returns {string} */
function excerptOf(error) {
  if (!error) return '';
  const lines = stripVTControlCharacters(error).split('\n').slice(0, 8);
  return lines.map((line) => `    ${line.slice(0, 300)}\n`).join('');
}

/** @typedef {{ suite: string, tests: { title: string, state: string, error?: string }[], failure?: string }} Report */
