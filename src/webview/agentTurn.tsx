import { memo } from 'preact/compat';
import type { ItemOf, ToolUse } from './messages.ts';
import { Prose } from './prose.tsx';

export function agentName(agent: ItemOf<'agent'>['agent']): string {
  return `${agent.charAt(0).toUpperCase()}${agent.slice(1)} agent`;
}

export const Started = memo(function Started({ item }: { item: ItemOf<'started'> }) {
  return (
    <li class="entry started">
      <p class="quiet">
        {agentName(item.agent)} begins, with {item.model}
      </p>
    </li>
  );
});

/** What an agent said and which tools it used; a tool's words are folded away until they are wanted. */
export const AgentTurn = memo(function AgentTurn({ item }: { item: ItemOf<'agent'> }) {
  return (
    <li class="entry agent">
      <h2 class="who">{agentName(item.agent)}</h2>
      <Prose text={item.text} />
      {item.tools.map((tool) => (
        <Tool key={tool.id} tool={tool} />
      ))}
    </li>
  );
});

function Tool({ tool }: { tool: ToolUse }) {
  const subject = subjectOf(tool.arguments);
  return (
    <details class="tool">
      <summary>
        <Outcome ok={tool.ok} /> <span class="name">{tool.name}</span>{' '}
        {subject && <span class="subject">{subject}</span>}
      </summary>
      <h3>Asked</h3>
      <pre>{indented(tool.arguments)}</pre>
      {tool.ok !== null && <h3>{tool.ok ? 'Answered' : 'Refused'}</h3>}
      {tool.ok !== null && <pre>{tool.content}</pre>}
    </details>
  );
}

function Outcome({ ok }: { ok: boolean | null }) {
  if (ok === null) return <span class="mark">… running</span>;
  return ok ? <span class="mark good">✓</span> : <span class="mark bad">✗ failed</span>;
}

/** The file, command or question that a call is about: the first short text among its arguments. */
function subjectOf(argumentsJson: string): string {
  const values = Object.values(parsed(argumentsJson) ?? {});
  const text = values.find((value): value is string => typeof value === 'string' && value.length <= 200);
  return text?.split('\n')[0] ?? '';
}

function indented(argumentsJson: string): string {
  const value = parsed(argumentsJson);
  return value === null ? argumentsJson : JSON.stringify(value, null, 2);
}

/** A model's arguments need not be JSON; then they are shown as they are. */
function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
