import * as z from 'zod';
import { ChangeError } from '../changes/changeError.ts';
import { createFile, editFile } from '../changes/editFile.ts';
import { type Contract, concealed } from '../domain/contract.ts';
import { type DeskReply, type ReadingDesk, readingDesk } from '../workspace/readingDesk.ts';
import { readText } from '../workspace/readText.ts';
import { type Tool, type ToolAnswer, tool } from './tool.ts';

/** Where an agent works: a folder of its own that it may read and change within the contract, and try out. */
export interface Workbench extends ReadingDesk {
  edit(path: string, oldText: string, newText: string): Promise<DeskReply>;
  write(path: string, content: string): Promise<DeskReply>;
  /** Runs the pilot confined, then `validate` where the contract has it; both in words. Rejects when stopped. */
  pilot(signal: AbortSignal): Promise<DeskReply>;
  /** The files that differ from where the agent began. */
  changed(): Promise<readonly string[]>;
}

/** Longer edits are not shown again. Lines. */
const MOST_SHOWN = 60;

/** A bench in a worktree's workspace folder. Hidden files are neither read nor written, protected ones not written. */
export function worktreeBench(
  folder: string,
  contract: Pick<Contract, 'hidden' | 'final' | 'protected'>,
  ports: Pick<Workbench, 'pilot' | 'changed'>,
): Workbench {
  const hidden = concealed(contract);
  const guards = { protected: [...contract.protected, 'mlr.yaml'], forbidden: hidden };
  return {
    ...readingDesk(folder, hidden),
    ...ports,
    edit: async (path, oldText, newText) => {
      const done = await refusing(() => editFile(folder, path, { oldText, newText }, guards), `${path} is changed.`);
      return done.ok ? { ok: true, text: `${done.text}${await around(folder, path, newText)}` } : done;
    },
    write: (path, content) => refusing(() => createFile(folder, path, content, guards), `${path} is written.`),
  };
}

/** The changed lines as they now stand, with two more on each side; saves the model reading the file again. */
async function around(folder: string, path: string, newText: string): Promise<string> {
  const read = await readText(folder, path);
  const at = read.ok ? read.text.indexOf(newText) : -1;
  if (!read.ok || at < 0) return '';
  const first = read.text.slice(0, at).split('\n').length;
  const count = newText.split('\n').length;
  if (count > MOST_SHOWN) return '';
  const from = Math.max(1, first - 2);
  const lines = read.text.split('\n').slice(from - 1, first + count + 1);
  return ` Lines ${from} to ${from + lines.length - 1} are now:\n${lines.join('\n')}`;
}

async function refusing(change: () => Promise<unknown>, done: string): Promise<DeskReply> {
  try {
    await change();
    return { ok: true, text: done };
  } catch (error) {
    if (error instanceof ChangeError) return { ok: false, text: error.message };
    throw error;
  }
}

/** The tools that look. */
export function readingTools(desk: ReadingDesk): Tool<never>[] {
  return [
    tool({
      name: 'list_files',
      looks: true,
      description: 'List the files of the workspace, or of one folder, with their sizes.',
      parameters: z.object({ folder: z.string().optional().describe('Relative to the workspace; all if left out.') }),
      run: async ({ folder }) => answer(await desk.list(folder ?? '')),
    }),
    tool({
      name: 'read_file',
      looks: true,
      description: 'Read a text file, 400 lines at a time.',
      parameters: z.object({
        path: z.string(),
        from: z.number().int().min(1).optional().describe('First line, from 1.'),
        lines: z.number().int().min(1).optional(),
      }),
      run: async ({ path, from, lines }) => answer(await desk.read(path, { from, lines })),
    }),
    tool({
      name: 'search_text',
      looks: true,
      description: 'Find every line that holds these words literally, upper and lower case alike.',
      parameters: z.object({ words: z.string().min(1), folder: z.string().optional() }),
      run: async ({ words, folder }) => answer(await desk.search(words, folder)),
    }),
  ];
}

const PILOT =
  "Run the contract's pilot command, with seed 0, on the files as they now are, and see its output and validation scores.";

/** The tools that look and change.
 *  @param pilotDoes what `run_pilot` does, for the model */
export function editingTools(bench: Workbench, pilotDoes = PILOT): Tool<never>[] {
  return [
    ...readingTools(bench),
    tool({
      name: 'edit_file',
      description:
        'Replace one place in a file. old_text must stand in the file exactly once, so give enough lines around the change.',
      parameters: z.object({ path: z.string(), old_text: z.string(), new_text: z.string() }),
      run: async (args) => answer(await bench.edit(args.path, args.old_text, args.new_text)),
    }),
    tool({
      name: 'write_file',
      description: 'Create a new file with this content. Files that exist are changed with edit_file.',
      parameters: z.object({ path: z.string(), content: z.string() }),
      run: async ({ path, content }) => answer(await bench.write(path, content)),
    }),
    tool({
      name: 'run_pilot',
      description: pilotDoes,
      parameters: z.object({}),
      keeps: 'end',
      run: async (_, { signal }) => answer(await bench.pilot(signal)),
    }),
  ];
}

function answer({ ok, text }: DeskReply): ToolAnswer<never> {
  return ok ? text : { refused: text };
}
