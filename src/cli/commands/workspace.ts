import { profileFiles } from '../../engine/dataProfiles.ts';
import { dataText } from '../dataText.ts';
import { EXIT } from '../exitCode.ts';
import { printJson } from '../print.ts';
import type { CommonOptions } from './options.ts';

/** Profiles data; ends as bad input where a path named nothing that could be read. */
export async function data(paths: string[], options: CommonOptions): Promise<void> {
  const profile = await profileFiles(options.workspace, paths);
  if (options.json) printJson(profile);
  else process.stdout.write(dataText(profile));
  if (profile.files.some(({ kind }) => kind === 'unreadable')) process.exitCode = EXIT.badInput;
}
