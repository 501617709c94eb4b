import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { submittedIdeas } from '../../unit/agents/submittedIdeas.ts';
import { type ChatServer, refuses } from '../../unit/models/chatServer.ts';
import { mlr, type Said } from '../cli/commandLine.ts';
import { encodingsOf, placesOf } from './keySearch.ts';
import { type Script, scriptedEndpoint } from './scriptedEndpoint.ts';
import { tinyWorkspace } from './tinyWorkspace.ts';

/** With every kind of character that some encoding changes. */
const KEY = 'sk-proj/9+Qz=7&%"\\<Wm4-live_Tb8Xc1Lr5';
const { level } = await probeConfinement();

const script: Script = {
  submit_ideas: () => ({
    tool: 'submit_ideas',
    args: submittedIdeas('We set a level.', 'Raise it', 'Keep it', 'Lower it'),
  }),
  submit_changes: ({ turn }) =>
    turn === 1
      ? { tool: 'edit_file', args: { path: 'train.py', old_text: '0.5 + ran', new_text: '0.6 + ran' } }
      : { tool: 'submit_changes', args: { summary: 'The level is higher.' } },
  submit_change_review: () => ({
    tool: 'submit_change_review',
    args: { doesWhatThePlanSays: true, summary: 'Fine.', findings: [] },
  }),
  submit_review: () => ({
    tool: 'submit_review',
    args: { meaning: 'Fine.', confounds: [], wouldDecide: ['No.'], nextSteps: ['Adopt it.'], goBackTo: 'none' },
  }),
};

/** Prints all that a run can learn of the environments of processes, its own among them. */
const CURIOUS = `import glob, os
print(sorted(os.environ.items()))
for file in glob.glob("/proc/[0-9]*/environ"):
    try:
        print(file, open(file, "rb").read())
    except OSError as error:
        print(file, error)
`;

describe('the search itself', () => {
  let folder: string;
  afterEach(() => rmSync(folder, { recursive: true }));

  test('finds a key in every encoding, in names, packed, and in a commit that nothing refers to any more', () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mlr-planted-'));
    let n = 0;
    const encodings = encodingsOf(KEY);
    for (const bytes of encodings.values()) writeFileSync(path.join(folder, `${n++}.bin`), bytes);
    writeFileSync(path.join(folder, 'packed'), gzipSync(KEY));
    writeFileSync(path.join(folder, `of ${encodeURIComponent(KEY)}`), '');
    for (const before of ['', 'a', 'ab', 'abc'])
      writeFileSync(path.join(folder, `long${before}`), Buffer.from(`${before}${KEY}.`).toString('base64'));
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...words], { cwd: folder });
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'Empty');
    git('commit', '-q', '--allow-empty', '-m', `Add ${KEY}`);
    git('reset', '-q', '--hard', 'HEAD~');
    git('reflog', 'expire', '--expire=now', '--all');
    const { found } = placesOf(KEY, folder);
    const has = (where: string) => found.some((one) => one.startsWith(where));
    for (let i = 0; i < encodings.size; i++)
      expect([...encodings.keys()][i] && has(`${i}.bin: `), String(i)).toBe(true);
    for (const where of ['packed, unpacked', 'the name of ', 'objects of .git', 'long', 'longa', 'longab', 'longabc'])
      expect(has(`${where}`), where).toBe(true);
  });
});

describe('after a whole session with a key in the environment', () => {
  let top: string;
  let endpoint: ChatServer;
  const said: Said[] = [];

  beforeAll(async () => {
    top = mkdtempSync(path.join(tmpdir(), 'mlr-key-'));
    const cwd = path.join(top, 'workspace');
    renameSync(tinyWorkspace(0), cwd);
    writeFileSync(path.join(cwd, 'train.py'), `${CURIOUS}${readFileSync(path.join(cwd, 'train.py'), 'utf8')}`);
    writeFileSync(
      path.join(cwd, 'paper.md'),
      '# On Levels\n\n## Abstract\n\nLevels.\n\n## Method\n\nWe set a level.\n',
    );
    const words = ['-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-qam', 'Look around'];
    execFileSync('git', words, { cwd });
    for (const name of ['home', 'tmp']) mkdirSync(path.join(top, name));
    // A gateway that quotes what it was sent, in an error that stays when it is tried again.
    const quotes = { message: `Bad upstream for Authorization: Bearer ${KEY} (${encodeURIComponent(KEY)})` };
    endpoint = await scriptedEndpoint(script, refuses(502, quotes), refuses(502, quotes));
    const env = {
      ...{ HOME: path.join(top, 'home'), TMPDIR: path.join(top, 'tmp') },
      ...{ XDG_CONFIG_HOME: '', XDG_CACHE_HOME: '', XDG_STATE_HOME: '', XDG_RUNTIME_DIR: '' },
      ...{ MLR_API_KEY: KEY, OPENAI_API_KEY: KEY, MLR_RETRIES: '1' },
      ...{ MLR_MODEL: 'scripted', MLR_BASE_URL: endpoint.baseUrl },
    };
    const run = async (...more: string[]) => void said.push(await mlr(more, { cwd, env }));
    const confined = level === 'none' ? ['--unconfined'] : [];
    await run('models');
    await run('doctor');
    await run(
      'research',
      '--paper',
      'paper.md',
      '--policy',
      'autopilot',
      '--record',
      'all.json',
      '--json',
      ...confined,
    );
    await run('resume', 'last', '--json');
    await run('verify', 'last', '--json');
    await run('report', 'last', '--out', 'report');
    await run('export', 'last', '--format', 'mlflow', '--out', 'runs');
    await run('sessions', '--json');
  });

  afterAll(async () => {
    await endpoint.close();
    rmSync(top, { recursive: true, force: true });
  });

  test('the session came to its verdict, and the key was used and quoted', () => {
    expect(said.map(({ code }) => code)).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
    expect(JSON.parse(said[3]?.out ?? '')).toMatchObject({ verdict: 'supported' });
    expect(said[2]?.err).toContain('[key]');
    expect(new Set(endpoint.received.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${KEY}`]));
  });

  test('no file holds it, in any encoding: workspace, log, runs, recording, report, export, home, temporary files', () => {
    const { found, searched } = placesOf(KEY, top);
    expect(found).toEqual([]);
    expect(searched).toBeGreaterThan(300);
  });

  test('nor does anything that was printed', () => {
    const printed = Buffer.from(said.map(({ out, err }) => out + err).join('\n'));
    const named = [...encodingsOf(KEY)].flatMap(([name, bytes]) => (printed.includes(bytes) ? [name] : []));
    expect(named).toEqual([]);
  });
});
