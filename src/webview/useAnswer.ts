import { useEffect, useState } from 'preact/hooks';
import type { Host } from './host.ts';
import type { Gate, GateAnswer } from './messages.ts';

/** Sends one answer to a gate: its buttons stay pressed until the gate closes or the answer is refused. */
export function useAnswer(
  gate: Gate | null,
  refusals: number,
  host: Host,
): { answer(answer: GateAnswer): void; sent: boolean } {
  const [sent, setSent] = useState(false);
  const id = gate?.id ?? null;
  useEffect(() => setSent(false), [id, refusals]);
  return {
    sent,
    answer: (answer) => {
      if (id === null || sent) return;
      setSent(true);
      host.post({ type: 'answer', gate: id, answer });
    },
  };
}
