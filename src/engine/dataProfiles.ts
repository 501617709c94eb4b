import { realpath } from 'node:fs/promises';
import type { DataProfile } from '../workspace/data/dataProfile.ts';

export type { ColumnProfile, Count, FolderProfile, TableProfile } from '../workspace/data/dataProfile.ts';
export type { DataProfile };

/** Profiles files and folders of data, by their paths relative to the workspace or absolute. */
export async function profileFiles(workspace: string, paths: readonly string[]): Promise<DataProfile> {
  const { profileData } = await import('../workspace/data/profileData.ts');
  return await profileData(await realpath(workspace), paths);
}
