import * as z from 'zod';
import { Reuse } from './prototype.ts';

/** One contiguous change of a file, in unified-diff terms: 1-based line numbers, lines prefixed ' ', '-' or '+',
 *  or '\' for git's note that the line before has no line end. */
export const Hunk = z.object({
  id: z.string(),
  oldStart: z.number().int().min(0),
  oldLines: z.number().int().min(0),
  newStart: z.number().int().min(0),
  newLines: z.number().int().min(0),
  lines: z.array(z.string()),
  decision: z.enum(['open', 'accepted', 'rejected']),
});
export type Hunk = z.infer<typeof Hunk>;

/** A changed file. Binary files and files without lines have one hunk with no lines. */
export const FileChange = z.object({
  path: z.string(),
  kind: z.enum(['added', 'modified', 'deleted']),
  binary: z.boolean(),
  /** git blob ids of the file before and after; null where it does not exist. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  hunks: z.array(Hunk).min(1),
});
export type FileChange = z.infer<typeof FileChange>;

/** What an agent proposes: hunks against the revision they were made from. */
export const ChangeSet = z.object({
  id: z.string(),
  title: z.string(),
  /** Commit the hunks apply to, and the tree that holds all of them. */
  base: z.string(),
  tree: z.string(),
  files: z.array(FileChange),
  /** What of it stands in code that was fetched from others; absent where nothing does. */
  reused: z.array(Reuse).optional(),
});
export type ChangeSet = z.infer<typeof ChangeSet>;

/** A file as it stands in a working tree: the id of its stored bytes, and what it is. */
const StoredFile = z.object({ blob: z.string(), kind: z.enum(['file', 'executable', 'link']) });

/** One file as adoption found and left it; null where there was no file. */
export const AdoptedFile = z.object({
  path: z.string(),
  before: StoredFile.nullable(),
  after: StoredFile.nullable(),
});
export type AdoptedFile = z.infer<typeof AdoptedFile>;
