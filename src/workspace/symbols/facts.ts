import type { BodyText } from './bodyText.ts';

/** What the index knows of one definition: a function, a method, a class, or a section of a configuration. */
export interface IndexedSymbol {
  readonly kind: SymbolKind;
  /** With what it stands in: `Trainer.fit`. */
  readonly name: string;
  /** From 1, both ends included. */
  readonly line: number;
  readonly endLine: number;
  readonly signature: string;
  /** The first paragraph of its documentation, '' where it has none. */
  readonly doc: string;
  /** Names of what it calls, each once, in order. */
  readonly calls: readonly string[];
}

/** What is written in a symbol besides its facts: searched, and not shown. */
export interface SymbolText {
  /** Its documentation after the first paragraph. */
  readonly about: string;
  /** The messages, comments and names of its code. */
  readonly says: string;
}

/** The same as it comes from the source: names by their numbers in the table of whoever parses, messages and comments. */
export interface ParsedText extends BodyText {
  readonly about: string;
}

/** A symbol with the file it stands in. */
export interface FoundSymbol {
  readonly path: string;
  readonly symbol: IndexedSymbol;
  readonly text: SymbolText;
}

/** A symbol with the documentation of the class or function that it stands in, '' where it stands in none. */
export interface OwnedSymbol extends FoundSymbol {
  readonly ownerDoc: string;
}

export const SYMBOL_KINDS = ['file', 'function', 'method', 'class', 'key', 'section'] as const;
/** `file` stands for what a file does outside every definition. */
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

export const TRAIT_KINDS = ['argument', 'data', 'metric', 'seed', 'entry'] as const;
/** What makes an experiment: where it gets arguments, data and seeds, and which metrics it prints. */
export interface Trait {
  readonly kind: (typeof TRAIT_KINDS)[number];
  /** From 1. */
  readonly line: number;
  /** `--epochs`, `data/train.csv`, the printed expression. */
  readonly text: string;
}

export interface Import {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** What one file holds. */
export interface FileFacts {
  readonly language: string;
  /** The first is the file itself, kind `file`; a language without a grammar has only that. */
  readonly symbols: readonly IndexedSymbol[];
  /** Modules and files that it imports, as they are written, each once. */
  readonly imports: readonly Import[];
  readonly traits: readonly Trait[];
  /** Why a part of it was left out, or null. */
  readonly problem: string | null;
}
