import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import type { Gate, GateAnswer } from '../domain/gate.ts';

/** The person ended the input (Ctrl-D) instead of answering: the gate stays open. */
export class LeftAtGate extends Error {
  override readonly name = 'LeftAtGate';
}

/** Asks the person at the terminal to decide. The question goes to standard error: standard output is the result's.
 *  @throws AbortError when the signal ends the asking; LeftAtGate */
export async function askPerson(gate: Gate, detail: string, signal: AbortSignal): Promise<GateAnswer> {
  const { stdin: input, stderr: output } = process;
  const lines = createInterface({ input, output });
  const left = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new LeftAtGate('The input ended at a gate.')));
  });
  // A terminal that reads a line takes Ctrl-C for itself.
  lines.on('SIGINT', () => process.emit('SIGINT'));
  const ask = (question: string) => Promise.race([lines.question(question, { signal }), left]);
  try {
    output.write(`\n${pc.bold(gate.question)}\n\n${detail}\n\n`);
    for (const [index, option] of gate.options.entries()) output.write(`  ${index + 1}. ${option.label}\n`);
    const choice = await pick(ask, gate);
    const comment = choice === 'revise' ? await ask('What should be different? ') : '';
    return comment.trim() === '' ? { choice } : { choice, comment };
  } finally {
    lines.close();
  }
}

async function pick(ask: (question: string) => Promise<string>, gate: Gate): Promise<string> {
  for (;;) {
    const typed = (await ask(`1–${gate.options.length}: `)).trim();
    const option = gate.options[Number(typed) - 1] ?? gate.options.find((o) => o.choice === typed);
    if (option) return option.choice;
  }
}
