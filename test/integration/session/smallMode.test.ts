import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionEvent } from '../../../src/domain/event.ts';
import { submittedIdeas } from '../../unit/agents/submittedIdeas.ts';
import { mlr, type Said } from '../cli/commandLine.ts';
import { type SmallServer, smallServer } from './smallServer.ts';
import { tinyWorkspace } from './tinyWorkspace.ts';

const CONTEXT = 8_192;
const SECTIONS = 9;

let cwd: string;
let server: SmallServer;
let said: Said;
let events: SessionEvent[];

beforeAll(async () => {
  cwd = tinyWorkspace(0);
  writeFileSync(path.join(cwd, 'paper.md'), paper());
  const train = readFileSync(path.join(cwd, 'train.py'), 'utf8');
  writeFileSync(path.join(cwd, 'train.py'), `${train}${unusedCode()}`);
  const words = ['-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-qam', 'Grow'];
  execFileSync('git', words, { cwd });
  server = await smallServer(CONTEXT, scripted());
  const env = { MLR_MODEL: 'tiny-7b', MLR_BASE_URL: server.baseUrl, MLR_RETRIES: '0' };
  said = await mlr(['research', '--paper', 'paper.md', '--policy', 'autopilot', '--unconfined', '--json'], {
    cwd,
    env,
  });
  const folder = path.join(cwd, '.mlr', 'sessions');
  const log = readFileSync(path.join(folder, readdirSync(folder)[0] ?? '', 'events.jsonl'), 'utf8');
  events = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SessionEvent);
});

afterAll(async () => {
  await server.close();
  rmSync(cwd, { recursive: true, force: true });
});

test('a model with 8,192 tokens and no tools comes from a long paper to a verdict, and no request was too long', () => {
  expect(said.err).toContain('idea agent with tiny-7b');
  expect({ code: said.code, ...JSON.parse(said.out || '{}') }).toMatchObject({ code: 0, verdict: 'supported' });
  const refused = server.requests.filter((request) => request.refused);
  // The first of each session's models asks with tools, and is told that there are none.
  expect(refused.map(({ tokens }) => tokens < CONTEXT)).toEqual([true]);
  const agents = new Set(events.flatMap((event) => (event.type === 'agent.finished' ? [event.call] : [])));
  expect([...agents]).toEqual(['idea', 'experiment', 'validate-experiment', 'validate']);
});

test('the paper was read section by section, in more than one context’s worth of pieces', () => {
  const read = resultsOf('read_paper_section');
  expect(read.map((text) => /^Part (\d)/.exec(text)?.[1])).toEqual(
    Array.from({ length: SECTIONS }, (_, i) => `${i + 1}`),
  );
  expect(events.filter(({ type }) => type === 'agent.compacted').length).toBeGreaterThanOrEqual(2);
  for (const text of [...read, ...resultsOf('read_more')]) expect(text.length).toBeLessThan(2_400);
});

test('one file a request: of two that are asked for at once the second waits', () => {
  const asked = events.flatMap((event) => (event.type === 'agent.tool' && event.name === 'read_file' ? [event] : []));
  expect(asked.slice(0, 3).map(({ ok }) => ok)).toEqual([true, false, true]);
  expect(asked[1]?.content).toBe('Refused: Not done: one look in an answer. Look here in the next one.');
});

test('a server that does not tell beforehand is believed when it refuses what is too long', async () => {
  const silent = await smallServer(CONTEXT, scripted(), { tells: false });
  // The whole of it is more than the model holds, and a request with tools is refused for them first.
  const env = { MLR_MODEL: 'tiny-7b', MLR_BASE_URL: silent.baseUrl, MLR_RETRIES: '0' };
  writeFileSync(path.join(cwd, 'wide.md'), widePaper());
  const { code, out, err } = await mlr(['idea', '--paper', 'wide.md', '--json'], { cwd, env });
  await silent.close();
  expect(err).toContain(
    `tiny-7b at ${new URL(silent.baseUrl).host} holds 8,192 tokens, as it says itself: the idea agent begins anew in small mode.`,
  );
  expect({ code, ...JSON.parse(out || '{}') }).toMatchObject({
    code: 0,
    ideas: [{ title: 'Raise the level' }, {}, {}],
  });
  expect(silent.requests.filter(({ refused }) => refused)).toHaveLength(2);
});

