import { randomBytes } from 'node:crypto';
import type { AdoptedFile, ChangeSet } from '../domain/change.ts';
import { mergeContents } from '../git/merge.ts';
import type { Repository } from '../git/repository.ts';
import type { SnapshotOptions } from '../git/snapshot.ts';
import { acceptedTree } from './acceptedTree.ts';
import { ChangeError } from './changeError.ts';
import { readWorkingFile, sameFile, type WorkingFile, writeWorkingFile } from './workingFile.ts';

/** What adoption did; plain data, so that it can be logged and undone later. */
export interface Adoption {
  /** Paths that now hold the accepted change; among them those that held it before. */
  readonly applied: readonly string[];
  /** Paths that the user has changed at the same lines: left exactly as they were. */
  readonly conflicting: readonly string[];
  /** The working tree is not, byte for byte, the variant that was measured; what it holds is not measured. */
  readonly partly: boolean;
  readonly files: readonly AdoptedFile[];
  /** Name of the hidden ref, refs/mlr/adopt/<undo>, that keeps the bytes from before; null when no file was written. */
  readonly undo: string | null;
}

/** Puts the accepted hunks into the user's files: where a file is still the base's, it becomes the accepted one; where the user has
 *  changed it, both changes are merged if they touch different lines, and else the file is left alone. The index is never touched.
 *  `options` are those with which the base was taken as a snapshot, if it was.
 *  @throws ChangeError `inconsistent`; `not-written` where a file cannot be written, with every file as it was
 *  @throws GitError `no-such-revision`, `no-such-object` */
export async function adopt(
  repository: Repository,
  base: string,
  variantTree: string,
  changeSet: ChangeSet,
  options: SnapshotOptions = {},
): Promise<Adoption> {
  const accepted = await acceptedTree(repository, changeSet);
  const wanted: Wanted[] = [];
  for (const { path } of changeSet.files) {
    const [before, after] = await Promise.all([fileOf(repository, base, path), fileOf(repository, accepted, path)]);
    if (!sameFile(before, after)) wanted.push({ path, before, after });
  }
  const found = await stepsFor(repository.top, wanted, 'merge');
  const steps = keepTogether(found);
  const writes = steps.flatMap((step) => (step.kind === 'write' ? [step] : []));
  const kept = await keepImages(repository, writes);
  await writeAll(repository.top, writes);
  return {
    applied: steps.filter((step) => step.kind !== 'conflict').map((step) => step.path),
    conflicting: steps.filter((step) => step.kind === 'conflict').map((step) => step.path),
    partly: (await repository.workingTree(options)) !== (await repository.treeOf(variantTree)),
    ...kept,
  };
}

/** Gives every file that adoption wrote the bytes it had before, unless the user has changed it since.
 *  @returns the paths restored, and those left alone because they were changed since
 *  @throws GitError `no-such-object` where the kept bytes are gone */
export async function undoAdopt(
  repository: Repository,
  adoption: Pick<Adoption, 'files'>,
): Promise<{ restored: string[]; conflicting: string[] }> {
  const wanted: Wanted[] = [];
  for (const { path, before, after } of adoption.files) {
    const [put, left] = await Promise.all([imageOf(repository, before), imageOf(repository, after)]);
    wanted.push({ path, before: left, after: put });
  }
  const steps = keepTogether(await stepsFor(repository.top, wanted, 'leave'));
  const writes = steps.flatMap((step) => (step.kind === 'write' ? [step] : []));
  const conflicting = steps.filter((step) => step.kind === 'conflict').map((step) => step.path);
  await writeAll(repository.top, writes);
  return { restored: steps.filter((step) => step.kind !== 'conflict').map((step) => step.path), conflicting };
}

interface Write {
  readonly kind: 'write';
  readonly path: string;
  readonly found: WorkingFile | null;
  readonly put: WorkingFile | null;
}

type Step = Write | { readonly kind: 'there' | 'conflict'; readonly path: string };

interface Wanted {
  readonly path: string;
  readonly before: WorkingFile | null;
  readonly after: WorkingFile | null;
}

/** What to do with a file that the user has edited: merge both changes, or never touch it. */
type OnEdited = 'merge' | 'leave';

