import * as z from 'zod';
import { ChangeError } from '../changes/changeError.ts';
import { createFile, editFile } from '../changes/editFile.ts';
import type { Contract } from '../domain/contract.ts';
import type { DeskReply } from '../workspace/readingDesk.ts';
import { readText } from '../workspace/readText.ts';
import type { LookingPlace } from './lookingPlace.ts';
import { answered, readingTools } from './readingTools.ts';
import { type Tool, tool } from './tool.ts';

/** Where an agent works: a folder of its own that it may read and change within the contract, and try out. */
export interface Workbench {
  readonly place: LookingPlace;
  edit(path: string, oldText: string, newText: string): Promise<DeskReply>;
  write(path: string, content: string): Promise<DeskReply>;
  /** Runs the pilot confined, then `validate` where the contract has it; both in words. Rejects when stopped. */
  pilot(signal: AbortSignal): Promise<DeskReply>;
  /** The files that differ from where the agent began. */
  changed(): Promise<readonly string[]>;
}

/** Longer edits are not shown again. Lines. */
const MOST_SHOWN = 60;

/** A bench in a place. Hidden files are neither read nor written, protected ones not written. */
export function worktreeBench(
  place: LookingPlace,
  contract: Pick<Contract, 'protected'>,
  ports: Pick<Workbench, 'pilot' | 'changed'>,
): Workbench {
  const { root: folder, hidden } = place;
  const guards = { protected: [...contract.protected, 'mlr.yaml'], forbidden: hidden };
  return {
    place,
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

/** The tool that tries out the files as they now are. */
export interface TrialTool {
  readonly name: string;
  readonly description: string;
}

const PILOT: TrialTool = {
  name: 'run_pilot',
  description:
    "Run the contract's pilot command, with seed 0, on the files as they now are, and see its output and validation scores.",
};

/** The tools that look, change, and try out. */
export function editingTools(bench: Workbench, trial = PILOT): Tool<never>[] {
  return [
    ...readingTools(bench.place),
    tool({
      name: 'edit_file',
      description:
        'Replace one place in a file. old_text must stand in the file exactly once, so give enough lines around the change.',
      parameters: z.object({ path: z.string(), old_text: z.string(), new_text: z.string() }),
      run: async (args) => answered(await bench.edit(args.path, args.old_text, args.new_text)),
    }),
    tool({
      name: 'write_file',
      description: 'Create a new file with this content. Files that exist are changed with edit_file.',
      parameters: z.object({ path: z.string(), content: z.string() }),
      run: async ({ path, content }) => answered(await bench.write(path, content)),
    }),
    tool({
      ...trial,
      parameters: z.object({}),
      keeps: 'end',
      run: async (_, { signal }) => answered(await bench.pilot(signal)),
    }),
  ];
}
