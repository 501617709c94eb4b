import pc from 'picocolors';
import { initContract } from '../../engine/contracts.ts';
import { printJson } from '../print.ts';
import type { CommonOptions } from './options.ts';

/** Says what was written and why, shows what the person's own script needs, and what to do next. */
export async function init(options: CommonOptions): Promise<void> {
  const made = await initContract(options.workspace);
  if (options.json) return printJson(made);
  const width = Math.max(...made.files.map(({ path }) => path.length));
  const written = made.files.map(({ path, what }) => `  ${path.padEnd(width)}  ${pc.dim(what)}`);
  const parts = [[pc.bold('Written'), ...written].join('\n')];
  if (made.notes.length > 0) parts.push(made.notes.map((note) => `  ${note}`).join('\n'));
  if (made.diff !== null) {
    const head = `${pc.bold('Your script')} is as it was. For a measurement it has to change like this:`;
    parts.push(`${head}\n\n${coloured(made.diff)}`);
  }
  parts.push([pc.bold('Next'), ...made.next.map((step, index) => `  ${index + 1}. ${step}`)].join('\n'));
  process.stdout.write(`${parts.join('\n\n')}\n`);
}

function coloured(diff: string): string {
  const lines = diff.trimEnd().split('\n');
  return lines
    .map((line) => {
      if (/^(?:---|\+\+\+) /.test(line)) return pc.bold(line);
      if (line.startsWith('@@')) return pc.cyan(line);
      if (line.startsWith('+')) return pc.green(line);
      return line.startsWith('-') ? pc.red(line) : line;
    })
    .join('\n');
}
