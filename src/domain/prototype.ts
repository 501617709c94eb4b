import * as z from 'zod';

/** A repository that a paper names. */
export interface CodeLink {
  /** `https://github.com/OWNER/NAME`. */
  readonly url: string;
  /** A branch, tag or commit, where the link names one. */
  readonly ref: string | null;
  /** Where it stands: in the paper itself, or in its references. */
  readonly where: 'paper' | 'references';
  /** The words around it, of the paper; empty where it is a link alone. */
  readonly words: string;
}

export const Licence = z.object({
  /** Its SPDX identifier; null where there is none, or one that is not known. */
  spdx: z.string().nullable(),
  /** The file that says so, relative to the repository; null where there is none. */
  file: z.string().nullable(),
  /** What it asks of whoever takes code over, as one sentence. */
  terms: z.string(),
});
export type Licence = z.infer<typeof Licence>;

/** Code of somebody else that was fetched into `.mlr/prototypes/`. */
export const Prototype = z.object({
  url: z.string(),
  commit: z.string(),
  /** Relative to the workspace. */
  folder: z.string(),
  files: z.number().int(),
  bytes: z.number().int(),
  licence: Licence,
});
export type Prototype = z.infer<typeof Prototype>;

/** Lines of a change that stand in a prototype too. */
export const Reuse = z.object({
  /** The changed file. */
  path: z.string(),
  /** How many of its added lines. */
  lines: z.number().int(),
  /** Where they stand: the repository, its commit, and the file there. */
  url: z.string(),
  commit: z.string(),
  file: z.string(),
  /** Null where the repository names none that is known. */
  licence: z.string().nullable(),
});
export type Reuse = z.infer<typeof Reuse>;
