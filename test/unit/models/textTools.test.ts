import { describe, expect, it } from 'vitest';
import type { ModelMessage, Usage } from '../../../src/domain/conversation.ts';
import { readCalls } from '../../../src/models/callsInText.ts';
import type { ChatModel, ModelAnswer, ModelRequest } from '../../../src/models/chatModel.ts';
import { ModelError } from '../../../src/models/modelError.ts';
import { proseOnly } from '../../../src/models/proseOnly.ts';
import { withTextTools } from '../../../src/models/textTools.ts';
import { inWords } from '../../../src/models/toolsInText.ts';

const TOOLS = [
  {
    name: 'read_file',
    description: 'Read a file.',
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'Relative to the workspace' },
        lines: { type: 'array', items: { type: 'integer' } },
        as: { enum: ['text', 'bytes'] },
      },
      required: ['path'],
    },
  },
  { name: 'list_files', description: 'List all files.', parameters: { type: 'object', properties: {} } },
];
const NAMES = TOOLS.map(({ name }) => name);
const OPENING: ModelMessage[] = [
  { role: 'system', content: 'You mend code.' },
  { role: 'user', content: 'Mend train.py.' },
];

describe('calls are read from', () => {
  const readX = { name: 'read_file', arguments: '{"path":"x"}' };
  const list = { name: 'list_files', arguments: '{}' };
  const block = '```tool\n{"tool": "read_file", "arguments": {"path": "x"}}\n```';
  it.each([
    ['a block, with words before and after', `First:\n\n${block}\nThen we see.`, 'First:\n\n\nThen we see.', [readX]],
    ['several blocks', `${block}\n\n\`\`\`tool\n{"tool": "list_files"}\n\`\`\``, '', [readX, list]],
    ['a block that is not closed before the next', `${block.slice(0, -4)}\n${block}`, '', [readX, readX]],
    ['two objects in one block', `${block.slice(0, -4)}\n{"tool": "list_files"}\n\`\`\``, '', [readX, list]],
    ['a list of calls', '```tool\n[{"tool": "list_files"}, {"tool": "list_files"}]\n```', '', [list, list]],
    ['a json block that names a tool', block.replace('```tool', '```json'), '', [readX]],
    ['a block of no kind', block.replace('```tool', '```'), '', [readX]],
    ['an answer that is one object', '{"name": "read_file", "parameters": {"path": "x"}}', '', [readX]],
    ['one with words after it', '{"tool": "list_files"}\nLet us see.', 'Let us see.', [list]],
    ['tags', '<tool_call>\n{"name": "read_file", "arguments": {"path": "x"}}\n</tool_call>', '', [readX]],
    [
      'slips that can only mean one thing',
      "```tool\n{'tool': 'read_file', 'arguments': {'path': 'x',},}\n```",
      '',
      [readX],
    ],
    [
      'arguments that hold a fence',
      '```tool\n{"tool": "read_file", "arguments": {"path": "```tool\n```"}}\n```',
      '',
      [{ name: 'read_file', arguments: '{"path":"```tool\\n```"}' }],
    ],
    [
      'arguments that are a string of JSON',
      '```tool\n{"tool": "read_file", "arguments": "{\\"path\\":\\"x\\"}"}\n```',
      '',
      [readX],
    ],
    [
      'the answer, not the thoughts before it',
      `<think>\n${block}\n</think>\nNow:\n\`\`\`tool\n{"tool": "list_files"}\n\`\`\``,
      'Now:',
      [list],
    ],
    [
      'what comes before a result that the model made up',
      `${block}\n### Result of read_file\n\nx = 1\n${block}`,
      '',
      [readX],
    ],
  ])('%s', (_, answer, text, calls) => {
    expect(readCalls(answer, NAMES)).toEqual({ text, calls });
  });

  it.each([
    ['a block that shows code', 'So:\n```python\nprint({"tool": "read_file"})\n```'],
    ['a json block that names no tool', 'The file:\n```json\n{"name": "my-package", "version": 1}\n```'],
    ['a block of code that ends in an unnamed fence', '```bash\nls\n```\n{"tool": "list_files"}'],
    ['words', 'I am done.'],
  ])('not from %s', (_, answer) => {
    expect(readCalls(answer, NAMES)).toEqual({ text: answer, calls: [] });
  });
});

