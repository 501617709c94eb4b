import { expect, test } from 'vitest';
import type { ChatModel, ModelRequest } from '../../../src/models/chatModel.ts';
import { ModelError } from '../../../src/models/modelError.ts';
import { tryModel } from '../../../src/models/modelTrial.ts';

interface Skill {
  /** Characters of a prompt that it holds. */
  readonly holds: number;
  /** What is longer is refused, else its beginning is cut off without a word. */
  readonly refuses?: boolean;
  readonly tools: 'protocol' | 'words' | 'dropped';
  readonly edit?: object;
  readonly proposal?: object;
}

const ANSWERS = {
  report_sum: { sum: 42 },
  replace_text: { old: 'return total', new: 'return total / len(values)' },
  propose: {
    title: 'Toss it',
    scores: { clarity: 5, rigor: 4 },
    steps: [
      { what: 'Toss', minutes: 5 },
      { what: 'Count', minutes: 1 },
    ],
  },
};
type Name = keyof typeof ANSWERS;

/** A model that reads only what it holds, and answers what it was asked. */
function model(skill: Skill): ChatModel {
  const given = {
    ...ANSWERS,
    ...(skill.edit && { replace_text: skill.edit }),
    ...(skill.proposal && { propose: skill.proposal }),
  };
  return {
    name: 'm',
    recorded: false,
    async complete({ messages, tools }: ModelRequest) {
      const whole = messages.map(({ content }) => content).join('\n');
      if (whole.length > skill.holds && skill.refuses) throw new ModelError('context', 'too long');
      const read = whole.slice(-skill.holds);
      const usage = { promptTokens: Math.ceil(read.length / 4), completionTokens: 1 };
      const name = (Object.keys(ANSWERS) as Name[]).find(
        (one) => read.includes(one) || tools.some((tool) => tool.name === one),
      );
      if (tools.length > 0 && skill.tools === 'words') throw new ModelError('no-tools', 'm does not support tools');
      const args = name && given[name];
      if (tools.length > 0 && args && skill.tools === 'protocol') {
        return { text: '', toolCalls: [{ id: '1', name, arguments: JSON.stringify(args) }], usage, model: 'm' };
      }
      const described = read.includes('You work by calling tools');
      const block = `\`\`\`tool\n${JSON.stringify({ tool: name, arguments: args })}\n\`\`\``;
      const text = described && skill.tools === 'words' ? block : (/password is (\S+)\./.exec(read)?.[1] ?? 'none');
      return { text, toolCalls: [], usage, model: 'm' };
    },
  };
}

const options = { longest: 16_000, signal: new AbortController().signal, today: '2026-11-26' };

test('a model that can do all of it is said to, and as far as it was tried', async () => {
  const trial = await tryModel(model({ holds: 1e9, tools: 'protocol' }), options);
  expect(trial).toMatchObject({ tried: '2026-11-26', tools: 'protocol', edits: true, schema: true, forgets: null });
  expect(trial.remembers).toBeGreaterThan(15_000);
});

test('a server that cuts the beginning off without a word is found out, as is one that refuses', async () => {
  for (const refuses of [true, false]) {
    const trial = await tryModel(model({ holds: 7_000 * 4, refuses, tools: 'protocol' }), options);
    expect(trial.forgets).toBe(8_000);
    expect(trial.remembers).toBeGreaterThan(5_500);
    expect(trial.remembers).toBeLessThan(8_000);
  }
});

test('a model that is given no tools is tried with tools in words', async () => {
  expect(await tryModel(model({ holds: 1e9, tools: 'words' }), options)).toMatchObject({ tools: 'words', edits: true });
});

test('a model that calls nothing either way is said to call no tools', async () => {
  const trial = await tryModel(model({ holds: 1e9, tools: 'dropped' }), options);
  expect(trial).toMatchObject({ tools: 'none', edits: false, schema: false });
});

test.each([
  ['that does not stand there', { old: 'return totals', new: 'return total / len(values)' }],
  ['that stands there twice', { old: 'total', new: 'total / len(values)' }],
  ['to something else', { old: 'return total', new: 'return total / 2' }],
])('an edit of a text %s is not exact', async (_, edit) => {
  expect(await tryModel(model({ holds: 1e9, tools: 'protocol', edit }), options)).toMatchObject({ edits: false });
});

test('arguments that leave the schema are said to', async () => {
  const proposal = { ...ANSWERS.propose, steps: [] };
  expect(await tryModel(model({ holds: 1e9, tools: 'protocol', proposal }), options)).toMatchObject({ schema: false });
});
