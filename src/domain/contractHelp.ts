/** A stretch of a text; lines and columns from 1, the end not included. */
export interface TextRange {
  readonly line: number;
  readonly col: number;
  readonly endLine: number;
  readonly endCol: number;
}

/** What a click can do about an error. */
export interface ContractFix {
  readonly title: string;
  readonly range: TextRange;
  readonly newText: string;
}

/** An error of a contract, with its place and what can be done about it. */
export interface ContractProblem {
  /** Where a person has to look: file, line and column, key, what was expected and what was found. */
  readonly message: string;
  readonly key: string;
  readonly text: string;
  readonly range: TextRange;
  readonly fixes: readonly ContractFix[];
}

/** What may be written at a place of a contract. */
export interface ContractSuggestion {
  readonly label: string;
  readonly insert: string;
  readonly description: string;
  readonly kind: 'key' | 'value' | 'file';
}

/** What can be said at a place of a contract: what may be written there, and about the key that stands there. */
export interface ContractHint {
  readonly suggestions: readonly ContractSuggestion[];
  /** What the suggestions replace. */
  readonly replaces: TextRange;
  readonly hover: { readonly key: string; readonly description: string } | null;
}
