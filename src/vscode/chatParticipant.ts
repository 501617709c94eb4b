import * as vscode from 'vscode';
import type { LazySurface } from './lazySurface.ts';
import { TOOLS, type ToolName } from './toolNames.ts';

/** `@mlr` in the Chat view of VS Code, and what other agents there may use; both load their work when they are asked. */
export function chatOfEditor(lazy: LazySurface): vscode.Disposable[] {
  const participant = vscode.chat.createChatParticipant('mlr.research', async (request, _context, stream) => {
    await lazy.attempt(async (surface) => (await import('./chatReply.ts')).reply(surface, request, stream));
  });
  participant.iconPath = vscode.Uri.joinPath(lazy.extensionUri, 'media', 'mlr.svg');
  return [participant, ...TOOLS.map((name) => tool(name, lazy))];
}

function tool(name: ToolName, lazy: LazySurface): vscode.Disposable {
  return vscode.lm.registerTool<object>(name, {
    prepareInvocation: async ({ input }) => (await import('./editorTools.ts')).preparation(name, input),
    invoke: async ({ input }, token) => {
      const surface = await lazy.surface();
      const text = await (await import('./editorTools.ts')).answer(surface, name, { input, token });
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    },
  });
}
