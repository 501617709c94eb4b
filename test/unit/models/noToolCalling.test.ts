import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { runAgent } from '../../../src/agents/loop.ts';
import { finishingTool, tool } from '../../../src/agents/tool.ts';
import { openaiCompatible } from '../../../src/models/openaiCompatible.ts';
import { withTextTools } from '../../../src/models/textTools.ts';
import { type ChatServer, chatServer, refuses, says, type Turn } from './chatServer.ts';

let server: ChatServer;

afterEach(() => server.close());

it.each([
  ['Ollama', 400, 'registry.ollama.ai/library/gemma3:4b does not support tools'],
  ['vLLM', 400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
  ['llama.cpp', 500, 'tools param requires --jinja flag'],
  ['an older llama.cpp', 500, 'Unsupported param: tools'],
  ['OpenRouter', 404, 'No endpoints found that support tool use. To learn more about provider routing, visit …'],
])('an agent works through %s without tool calling, each call executed once', async (_, status, message) => {
  const { output, read } = await work([
    refuses(status, { message }),
    says('I look.\n```tool\n{"tool": "read_file", "arguments": {"path": "a.py"}}\n```'),
    says('```json\n{"tool": "submit", "arguments": {"found": 3,'),
    says('```json\n{"tool": "submit", "arguments": {"found": 3}}\n```'),
  ]);

  expect(output).toEqual({ found: 3 });
  expect(read).toEqual(['a.py']);
  expect(server.received.map(({ body }) => 'tools' in body)).toEqual([true, false, false, false]);
  expect(server.received[2]?.body.messages).toEqual([
    { role: 'system', content: expect.stringContaining('## submit\nHand in.\nArguments:\n- found: ') },
    { role: 'user', content: 'Find it.' },
    { role: 'assistant', content: expect.stringMatching(/^I look\.\n\n```tool\n/) },
    { role: 'user', content: '### Result of read_file\n\nThe text of a.py' },
  ]);
});

it('a request that is refused for what is in it is no reason to take tools away', async () => {
  await expect(work([refuses(400, { message: 'tools[0].function.name is too long' })])).rejects.toMatchObject({
    reason: 'bad-answer',
  });
  expect(server.received).toHaveLength(1);
});

async function work(turns: Turn[]) {
  server = await chatServer(...turns);
  const read: string[] = [];
  const tools = [
    tool({
      name: 'read_file',
      description: 'Read a file.',
      parameters: z.object({ path: z.string() }),
      looks: true,
      run: async ({ path }) => {
        read.push(path);
        return `The text of ${path}`;
      },
    }),
    finishingTool({
      name: 'submit',
      description: 'Hand in.',
      parameters: z.object({ found: z.number() }),
      run: async (result) => ({ result }),
    }),
  ];
  const { output } = await runAgent({
    agent: 'idea',
    system: 'You look for it.',
    task: 'Find it.',
    tools,
    model: withTextTools(openaiCompatible({ baseUrl: server.baseUrl, model: 'm', retries: 0 })),
    budget: { turns: 5, tokens: 100_000 },
    on: () => Promise.resolve(),
    signal: new AbortController().signal,
  });
  return { output, read };
}
