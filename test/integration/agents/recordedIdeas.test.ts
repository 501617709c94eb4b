import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IdeaSet } from '../../../src/domain/idea.ts';
import { Recording } from '../../../src/models/recording.ts';
import { isQuotedFrom } from '../../../src/papers/quotedWords.ts';
import { mlr } from '../cli/commandLine.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const recorded = path.join(root, 'test', 'corpora', 'ideas', 'recordings', 'loans.json');
const library = readFileSync(path.join(root, 'test', 'corpora', 'ideas', 'loans.bib'), 'utf8');
let workspace: string;
let paper: string;

beforeAll(() => {
  workspace = mkdtempSync(path.join(tmpdir(), 'mlr-ideas-'));
  cpSync(path.join(root, 'test', 'dogfood', 'tasks', 'loans'), workspace, { recursive: true });
  writeFileSync(path.join(workspace, 'library.bib'), library);
  paper = readFileSync(path.join(workspace, 'paper.md'), 'utf8');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: workspace });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'Loans');
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

async function ideas(recording: string): Promise<IdeaSet> {
  const { code, out, err } = await mlr(['idea', '--paper', 'paper.md', '--replay', recording, '--json'], {
    cwd: workspace,
  });
  if (code !== 0) throw new Error(err);
  return IdeaSet.parse(JSON.parse(out));
}

test('of recorded ideas every quotation stands in the paper, and every citation in what was found or is named there', async () => {
  const set = await ideas(recorded);
  expect(set.dropped).toEqual([]);
  expect(set.grounds?.length).toBeGreaterThanOrEqual(3);
  for (const { quotation } of set.grounds ?? []) expect(isQuotedFrom(paper, quotation)).toBe(true);
  const cited = set.ideas.flatMap(({ assessment }) => [...(assessment?.cites ?? []), ...(assessment?.closest ?? [])]);
  expect(cited.length).toBeGreaterThan(0);
  const shelf = `${paper}\n${library}`;
  for (const { title } of cited) expect(isQuotedFrom(shelf, title)).toBe(true);
  expect(set.related.length).toBeGreaterThan(0);
  expect(set.searched).toMatch(/^\d+ works? found by \d+ search(es)? of the workspace’s library; .*: not asked/);
});

test('a false quotation and an invented citation that are planted in the same answer are dropped and counted', async () => {
  const recording = Recording.parse(JSON.parse(readFileSync(recorded, 'utf8')));
  const call = recording.entries.flatMap(({ answer }) => answer.toolCalls).find(({ name }) => name === 'submit_ideas');
  const handedIn = JSON.parse(call?.arguments ?? '{}') as {
    gaps: { gap: string; quotation: string }[];
    ideas: { cites: string[] }[];
  };
  handedIn.gaps.push({ gap: 'planted', quotation: 'No distance can ever be learned from fewer than 600 loans.' });
  handedIn.ideas[0]?.cites.push('W99');
  if (call) call.arguments = JSON.stringify(handedIn);
  const planted = path.join(workspace, 'planted.json');
  writeFileSync(planted, JSON.stringify(recording));
  const set = await ideas(planted);
  expect(set.gaps).not.toContain('planted');
  expect(set.dropped?.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
    'quotation: No distance can ever be learned from fewer than 600 loans.',
    'citation: W99',
  ]);
});
