import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import type { Gate, GateAnswer } from '../domain/gate.ts';

/** Asks the person at the terminal to decide. The question goes to standard error: standard output is the result's.
 *  @throws AbortError when the signal ends the asking */
export async function askPerson(gate: Gate, signal: AbortSignal): Promise<GateAnswer> {
  const { stdin: input, stderr: output } = process;
  const lines = createInterface({ input, output });
  try {
    output.write(`\n${pc.bold(gate.question)}\n\n${gate.detail}\n\n`);
    for (const [index, option] of gate.options.entries()) output.write(`  ${index + 1}. ${option.label}\n`);
    const choice = await pick(lines, gate, signal);
    const comment = choice === 'revise' ? await lines.question('What should be different? ', { signal }) : '';
    return comment.trim() === '' ? { choice } : { choice, comment };
  } finally {
    lines.close();
  }
}

async function pick(lines: ReturnType<typeof createInterface>, gate: Gate, signal: AbortSignal): Promise<string> {
  for (;;) {
    const typed = (await lines.question(`1–${gate.options.length}: `, { signal })).trim();
    const option = gate.options[Number(typed) - 1] ?? gate.options.find((o) => o.choice === typed);
    if (option) return option.choice;
  }
}
