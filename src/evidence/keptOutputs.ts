import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ReportError } from './reportError.ts';
import type { RunEvidence } from './runEvidence.ts';
import { type Member, packTar, sizeInArchive, unpackTar } from './tarArchive.ts';

/** The outputs of runs in a report folder: one file, however many runs there are, as a report is made to be committed. */
export const OUTPUTS = 'outputs.tar.gz';

/** An archive is not made larger than this, nor read where it is. Bytes, unpacked. */
export const MOST_OUTPUT = 16 * 2 ** 20;

/** What the files of one run take in the archive. Bytes. */
export function archivedSize(run: string, files: readonly { name: string; bytes: number }[]): number {
  return files.reduce((total, { name, bytes }) => total + sizeInArchive(memberName(run, name), bytes), 0);
}

/** Writes what runs wrote, by the run's id. */
export async function writeOutputs(folder: string, outputs: ReadonlyMap<string, readonly Member[]>): Promise<void> {
  const members = [...outputs].flatMap(([run, files]) =>
    files.map(({ name, content }) => ({ name: memberName(run, name), content })),
  );
  await writeFile(join(folder, OUTPUTS), gzipSync(packTar(members), { level: 9 }));
}

/** What a report keeps of its runs' outputs, by the run's id; nothing where it keeps none.
 *  @throws ReportError where the archive cannot be read */
export async function readOutputs(folder: string): Promise<Map<string, Member[]>> {
  const file = join(folder, OUTPUTS);
  const packed = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  const kept = new Map<string, Member[]>();
  if (packed === null) return kept;
  for (const { name, content } of unpacked(file, packed)) {
    const [top, run = '', ...rest] = name.split('/');
    if (top !== 'outputs' || rest.length === 0) throw new ReportError(`${file}: ${name} is the output of no run.`);
    kept.set(run, [...(kept.get(run) ?? []), { name: rest.join('/'), content }]);
  }
  return kept;
}

/** Holds the kept outputs against the records of the runs: an output that is kept whole is the one that was scored.
 *  @throws ReportError naming the first run whose output is another */
export async function assertOutputs(folder: string, evidence: readonly RunEvidence[]): Promise<void> {
  const runs = new Map(evidence.map(({ run }) => [run.id, run]));
  for (const [id, files] of await readOutputs(folder)) {
    const recorded = runs.get(id)?.output;
    if (!recorded) throw new ReportError(`${join(folder, OUTPUTS)} holds the output of ${id}, which is no run's here.`);
    if (isAsRecorded(files, recorded)) continue;
    throw new ReportError(`${join(folder, OUTPUTS)}: the output of ${id} is not the one that its record tells of.`);
  }
}

/** Whether files can be what a run wrote. What was left out (weights, large files) leaves no hash of the whole; the
 *  archive's own sum is all there is then. */
export function isAsRecorded(files: readonly Member[], recorded: { sha256: string; files: number }): boolean {
  const isWhole = files.length === recorded.files;
  return !isWhole || hashOfFiles(files) === recorded.sha256;
}

/** Writes the kept files of a run where its evaluation looks for them. */
export async function restoreOutput(to: string, files: readonly Member[]): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const { name, content } of files) {
    await mkdir(dirname(join(to, name)), { recursive: true });
    await writeFile(join(to, name), content);
  }
}

/** The hash that a run's record holds of its output folder (runs/fileHashes.ts). */
function hashOfFiles(files: readonly Member[]): string {
  const hash = createHash('sha256');
  const placed = files.map((file) => ({ ...file, path: file.name.split('/') }));
  for (const { name, content } of placed.sort((a, b) => comparePaths(a.path, b.path))) {
    hash.update(`${name}\0${createHash('sha256').update(content).digest('hex')}\n`);
  }
  return hash.digest('hex');
}

/** Folder by folder, as a walk meets them: `a/b` comes before `a-c`. */
function comparePaths(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  const [one = '', other = ''] = [a[at], b[at]];
  return one < other ? -1 : 1;
}

function unpacked(file: string, packed: Buffer): Member[] {
  try {
    return unpackTar(gunzipSync(packed, { maxOutputLength: 2 * MOST_OUTPUT }));
  } catch (cause) {
    throw new ReportError(
      `${file} cannot be read: it is no archive as this version writes one; restore it from a copy.`,
      {
        cause,
      },
    );
  }
}

function memberName(run: string, name: string): string {
  return `outputs/${run}/${name}`;
}
