import { type ChatServer, chatServer, delta, streams, type Turn, USAGE } from '../../unit/models/chatServer.ts';

interface Asked {
  readonly system: string;
  readonly task: string;
  /** From 1, within the agent's conversation. */
  readonly turn: number;
}

/** What a model answers: the tool to call with its arguments, or words alone. */
export type Answer = { readonly tool: string; readonly args: object } | string;

/** Who speaks, told by the tool each agent hands in with. */
export interface Script {
  submit_ideas?(asked: Asked): Answer;
  submit_contract?(asked: Asked): Answer;
  submit_changes(asked: Asked): Answer;
  submit_fix?(asked: Asked): Answer | Promise<Answer>;
  submit_change_review(asked: Asked): Answer;
  submit_review(asked: Asked): Answer;
}

/** A language model behind the documented protocol that says what a test has written for each agent.
 *  @param first what it does before that, a turn a request */
export async function scriptedEndpoint(script: Script, ...first: Turn[]): Promise<ChatServer> {
  return chatServer(...first, async (response, received) => {
    const { messages, tools } = received.body as unknown as {
      messages: { role: string; content: string }[];
      tools: { function: { name: string } }[];
    };
    const submit = tools.map((tool) => tool.function.name).find((name): name is keyof Script => name in script);
    if (!submit) throw new Error('An agent that the script does not know has asked.');
    const turn = messages.filter(({ role }) => role === 'assistant').length + 1;
    const asked = { system: messages[0]?.content ?? '', task: messages[1]?.content ?? '', turn };
    const answer = (await script[submit]?.(asked)) ?? '';
    const chunks = typeof answer === 'string' ? [delta({ content: answer }), delta({}, 'stop')] : calls(answer, turn);
    return streams(...chunks, USAGE)(response, received);
  });
}

function calls({ tool, args }: Exclude<Answer, string>, turn: number): object[] {
  const call = {
    index: 0,
    id: `call_${turn}`,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(args) },
  };
  return [delta({ role: 'assistant', tool_calls: [call] }), delta({}, 'tool_calls')];
}
