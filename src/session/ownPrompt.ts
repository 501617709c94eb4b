import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OwnPrompt } from '../agents/prompt.ts';

/** The prompts that a workspace may have its own of, each a Markdown file of this name in `.mlr/prompts/`. */
export const PROMPTS = ['idea', 'contract', 'experiment', 'review', 'debug', 'validate'] as const;
export type PromptName = (typeof PROMPTS)[number];

/** The researcher's own prompt, for an agent's context; nothing where there is none. Agents cannot write there. */
export async function ownPrompt(workspace: string, name: PromptName): Promise<{ prompt?: OwnPrompt }> {
  const file = `.mlr/prompts/${name}.md`;
  const text = await readFile(path.join(workspace, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (text === null) return {};
  return { prompt: { file, text, sha256: createHash('sha256').update(text).digest('hex') } };
}
