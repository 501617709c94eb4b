/** A count that is exact, or estimated from a sample of hashes where exactness would need unbounded memory. */
export interface Count {
  readonly value: number;
  readonly exact: boolean;
}

/** Something a person should know of a file, with the place where it was seen first. */
export interface Note {
  /** From 1; null where it is about the whole file. */
  readonly line: number | null;
  readonly text: string;
}

export type CellKind = 'integer' | 'number' | 'boolean' | 'date' | 'text' | 'nested';

export interface ColumnProfile {
  readonly name: string;
  /** `empty` where every value is missing; `integer` and `number` together are `number`. */
  readonly type: CellKind | 'empty' | 'mixed';
  readonly missing: number;
  readonly distinct: Count;
  /** Of finite numbers; deviation with n - 1. */
  readonly numbers: {
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly deviation: number;
  } | null;
  /** First and last date, as written. */
  readonly dates: { readonly first: string; readonly last: string } | null;
  /** Shortest and longest text, in UTF-16 units. */
  readonly lengths: { readonly min: number; readonly max: number } | null;
  /** Every value with its count, the most frequent first, where there are few; else null. */
  readonly values: readonly { readonly value: string; readonly count: number }[] | null;
}

/** The rows of a table that lack a value. */
export interface Gaps {
  readonly rows: number;
  /** The first of them: where they stand, from 1, and what names them, such as `id 7` or `split fit`. */
  readonly first: readonly { readonly line: number; readonly names: readonly string[] }[];
}

export interface TableProfile {
  readonly kind: 'table';
  readonly path: string;
  readonly format: 'csv' | 'tsv' | 'jsonl' | 'json' | 'parquet' | 'npy' | 'npz';
  readonly bytes: number;
  /** SHA-256 of the file's bytes, as a run's record holds it of an input. */
  readonly sha256: string;
  readonly rows: number;
  /** False where reading stopped before the end; a note says where and why. */
  readonly complete: boolean;
  readonly columns: readonly ColumnProfile[];
  readonly gaps: Gaps;
  /** Rows that repeat an earlier one. */
  readonly duplicates: Count;
  /** The same without id columns, where there are any. */
  readonly duplicatesApartFromIds: Count | null;
  /** Of an array: its shape and the type of its elements. */
  readonly array: { readonly shape: readonly number[]; readonly type: string } | null;
  readonly notes: readonly Note[];
}

export interface FolderProfile {
  readonly kind: 'folder';
  readonly path: string;
  readonly of: 'images' | 'texts';
  readonly files: number;
  readonly bytes: number;
  /** Files by class, which is the folder they lie in; by split where the folders above are train, test and such. */
  readonly classes: readonly { readonly split: string | null; readonly name: string; readonly files: number }[];
  readonly formats: Readonly<Record<string, number>>;
  /** Width and height of images in pixels; characters of texts are in `lengths`. */
  readonly sizes: readonly { readonly width: number; readonly height: number; readonly files: number }[];
  readonly lengths: { readonly min: number; readonly max: number; readonly mean: number } | null;
  /** Files whose bytes another file has too. */
  readonly duplicates: number;
  /** Files of one split that another split has too. */
  readonly acrossSplits: number;
  readonly notes: readonly Note[];
}

/** A file that cannot be profiled, in one sentence. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly path: string;
  readonly why: string;
}

/** Rows that two tables share, compared by the columns that both have, ids left out; of two arrays, whole rows. */
export interface Shared {
  readonly first: string;
  readonly second: string;
  /** None where whole rows of arrays are compared. */
  readonly columns: readonly string[];
  /** Rows of the first that the second holds too. */
  readonly ofFirst: Count;
  readonly ofSecond: Count;
}

export interface DataProfile {
  readonly files: readonly (TableProfile | FolderProfile | Unreadable)[];
  readonly shared: readonly Shared[];
  /** What was left out, in sentences. */
  readonly leftOut: readonly string[];
}

/** Columns that name a row rather than say something of it. */
export const ID_COLUMN = /^(?:id|index|idx|uid|uuid|.*_id|unnamed: 0)$/i;
