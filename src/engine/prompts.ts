import { realpath } from 'node:fs/promises';
import type { From, PreviewedPrompt, PromptPreview } from '../session/previewPrompt.ts';
import type { Asking } from './finding.ts';

export type { PreviewedPrompt, PromptPreview } from '../session/previewPrompt.ts';

/** What an agent would be sent first, in the workspace as it is now.
 *  @throws SessionError `bad-input`, AgentError `prompt`, PaperError, ContractError */
export async function promptPreview(
  asking: Asking & { readonly localOnly: boolean },
  name: PreviewedPrompt,
  from: From,
): Promise<PromptPreview> {
  const { previewPrompt } = await import('../session/previewPrompt.ts');
  return previewPrompt({ ...asking, workspace: await realpath(asking.workspace) }, name, from);
}
