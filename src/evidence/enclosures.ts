import { lstat, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { type Contract, concealed } from '../domain/contract.ts';
import type { Arm } from '../domain/evidence.ts';
import type { Repository } from '../git/repository.ts';
import { inRun, runFolder } from '../runs/runFolder.ts';
import { isWithin } from './contractPaths.ts';
import { archivedSize, isAsRecorded, MOST_OUTPUT, OUTPUTS, writeOutputs } from './keptOutputs.ts';
import { inReport } from './reportFolder.ts';
import type { RunEvidence } from './runEvidence.ts';
import type { Member } from './tarArchive.ts';

export interface EnclosureRequest {
  readonly workspace: string;
  readonly repository: Repository;
  readonly contract: Contract;
  readonly arms: readonly Arm[];
  readonly evidence: readonly RunEvidence[];
  /** Whether the bundle may hold the hidden files that git tracks. */
  readonly withHidden?: boolean;
  /** Files that hold one of these texts are left out: names of people, say. */
  readonly avoid?: readonly string[];
}

export interface Enclosures {
  /** What the folder holds and lacks, in sentences. */
  readonly enclosed: readonly string[];
  /** Commits by arm in the bundle; absent where there is none. */
  readonly bundled?: Readonly<Record<string, string>>;
}

/** A report is made to be committed: more than this of a file, or of an arm, is left out. Bytes. */
const LARGEST_FILE = 4 * 2 ** 20;
const MOST_TREE = 64 * 2 ** 20;
const WEIGHTS = ['.pt', '.pth', '.ckpt', '.safetensors', '.bin', '.h5', '.onnx', '.pkl', '.pickle', '.joblib', '.gguf'];

/** Puts into a report folder what a stranger needs beside its texts: what the runs predicted, and the arms. */
export async function encloseAll(folder: string, request: EnclosureRequest): Promise<Enclosures> {
  await rm(join(folder, OUTPUTS), { force: true });
  await rm(inReport.bundle(folder), { force: true });
  await mkdir(folder, { recursive: true });
  const outputs = await encloseOutputs(folder, request);
  const { sentence, bundled } = await encloseArms(folder, request);
  return { enclosed: [...outputs, sentence], ...(bundled && { bundled }) };
}

/** Files that a report does not take, by why. */
type Left = Record<'weights' | 'large' | 'links' | 'runs' | 'named' | 'changed', number>;

async function encloseOutputs(
  folder: string,
  { workspace, evidence, avoid = [] }: EnclosureRequest,
): Promise<string[]> {
  let room = MOST_OUTPUT;
  const kept = new Map<string, Member[]>();
  const left: Left = { weights: 0, large: 0, links: 0, runs: 0, named: 0, changed: 0 };
  for (const { run } of evidence) {
    if (run.output === null) continue;
    const out = inRun.out(runFolder(workspace, run.id));
    const small = await takenFiles(out, avoid, left);
    const bytes = archivedSize(run.id, small);
    if (bytes > room) {
      left.runs += 1;
      continue;
    }
    const files = await contentsOf(out, small);
    if (!isAsRecorded(files, run.output)) {
      left.changed += 1;
      continue;
    }
    room -= bytes;
    if (files.length > 0) kept.set(run.id, files);
  }
  if (kept.size > 0) await writeOutputs(folder, kept);
  const lacks = [
    left.weights > 0 ? `${left.weights} files of model weights` : '',
    left.large > 0 ? `${left.large} files above ${LARGEST_FILE / 2 ** 20} MiB` : '',
    left.links > 0 ? `${left.links} links or special files` : '',
    left.named > 0 ? `${left.named} files that name a person, host or path` : '',
    left.changed > 0 ? `all of ${left.changed} runs, whose files were changed after they had ended` : '',
    left.runs > 0 ? `all of ${left.runs} runs, beyond ${MOST_OUTPUT / 2 ** 20} MiB together` : '',
  ].filter(Boolean);
  const holds = kept.size > 0 ? `\`${OUTPUTS}\` holds what ${kept.size} runs wrote` : 'What runs wrote is not enclosed';
  return [lacks.length === 0 ? `${holds}.` : `${holds}; left out: ${lacks.join(', ')}.`];
}

async function takenFiles(out: string, avoid: readonly string[], left: Left): Promise<OutputFile[]> {
  const small: OutputFile[] = [];
  for (const file of await outputFiles(out)) {
    if (!isTaken(file, left)) continue;
    if (await holdsAny(join(out, file.name), avoid)) left.named += 1;
    else small.push(file);
  }
  return small;
}

async function holdsAny(file: string, texts: readonly string[]): Promise<boolean> {
  if (texts.length === 0) return false;
  const content = await readFile(file);
  return texts.some((text) => content.includes(text));
}

interface OutputFile {
  readonly name: string;
  readonly bytes: number;
  /** Neither a link nor a device. */
  readonly plain: boolean;
}

function isTaken({ name, bytes, plain }: OutputFile, left: Left): boolean {
  const weights = WEIGHTS.includes(extname(name).toLowerCase());
  if (!plain) left.links += 1;
  else if (weights) left.weights += 1;
  else if (bytes > LARGEST_FILE) left.large += 1;
  return plain && !weights && bytes <= LARGEST_FILE;
}

async function contentsOf(out: string, files: readonly OutputFile[]): Promise<Member[]> {
  return await Promise.all(files.map(async ({ name }) => ({ name, content: await readFile(join(out, name)) })));
}

async function outputFiles(out: string): Promise<OutputFile[]> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const found = files.sort().map(async (path) => {
    const status = await lstat(path);
    return { name: relative(out, path), bytes: status.size, plain: status.isFile() };
  });
  return await Promise.all(found);
}

