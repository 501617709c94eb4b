import type { ModelMessage, ToolCall } from '../domain/conversation.ts';
import type { ToolDescription } from './chatModel.ts';
import { readArguments } from './nearlyJson.ts';
import protocol from './textTools.md';

type PlainMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls: [] };

/** How the result of a call is headed; a model that writes such a line itself is making a result up. */
export const RESULT_HEADING = '### Result of ';

/** A conversation with tools as one of words alone: the tools stand at the end of the system message, calls are blocks,
 *  results are the user's. Users' messages in a row become one, since some chat templates want the roles to alternate.
 *  The same conversation gives the same bytes, and a longer one begins with those of the shorter. */
export function inWords(messages: readonly ModelMessage[], tools: readonly ToolDescription[]): ModelMessage[] {
  const names = new Map<string, string>();
  const said: PlainMessage[] = tools.length > 0 && messages[0]?.role !== 'system' ? [system('', tools)] : [];
  for (const [i, message] of messages.entries()) {
    if (message.role === 'assistant') for (const { id, name } of message.toolCalls) names.set(id, name);
    const plain = i === 0 && message.role === 'system' ? system(message.content, tools) : plainly(message, names);
    const last = said.at(-1);
    if (plain.role === 'user' && last?.role === 'user') last.content += `\n\n${plain.content}`;
    else said.push(plain);
  }
  return said;
}

function system(content: string, tools: readonly ToolDescription[]): PlainMessage {
  if (tools.length === 0) return { role: 'system', content };
  const words = protocol.replace('{{tools}}', () => tools.map(toolInWords).join('\n\n')).trim();
  return { role: 'system', content: content === '' ? words : `${content}\n\n${words}` };
}

function plainly(message: ModelMessage, names: ReadonlyMap<string, string>): PlainMessage {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content };
    case 'assistant': {
      const parts = [message.content, ...message.toolCalls.map(callInWords)].filter((part) => part !== '');
      return { role: 'assistant', content: parts.join('\n\n'), toolCalls: [] };
    }
    case 'tool': {
      const name = names.get(message.callId) ?? 'a call';
      return { role: 'user', content: `${RESULT_HEADING}${name}\n\n${message.content}` };
    }
  }
}

/** Arguments that could not be read stand as they were written: what was wrong with them stands in the result. */
function callInWords({ name, arguments: text }: ToolCall): string {
  const read = readArguments(text);
  const args = 'value' in read ? read.value : text;
  return `\`\`\`tool\n${JSON.stringify({ tool: name, arguments: args })}\n\`\`\``;
}

/** A tool with its arguments, in a fifth of the words of its JSON schema. */
function toolInWords({ name, description, parameters }: ToolDescription): string {
  const required = Array.isArray(parameters.required) ? parameters.required : [];
  const lines = Object.entries(asSchema(parameters.properties) ?? {}).map(([argument, schema]) => {
    const about = asSchema(schema)?.description;
    const mark = required.includes(argument) ? '' : '?';
    return `- ${argument}${mark}: ${typeInWords(schema)}${typeof about === 'string' ? `. ${about}` : ''}`;
  });
  const args = lines.length === 0 ? 'Arguments: none, {}' : `Arguments:\n${lines.join('\n')}`;
  return `## ${name}\n${description}\n${args}`;
}

/** A JSON Schema as the type that most models have read most of; what has no such form stays a schema. */
function typeInWords(schema: unknown): string {
  const given = asSchema(schema);
  if (!given) return 'any';
  const { type, items, properties, enum: choices, const: only, anyOf } = given;
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(anyOf)) return anyOf.map(typeInWords).join(' | ');
  if (type === 'array') return `array of (${typeInWords(items)})`;
  if (type === 'object' && asSchema(properties)) return objectInWords(given);
  return typeof type === 'string' && type !== 'object' ? type : JSON.stringify(given);
}

function objectInWords({ properties, required }: Record<string, unknown>): string {
  const needed = Array.isArray(required) ? required : [];
  const fields = Object.entries(asSchema(properties) ?? {}).map(([name, schema]) => {
    const about = asSchema(schema)?.description;
    const comment = typeof about === 'string' ? ` (${about})` : '';
    return `"${name}"${needed.includes(name) ? '' : '?'}: ${typeInWords(schema)}${comment}`;
  });
  return `{${fields.join(', ')}}`;
}

function asSchema(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