/** Removals are settled first: what they free may be taken by a folder or a file of the same name. */
async function stepsFor(top: string, wanted: readonly Wanted[], edited: OnEdited): Promise<Step[]> {
  const steps = new Map<string, Step>();
  for (const one of wanted.filter(({ after }) => after === null))
    steps.set(one.path, await stepFor(top, one, { gone: new Set(), edited }));
  const gone = new Set([...steps.values()].filter((step) => step.kind === 'write').map((step) => step.path));
  for (const one of wanted.filter(({ after }) => after !== null))
    steps.set(one.path, await stepFor(top, one, { gone, edited }));
  return wanted.flatMap(({ path }) => steps.get(path) ?? []);
}

async function stepFor(
  top: string,
  { path, before, after }: Wanted,
  { gone, edited }: { gone: ReadonlySet<string>; edited: OnEdited },
): Promise<Step> {
  const found = await readWorkingFile(top, path, gone);
  if (found === 'other') return { kind: 'conflict', path };
  if (sameFile(found, after)) return { kind: 'there', path };
  if (sameFile(found, before)) return { kind: 'write', path, found, put: after };
  if (
    edited === 'leave' ||
    found === null ||
    after === null ||
    [found, after, before].some((file) => file?.kind === 'link')
  )
    return { kind: 'conflict', path };
  const merged = await mergeContents(before?.content ?? Buffer.alloc(0), found.content, after.content);
  if (merged === null || merged.conflicts > 0) return { kind: 'conflict', path };
  const kind = before?.kind === after.kind ? found.kind : after.kind;
  return { kind: 'write', path, found, put: { content: merged.content, kind } };
}

/** Where a file cannot become a folder, or the reverse, the other half of that change is not made either. */
function keepTogether(steps: readonly Step[]): Step[] {
  const blocked = steps.filter((step) => step.kind === 'conflict').map((step) => step.path);
  const touches = (path: string, other: string) => path.startsWith(`${other}/`) || other.startsWith(`${path}/`);
  return steps.map((step) =>
    blocked.some((path) => touches(step.path, path)) ? { kind: 'conflict', path: step.path } : step,
  );
}

async function fileOf(repository: Repository, tree: string, path: string): Promise<WorkingFile | null> {
  const file = await repository.checkedOutFile(tree, path);
  if (file === null) return null;
  return { content: file.content, kind: file.mode === '120000' ? 'link' : kindOfMode(file.mode) };
}

function kindOfMode(mode: string): 'file' | 'executable' {
  return mode === '100755' ? 'executable' : 'file';
}

/** Stores the bytes from before and after, kept alive by a hidden ref, before any file is written. */
async function keepImages(repository: Repository, writes: readonly Write[]): Promise<Pick<Adoption, 'files' | 'undo'>> {
  if (writes.length === 0) return { files: [], undo: null };
  const images = writes.flatMap(({ found, put }, at) => [
    { path: `before/${at}`, content: found?.content ?? null },
    { path: `after/${at}`, content: put?.content ?? null },
  ]);
  const tree = await repository.writeTreeWith(await repository.emptyTree(), images);
  const undo = randomBytes(8).toString('hex');
  const commit = await repository.commitTree(tree, [], 'Files before and after an adoption');
  await repository.keep('adopt', { [undo]: commit });
  const blobs = new Map((await repository.listFiles(tree)).map((file) => [file.path, file.blob]));
  const image = (name: string, file: WorkingFile | null) => {
    const blob = blobs.get(name);
    return file === null || blob === undefined ? null : { blob, kind: file.kind };
  };
  const files = writes.map(({ path, found, put }, at) => ({
    path,
    before: image(`before/${at}`, found),
    after: image(`after/${at}`, put),
  }));
  return { files, undo };
}

async function imageOf(repository: Repository, image: AdoptedFile['before']): Promise<WorkingFile | null> {
  return image === null ? null : { content: await repository.blob(image.blob), kind: image.kind };
}

/** Writes all files or, where one cannot be written, none.
 *  @throws ChangeError `not-written`, with every file as it was */
async function writeAll(top: string, writes: readonly Write[]): Promise<void> {
  const done: Write[] = [];
  for (const write of removalsFirst(writes)) {
    try {
      await writeWorkingFile(top, write.path, write.put);
    } catch (error) {
      for (const { path, found } of done.reverse()) await writeWorkingFile(top, path, found);
      const why = error instanceof Error ? error.message : String(error);
      const message = `${write.path} could not be written (${why}), so no file was changed; mend that and adopt again`;
      throw new ChangeError('not-written', message, { cause: error });
    }
    done.push(write);
  }
}

/** A folder must be gone before a file can take its name, and a file before a folder. */
function removalsFirst(writes: readonly Write[]): Write[] {
  return [...writes.filter((write) => write.put === null), ...writes.filter((write) => write.put !== null)];
}