async function encloseArms(
  folder: string,
  { repository, contract, arms, withHidden, avoid = [] }: EnclosureRequest,
): Promise<{ sentence: string; bundled?: Record<string, string> }> {
  const secret = withHidden ? [] : concealed(contract).map((path) => join(repository.folder, path));
  const leftOut = new Set<string>();
  const trees: { name: string; tree: string }[] = [];
  let bytes = 0;
  for (const arm of arms) {
    const files = await repository.listFiles(arm.tree);
    const named = new Set(avoid.length === 0 ? [] : await repository.filesWith(arm.tree, avoid));
    const without = files.filter((file) => {
      const hidden = secret.some((path) => isWithin(file.path, path));
      return hidden || named.has(file.path) || file.size > MOST_TREE / 4 || file.mode === '160000';
    });
    for (const { path } of without) leftOut.add(path);
    bytes += files.filter((file) => !without.includes(file)).reduce((total, { size }) => total + size, 0);
    const changes = without.map(({ path }) => ({ path, content: null }));
    trees.push({
      name: arm.name,
      tree: changes.length === 0 ? arm.tree : await repository.writeTreeWith(arm.tree, changes),
    });
  }
  if (bytes > arms.length * MOST_TREE) {
    return { sentence: `The arms are not enclosed: their files take more than ${MOST_TREE / 2 ** 20} MiB each.` };
  }
  const bundled = await repository.writeBundle(inReport.bundle(folder), 'arms', trees);
  const size = Math.ceil((await stat(inReport.bundle(folder))).size / 1024);
  const names = [...leftOut]
    .sort()
    .slice(0, 10)
    .map((path) => `\`${path.replace(/[`\n]/g, '?')}\``);
  const lacks =
    leftOut.size === 0
      ? ''
      : `; left out: ${names.join(', ')}${leftOut.size > 10 ? ` and ${leftOut.size - 10} more` : ''}`;
  return { sentence: `\`arms.bundle\` (${size} KiB) holds the files of every arm, without history${lacks}.`, bundled };
}
