import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { profileData } from '../workspace/data/profileData.ts';
import { isWithin, meant, visiblePath } from '../workspace/readText.ts';
import type { LookingPlace } from './lookingPlace.ts';
import { profileInWords } from './profileInWords.ts';
import { type Tool, tool } from './tool.ts';

/** What is profiled, and the folder that it is relative to. */
interface Target {
  readonly root: string;
  readonly path: string;
}

/** Profiles of files larger than any model could read; of a hidden file there is none. */
export function profileTool(place: LookingPlace): Tool<never> {
  return tool({
    name: 'profile_data',
    looks: true,
    description:
      'Profile files or folders of data (tables, arrays, images, texts): columns, types, ranges, classes, missing values, repeated rows, and rows that files share.',
    parameters: z.object({
      paths: z.array(z.string()).min(1).max(6),
      from_column: z.number().int().min(1).optional().describe('Of wide tables: the first column to tell, from 1.'),
    }),
    run: async ({ paths, from_column }) => {
      const targets: Target[] = [];
      for (const path of new Set(paths)) {
        const found = await targetOf(path, place);
        if ('refused' in found) return found;
        targets.push(found);
      }
      // Rows that files share are found among the files of one folder.
      const roots = [...new Set(targets.map(({ root }) => root))];
      const profiles = roots.map((root) => {
        const own = targets.filter((target) => target.root === root);
        return profileData(
          root,
          own.map(({ path }) => path),
        );
      });
      return (await Promise.all(profiles)).map((profile) => profileInWords(profile, from_column)).join('\n\n');
    },
  });
}

/** In the agent's own folder, else in the researcher's workspace. */
async function targetOf(
  path: string,
  { root, workspace, hidden }: LookingPlace,
): Promise<Target | { refused: string }> {
  const base = workspace !== undefined && !existsSync(join(root, path)) ? workspace : root;
  const found = await visiblePath(base, path, hidden);
  if (!found.ok) return { refused: `${found.why} list_files names what there is.` };
  const within = (await meant(base, hidden)).find((one) => found.path === '' || isWithin(one, [found.path]));
  if (within === undefined) return { root: base, path: found.path };
  return { refused: `${path} holds ${within}, which is hidden: name its other files one by one.` };
}
