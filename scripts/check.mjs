/**
 * Checks the project: types, lint and format, who imports whom, house rules, unused code.
 *
 *   node scripts/check.mjs [--root DIR] [STEP...]
 *
 * Each step says how much it looked at, and fails when that is nothing: a checker that reads no file finds no fault.
 * Exit code 0 when all passed, 1 when one failed, 2 for an unknown step.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkHouse } from './check/house.mjs';
import { checkLayering } from './check/layering.mjs';
import { checkLint } from './check/lint.mjs';
import { checkTypes } from './check/types.mjs';
import { checkUnused } from './check/unused.mjs';

/** @type {Record<string, (root: string) => import('./check/step.mjs').Outcome | Promise<import('./check/step.mjs').Outcome>>} */
const steps = { lint: checkLint, layering: checkLayering, types: checkTypes, house: checkHouse, unused: checkUnused };

const { values, positionals } = parseArgs({ options: { root: { type: 'string' } }, allowPositionals: true });
const root = values.root ? resolve(values.root) : fileURLToPath(new URL('..', import.meta.url));
const wanted = positionals.length > 0 ? positionals : Object.keys(steps);

for (const name of wanted.filter((step) => !(step in steps))) {
  process.stderr.write(`check: there is no step ${name}; the steps are ${Object.keys(steps).join(', ')}\n`);
  process.exit(2);
}

// Lint and layering are processes of their own, so they work while the types are checked in this one.
const running = wanted.map((name) => timed(name));
let failed = 0;
for (const step of running) failed += report(await step) ? 0 : 1;
process.stdout.write(`check: ${wanted.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

/** @param {string} name */
async function timed(name) {
  const started = performance.now();
  const outcome = await outcomeOf(name);
  return { name, ...outcome, seconds: (performance.now() - started) / 1000 };
}

/** @param {string} name @returns {Promise<import('./check/step.mjs').Outcome>} */
async function outcomeOf(name) {
  try {
    return await steps[name](root);
  } catch (error) {
    // A step that could not look is a failed step; the others still say what they saw.
    const message = error instanceof Error ? error.message : String(error);
    return { looked: { files: 0 }, problems: [{ rule: 'could-not-look', place: name, message }] };
  }
}

/** @param {Awaited<ReturnType<typeof timed>>} step @returns {boolean} whether it passed */
function report({ name, looked, problems, seconds }) {
  const nothing = Object.entries(looked).filter(([, count]) => count === 0);
  const counts = Object.entries(looked).map(([what, count]) => `${count} ${what}`);
  const passed = problems.length === 0 && nothing.length === 0;
  process.stdout.write(
    `${passed ? 'ok  ' : 'FAIL'} ${name.padEnd(9)} ${counts.join(', ')} (${seconds.toFixed(1)} s)\n`,
  );
  for (const [what] of nothing) process.stdout.write(`     ${name} looked at 0 ${what}\n`);
  for (const { rule, place, message } of problems) process.stdout.write(`     ${place} ${rule}: ${message}\n`);
  return passed;
}
