import { agentName } from './agentTurn.tsx';
import type { Item } from './messages.ts';

/** The message that is being written: words only, drawn as they come. */
export function Writing({ call, text, items }: { call: string; text: string; items: readonly Item[] }) {
  const started = items.findLast((item) => item.kind === 'started' && item.call === call);
  const who = started?.kind === 'started' ? agentName(started.agent) : 'An agent';
  return (
    <li class="entry agent">
      <h2 class="who">{who} is writing…</h2>
      <p class="plain">{text}</p>
    </li>
  );
}