function resultsOf(name: string): string[] {
  return events.flatMap((event) => (event.type === 'agent.tool' && event.name === name ? [event.content] : []));
}

type Call = readonly [tool: string, args: object];

/** What a small model does, step by step, by the agent that asks. */
const PLANS: Record<string, readonly (readonly Call[])[]> = {
  Idea: [
    ...Array.from({ length: SECTIONS }, (_, i): Call[][] => [
      [['read_paper_section', { number: i + 1 }]],
      [['read_more', { result: `r${i + 1}`, from: 2048 }]],
    ]).flat(),
    [
      ['read_file', { path: 'train.py' }],
      ['read_file', { path: 'evaluate.py' }],
    ],
    [['read_file', { path: 'evaluate.py' }]],
    [
      [
        'submit_ideas',
        submittedIdeas('In setting 1.0 the level was 0', 'Raise the level', 'Keep the level', 'Lower the level'),
      ],
    ],
  ],
  Experiment: [
    [['read_file', { path: 'train.py' }]],
    [['search_pattern', { pattern: 'def helper_' }]],
    [['edit_file', { path: 'train.py', old_text: 'str(0.5 + ', new_text: 'str(0.6 + ' }]],
    [['run_pilot', {}]],
    [['submit_changes', { summary: 'The level is 0.6.' }]],
  ],
  'Validate-before': [[['submit_change_review', { doesWhatThePlanSays: true, summary: 'It does.', findings: [] }]]],
  Validate: [
    [
      [
        'submit_review',
        { meaning: 'It holds.', confounds: [], wouldDecide: ['No.'], nextSteps: ['Go on.'], goBackTo: 'none' },
      ],
    ],
  ],
};

function scripted(): (messages: readonly { role: string; content: string }[]) => string {
  const steps = new Map<string, number>();
  return ([system]) => {
    const words = system?.content ?? '';
    if (!words.includes('# Tools'))
      return 'The sections so far say which levels were tried; the level of train.py is open.';
    const name = /You are the (\w+) agent/.exec(words)?.[1] ?? '';
    const who = words.includes('submit_change_review') ? 'Validate-before' : name;
    const at = steps.get(who) ?? 0;
    steps.set(who, at + 1);
    const calls = PLANS[who]?.[at] ?? [];
    const blocks = calls.map(([tool, args]) => `\`\`\`tool\n${JSON.stringify({ tool, arguments: args })}\n\`\`\``);
    return [`I note what matters of step ${at}: the level is open.`, ...blocks].join('\n\n');
  };
}

/** Longer by far than the context, in sections that are longer than what is shown at once. */
function paper(): string {
  const sentence = (n: number, i: number) =>
    `In setting ${n}.${i} the level was ${(n * i) % 97} and the score followed it, as Table ${i} shows.`;
  const sections = Array.from({ length: SECTIONS }, (_, n) => {
    const text = Array.from({ length: 70 }, (_, i) => sentence(n + 1, i)).join(' ');
    return `## Part ${n + 1}\n\n${text}\n`;
  });
  return `# On Levels\n\n## Abstract\n\nWe try levels.\n\n${sections.join('\n')}`;
}

/** As long as is still shown whole where there is room. */
function widePaper(): string {
  return paper()
    .split('\n')
    .map((line) => line.slice(0, 2_100))
    .join('\n');
}

function unusedCode(): string {
  return Array.from(
    { length: 80 },
    (_, i) => `\ndef helper_${i}(values):\n    return [value * ${i} for value in values if value > ${i}]\n`,
  ).join('');
}
