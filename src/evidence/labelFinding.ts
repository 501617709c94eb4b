/** Hidden labels that a text holds. */
export interface LabelFinding {
  readonly column: string;
  readonly how: 'in a row' | 'by id';
  /** Tokens of the aligned stretch, and how many of them are the labels. */
  readonly of: number;
  readonly agreeing: number;
}

/** Of so many agreements a stretch is the labels themselves; of fewer it may be a prediction or a feature. */
export function isCopy({ agreeing, of }: LabelFinding): boolean {
  return agreeing >= 0.98 * of;
}

/** Copies before others, then the larger one. */
export function larger(a: LabelFinding | null, b: LabelFinding | null): LabelFinding | null {
  if (a === null || b === null) return a ?? b;
  if (isCopy(a) !== isCopy(b)) return isCopy(a) ? a : b;
  return b.agreeing > a.agreeing ? b : a;
}
