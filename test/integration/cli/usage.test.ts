import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { program } from '../../../src/cli/program.ts';
import { mlr } from './commandLine.ts';

const papers = fileURLToPath(new URL('../../unit/papers/fixtures/', import.meta.url));

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'mlr-cli-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe('words that the command line does not know', () => {
  test.each([
    [['measur'], "mlr: unknown command 'measur' (Did you mean measure?); see mlr --help.\n"],
    [['read', '--jsn', 'x'], "mlr: unknown option '--jsn' (Did you mean --json?); see mlr --help.\n"],
    [
      ['measure', '--baseline', 'main', '--seeds', '3'],
      'mlr: --seeds is no option: `seeds` stands in mlr.yaml, on the baseline, so that it is fixed before anything is measured.\n',
    ],
    [
      ['measure', '--baseline', 'main', '--timeout=60'],
      'mlr: --timeout is no option: `budget: { wall: … }` stands in mlr.yaml, on the baseline, so that it is fixed before anything is measured.\n',
    ],
    [['read'], "mlr: missing required argument 'paper'; see mlr --help.\n"],
    [
      ['measure'],
      'mlr: Name what to compare with: --baseline REVISION, or configurations with --arm NAME=ARGUMENTS.\n',
    ],
    [
      ['research'],
      'mlr: Name what to start from: a paper (a file, an arXiv id, a DOI, an address), --idea FILE, or both.\n',
    ],
    [
      ['research', '--paper', 'a', '--budget-tokens', 'few'],
      'mlr: --budget-tokens takes a whole number above 0, or PHASE=100000, not "few".\n',
    ],
    [
      ['research', '--paper', 'a', '--budget-money', 'mending=2'],
      'mlr: --budget-money: "mending" is no phase in which a model thinks: idea, plan, experiment, review, debug, validate.\n',
    ],
    [['prompt', 'idea'], 'mlr: The prompt "idea" is about something: name it with --paper FILE.\n'],
  ])('%j: one sentence on standard error, exit code 2', async (words, sentence) => {
    expect(await mlr(words, { cwd })).toEqual({ code: 2, out: '', err: sentence });
  });

  test('none at all: the help, on standard error', async () => {
    const { code, out, err } = await mlr([], { cwd });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: mlr');
  });
});

test('the help of every command fits a terminal of 80 columns, and says what the command is for', () => {
  const { commands } = program();
  expect(commands.length).toBeGreaterThanOrEqual(11);
  for (const command of commands) {
    const lines = command.configureHelp({ helpWidth: 80 }).helpInformation().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(command.description()).not.toBe('');
  }
});

describe('papers that cannot be read', () => {
  test.each([
    ['truncated.pdf', 'the PDF is cut short or damaged; download it again.'],
    ['encrypted.pdf', 'the PDF needs a password; save a copy without one.'],
    ['scanned.pdf', 'the PDF holds pictures of pages without text; run it through OCR (such as ocrmypdf) first.'],
    ['build.sh', 'not a paper in PDF, LaTeX, HTML or Markdown; convert it to one of these.'],
    ['missing.pdf', 'cannot be opened (ENOENT); give the path of a paper, an arXiv id, a DOI or an address.'],
  ])('%s is named with what to do', async (name, sentence) => {
    const file = path.join(papers, name);
    expect(await mlr(['read', file], { cwd })).toEqual({ code: 2, out: '', err: `mlr: ${file}: ${sentence}\n` });
  });

  test('are an object for whoever asked for JSON', async () => {
    const { code, out } = await mlr(['read', path.join(papers, 'encrypted.pdf'), '--json'], { cwd });
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { reason: 'encrypted' } });
  });
});

test('a paper that can be read is one JSON object and nothing else', async () => {
  const { code, out, err } = await mlr(['read', path.join(papers, 'socks.pdf'), '--json'], { cwd });
  expect({ code, err, lines: out.split('\n').length }).toEqual({ code: 0, err: '', lines: 2 });
  expect(JSON.parse(out)).toMatchObject({ title: expect.stringContaining('Weigh First') as string, pages: 4 });
});

describe('a workspace without sessions', () => {
  test('has an empty list, and is left as it was', async () => {
    expect(await mlr(['sessions', '--json'], { cwd })).toEqual({ code: 0, out: '{"sessions":[]}\n', err: '' });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each([
    [['resume', 'last'], '"last" names no session of'],
    [['report', 'last'], '"last" names no session of'],
    [['answer', 'last', 'gate', 'choice'], '"last" names no session of'],
    [['stop'], 'There is no session in this workspace to stop.'],
    [['stop', 'something'], '"something" names neither a session nor a run of'],
    [['follow', 'something'], 'There is no run something'],
  ])('%j says that there is none', async (words, sentence) => {
    const { code, out, err } = await mlr(words, { cwd });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('that is not there is named', async () => {
    const { code, err } = await mlr(['sessions', '--workspace', 'nowhere'], { cwd });
    expect(code).toBe(2);
    expect(err).toMatch(/^mlr: \/.*nowhere: there is no such folder; name the workspace with --workspace\.\n$/);
  });
});
