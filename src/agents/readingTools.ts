import * as z from 'zod';
import { type DeskReply, readingDesk } from '../workspace/readingDesk.ts';
import type { LookingPlace } from './lookingPlace.ts';
import { profileTool } from './profileTool.ts';
import { searchCode } from './searchCode.ts';
import { type Tool, type ToolAnswer, tool } from './tool.ts';

/** The tools that look into a place: its files, its code and its data. Nothing is changed. */
export function readingTools(place: LookingPlace): Tool<never>[] {
  const desk = readingDesk(place.root, place.hidden);
  return [
    tool({
      name: 'list_files',
      looks: true,
      description: 'List the files of the workspace, or of one folder, with their sizes.',
      parameters: z.object({ folder: z.string().optional() }),
      run: async ({ folder }) => answered(await desk.list(folder ?? '')),
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
      run: async ({ path, from, lines }) => answered(await desk.read(path, { from, lines })),
    }),
    tool({
      name: 'search_pattern',
      looks: true,
      description: 'Find every line that matches a regular expression of JavaScript, upper and lower case alike.',
      parameters: z.object({ pattern: z.string().min(1), folder: z.string().optional() }),
      run: async ({ pattern, folder }) => answered(await desk.search(pattern, folder)),
    }),
    searchCode(place),
    profileTool(place),
  ];
}

/** What a desk says, as a tool's answer. */
export function answered({ ok, text }: DeskReply): ToolAnswer<never> {
  return ok ? text : { refused: text };
}
