import path from 'node:path';
import pc from 'picocolors';
import { type PreviewedPrompt, promptPreview } from '../../engine/prompts.ts';
import { printJson } from '../print.ts';
import { asking } from './asking.ts';
import { namedPaper } from './namedPaper.ts';
import type { CommonOptions } from './options.ts';

/** Prints what an agent would be sent, and asks no model. */
export async function prompt(
  agent: PreviewedPrompt,
  options: CommonOptions & { paper?: string; idea?: string; small?: boolean; localOnly?: boolean },
): Promise<void> {
  const { paper, idea, small = false } = options;
  const preview = await promptPreview(asking(options), agent, {
    ...(paper !== undefined && { paper: await namedPaper(paper, '--paper') }),
    ...(idea !== undefined && { idea: path.resolve(idea) }),
    room: small ? 'small' : 'ample',
  });
  if (options.json) return printJson(preview);
  const { messages, tools, tokens, file } = preview;
  const said = messages.map(({ role, content }) => `${pc.bold(`== ${role}`)}\n\n${content}`);
  const offered = tools.map((tool) => `${pc.bold(tool.name)}: ${tool.description}\n${JSON.stringify(tool.parameters)}`);
  process.stdout.write(`${[...said, `${pc.bold('== tools')}\n`, ...offered].join('\n\n')}\n`);
  const own = file ?? `the tool's own words; a file .mlr/prompts/${agent}.md would replace them`;
  process.stderr.write(`mlr: about ${tokens} tokens, from ${own}\n`);
}