describe('what cannot be read is said, and nothing of the answer is called', () => {
  it.each([
    [
      'a block that is cut off',
      '```tool\n{"tool": "read_file", "arguments": {"path": "x',
      'Call 1 is no valid JSON: it ends before it is whole',
    ],
    [
      'a json block that is cut off',
      '```json\n{"tool": "read_file", "arg',
      'Call 1 is no valid JSON: it ends before it is whole',
    ],
    [
      'a second block',
      '```tool\n{"tool": "list_files"}\n```\n```tool\nlist_files()\n```',
      'Call 2 is no valid JSON: "list" stands without quotes before character 48',
    ],
    [
      'a block without a tool',
      '```tool\n{"path": "x"}\n```',
      'Call 1 names no tool: {"tool": "NAME", "arguments": {…}}',
    ],
    [
      'arguments beside their object',
      '```tool\n{"tool": "read_file", "path": "x"}\n```',
      'Call 1, of read_file, needs its "arguments" as an object: {"tool": "read_file", "arguments": {…}}',
    ],
    ['a brace too many', '```tool\n{"tool": "list_files"}}\n```', 'Call 1 has "}\n```" after its JSON object'],
    ['thoughts without an end', '<think>I could', 'it ends in the middle of its thoughts'],
  ])('%s', (_, answer, wrong) => {
    expect(readCalls(answer, NAMES)).toEqual({ wrong });
  });
});

