import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { FileHashes } from './fileHashes.ts';
import { systemCode } from './runError.ts';

/** What is in an output folder. Bytes. */
export interface OutputSurvey {
  files: number;
  bytes: number;
  /** A link, named pipe, socket or device, with its place: nothing that evidence may rest on. */
  forbidden: string | null;
}

/** Counts an output folder without reading its files; what vanishes meanwhile counts as nothing. */
export async function surveyOutput(folder: string): Promise<OutputSurvey> {
  const survey: OutputSurvey = { files: 0, bytes: 0, forbidden: null };
  const kind = await lstat(folder).catch(() => null);
  if (kind?.isDirectory()) await walk(folder);
  // A run may have put a link in its place.
  else if (kind) survey.forbidden = 'something else than a folder';
  return survey;

  async function walk(at: string): Promise<void> {
    for (const name of await namesIn(at)) {
      const path = join(at, name);
      const kind = await lstat(path).catch(() => null);
      if (kind === null) continue;
      if (kind.isDirectory()) await walk(path);
      else if (kind.isFile()) {
        survey.files += 1;
        survey.bytes += kind.size;
      } else survey.forbidden ??= `${kindOf(kind)}, ${relative(folder, path)}`;
    }
  }
}

/** SHA-256 over names and contents, with the number of files and bytes; null where there is no such folder, or where it
 *  holds more than `most` bytes: nobody scores such an output, and reading it could take as long as the run. */
export async function hashOutput(
  folder: string,
  most: number,
): Promise<{ sha256: string; files: number; bytes: number } | null> {
  const { files, bytes } = await surveyOutput(folder);
  if (bytes > most) return null;
  const sha256 = await new FileHashes().of(folder);
  return sha256 === null ? null : { sha256, files, bytes };
}

function kindOf(kind: Stats): string {
  if (kind.isSymbolicLink()) return 'a link';
  if (kind.isFIFO()) return 'a named pipe';
  return kind.isSocket() ? 'a socket' : 'a device';
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(systemCode(error) ?? '')) return [];
    throw error;
  }
}
