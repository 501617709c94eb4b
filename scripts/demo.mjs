/**
 * The whole line on the example workspace, in a scratch folder: paper, idea, changes, runs, repair, verdict, report.
 * Everything but the model's words is done for real; those are replayed from a recording of a real conversation.
 *
 *   npm run demo                the recorded model
 *   npm run demo -- --live      the model of MLR_MODEL, MLR_BASE_URL and MLR_API_KEY
 *   npm run demo -- --live --record FILE      the same, and what is asked and answered is kept in FILE
 */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const mlr = join(root, 'dist', 'cli.mjs');
const { values } = parseArgs({ options: { live: { type: 'boolean', default: false }, record: { type: 'string' } } });
if (values.record !== undefined && !values.live) {
  say('A recording is made of a live model: npm run demo -- --live --record FILE');
  process.exit(2);
}

const workspace = join(mkdtempSync(join(tmpdir(), 'mlr-demo-')), 'digits');
cpSync(join(root, 'examples', 'digits'), workspace, { recursive: true });
commitAll(workspace);

const confined = canConfine();
const words = ['research', '--paper', join(workspace, 'paper', 'last-example.pdf'), '--workspace', workspace];
words.push('--policy', 'autopilot');
if (!values.live) {
  words.push('--replay', join(root, 'examples', 'digits.recording.json'));
  say('The model here is a recording: its words are replayed, everything else happens now.');
}
if (values.record !== undefined) words.push('--record', resolve(values.record));
if (!confined) {
  words.push('--unconfined');
  say('This machine cannot confine runs (see mlr doctor); the demo goes on with --unconfined.');
}
say(`Workspace: ${workspace}\n`);
process.exitCode =
  spawnSync(process.execPath, [mlr, ...words], { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;

/** A repository of the demo's own; whoever runs it need not have told git who they are. */
function commitAll(folder) {
  const who = ['-c', 'user.name=MLR Copilot demo', '-c', 'user.email=demo@localhost', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    [...who, 'commit', '--quiet', '--message', 'The example workspace'],
  ]) {
    const { status, error } = spawnSync('git', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) {
      process.stderr.write(
        `demo: git ${args.at(-1)} failed${error ? ` (${error.message})` : ''}; the demo needs git.\n`,
      );
      process.exit(1);
    }
  }
}

function canConfine() {
  const said = spawnSync(process.execPath, [mlr, 'doctor', '--json', '--workspace', workspace], { encoding: 'utf8' });
  return JSON.parse(said.stdout).findings.some(({ name, good }) => name === 'confinement' && good);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