describe('a conversation in words', () => {
  const called: ModelMessage[] = [
    ...OPENING,
    {
      role: 'assistant',
      content: 'Let me see.',
      toolCalls: [
        { id: 'a', name: 'read_file', arguments: "{'path': 'x'}" },
        { id: 'b', name: 'list_files', arguments: '{"cut' },
      ],
    },
    { role: 'tool', callId: 'a', content: 'x = 1' },
    { role: 'tool', callId: 'b', content: 'Refused: no valid JSON' },
    { role: 'user', content: 'Go on.' },
  ];

  it('tells of the tools, shows calls as they are to be written, and lets the roles alternate', () => {
    const [system, task, ...rest] = inWords(called, TOOLS);

    expect(system?.content).toMatch(/^You mend code\.\n\n# Tools\n/);
    expect(system?.content).toContain(
      '## read_file\nRead a file.\nArguments:\n- path: string. Relative to the workspace\n- lines?: array of (integer)\n- as?: "text" | "bytes"\n\n## list_files\nList all files.\nArguments: none, {}',
    );
    expect(task).toEqual(OPENING[1]);
    expect(rest).toEqual([
      {
        role: 'assistant',
        content:
          'Let me see.\n\n```tool\n{"tool":"read_file","arguments":{"path":"x"}}\n```\n\n```tool\n{"tool":"list_files","arguments":"{\\"cut"}\n```',
        toolCalls: [],
      },
      {
        role: 'user',
        content: '### Result of read_file\n\nx = 1\n\n### Result of list_files\n\nRefused: no valid JSON\n\nGo on.',
      },
    ]);
  });

  it('only grows at its end, so that prefix caches hold', () => {
    const bytes = (messages: ModelMessage[]) => JSON.stringify(inWords(messages, TOOLS)).slice(0, -'"}]'.length);
    for (let i = 2; i < called.length; i++) expect(bytes(called).startsWith(bytes(called.slice(0, i)))).toBe(true);
  });
});

describe('a model without tool calling', () => {
  const block = '```tool\n{"tool": "list_files", "arguments": {}}\n```';

  it('is known by the refusal of its endpoint, and stays known', async () => {
    const { model, asked } = scripted('no-tools', block, 'Done.');
    const served = withTextTools(model);

    const first = await served.complete(request());
    const second = await served.complete(request({ turn: 2 }));

    expect(first.toolCalls).toEqual([{ id: 'call_idea_1_1', name: 'list_files', arguments: '{}' }]);
    expect(second).toMatchObject({ text: 'Done.', toolCalls: [] });
    expect(asked.map(({ tools }) => tools.length)).toEqual([2, 0, 0]);
  });

  it('is told of tools in words from the start where that is chosen; a model with tool calling never is', async () => {
    const chosen = scripted(block);
    await withTextTools(chosen.model, { always: true }).complete(request());
    expect(chosen.asked.map(({ tools }) => tools)).toEqual([[]]);

    const native = scripted(block);
    expect(await withTextTools(native.model).complete(request())).toMatchObject({ text: block, toolCalls: [] });
    expect(native.asked[0]).toMatchObject({ tools: TOOLS, messages: OPENING });
  });

  it('is asked once more with what was wrong, and both answers are counted', async () => {
    const retries: string[] = [];
    const { model, asked } = scripted('```tool\n{"tool": "list', block);
    const answer = await withTextTools(model, { always: true }).complete(
      request({ onRetry: (why) => retries.push(why) }),
    );

    expect(answer.toolCalls).toHaveLength(1);
    expect(answer.usage).toEqual({ promptTokens: 20, completionTokens: 4, cachedTokens: 6 });
    expect(retries).toEqual([
      'The calls in the answer of scripted cannot be read (Call 1 is no valid JSON: it ends before it is whole)',
    ]);
    expect(asked[1]?.messages.slice(-2)).toEqual([
      { role: 'assistant', content: '```tool\n{"tool": "list', toolCalls: [] },
      {
        role: 'user',
        content: expect.stringMatching(/^None of your calls was executed.*it ends before it is whole\. /),
      },
    ]);
  });

  it('is not asked again where what the first answer took leaves no room', async () => {
    const { model, asked } = scripted('```tool\n{"tool": "list', block);
    const spent: number[] = [];
    const mayAskAgain = ({ promptTokens }: Usage) => {
      spent.push(promptTokens);
      return false;
    };
    const answer = await withTextTools(model, { always: true }).complete(request({ mayAskAgain }));
    expect(answer.toolCalls).toEqual([]);
    expect(spent).toEqual([10]);
    expect(asked).toHaveLength(1);
  });

  it('that cannot be read twice has called nothing, and is not asked a third time', async () => {
    const { model, asked } = scripted('```tool\nlist', '```tool\nlist again');
    const answer = await withTextTools(model, { always: true }).complete(request());
    expect(answer).toMatchObject({ text: '```tool\nlist again', toolCalls: [] });
    expect(asked).toHaveLength(2);
  });

  it('that was refused for another reason fails as before', async () => {
    const { model } = scripted('refused-key');
    await expect(withTextTools(model).complete(request())).rejects.toMatchObject({ reason: 'refused-key' });
  });
});

it('people see the words of an answer as they come, without its calls', () => {
  const seen: string[] = [];
  const hear = proseOnly((delta) => seen.push(delta));
  for (const delta of ['Use `x`', ' and\n', '``', '`', 'tool\n{"tool"', ': "list_files"}\n```']) hear(delta);
  expect(seen).toEqual(['Use `x`', ' and\n']);
});

/** Answers, or the reasons of failures, one after the other. */
function scripted(...turns: string[]): { model: ChatModel; asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  const complete = async (given: ModelRequest): Promise<ModelAnswer> => {
    asked.push(given);
    const text = turns.shift() ?? '';
    if (text === 'no-tools' || text === 'refused-key') throw new ModelError(text, 'Refused.');
    const usage = { promptTokens: 10, completionTokens: 2, cachedTokens: 3 };
    return { text, toolCalls: [], usage, model: 'm' };
  };
  return { model: { name: 'scripted', recorded: false, complete }, asked };
}

function request(more: Partial<ModelRequest> = {}): ModelRequest {
  return { agent: 'idea', turn: 1, messages: OPENING, tools: TOOLS, signal: new AbortController().signal, ...more };
}
