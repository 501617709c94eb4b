import type { Paper } from '../domain/paper.ts';
import { type FloatKind, type LatexCounters, letter } from './latexCounters.ts';
import type { Target } from './latexLabels.ts';

/** The rows of a table, once all numbers are known. */
export type Rows = () => readonly (readonly string[])[];

interface Float {
  kind: FloatKind;
  /** Null where it has no caption that is numbered. */
  number: string | null;
  /** Its source; null where it has none. */
  caption: string | null;
  readonly parts: { readonly letter: string; readonly caption: string }[];
  readonly rows: Rows[];
  /** Whether something stands in it before its caption. */
  readonly captionLast: boolean;
}

/** An environment that is open: one of those that are numbered, or one that only holds things together. */
interface Open {
  readonly environment: string;
  readonly kind: FloatKind | null;
  readonly floats: Float[];
  letters: number;
}

/** More than this no paper has. */
const MAX_FLOATS = 2000;

/** Gathers tables and figures with their captions, each with the number that LaTeX would give it. */
export class LatexFloats {
  readonly #counters: LatexCounters;
  readonly #all: Float[] = [];
  readonly #open: Open[] = [];
  /** Environments of parts that are open, such as subfigure. */
  #parts = 0;

  constructor(counters: LatexCounters) {
    this.#counters = counters;
  }

  begin(environment: string): void {
    const top = this.#open.at(-1);
    if (/^sub(?:figure|table|float)$/.test(environment)) {
      this.#parts++;
      if (top) top.letters++;
      return;
    }
    const kind = kindOf(environment);
    const holds = top === undefined && /^(?:minipage|center)$/.test(environment);
    if (kind !== null || holds) this.#open.push({ environment, kind, floats: [], letters: 0 });
  }

  end(environment: string): void {
    if (/^sub(?:figure|table|float)$/.test(environment)) this.#parts = Math.max(0, this.#parts - 1);
    else if (this.#open.at(-1)?.environment === environment) this.#close();
  }

  /** A heading ends whatever is open. */
  endAll(): void {
    this.#parts = 0;
    while (this.#open.length > 0) this.#close();
  }

  /** A caption of a whole.
   *  @param said the kind that the command itself names
   *  @returns what stands before it in the text, and what its label names */
  caption(source: string, { said, numbered }: { said: FloatKind | null; numbered: boolean }) {
    const top = this.#open.at(-1);
    if (this.#parts > 0 && said === null) return this.part(source, { lettered: true });
    const last = top?.floats.at(-1);
    const kind = said ?? top?.kind ?? 'figure';
    const float = last?.caption === null ? last : this.#add({ kind, captionLast: false });
    float.kind = kind;
    float.caption = source;
    if (numbered) float.number = this.#counters.float(kind);
    const target: Target = () => (float.number === null ? null : { kind, number: float.number });
    return { before: labelOf(float), target };
  }

  /** A caption of a part, such as (a).
   *  @param lettered whether its environment has its letter already */
  part(source: string, { lettered }: { lettered: boolean }) {
    const top = this.#open.at(-1);
    if (top && !(lettered && this.#parts > 0)) top.letters++;
    const own = letter(top?.letters ?? 1);
    const float = this.#holder();
    float.parts.push({ letter: own, caption: source });
    const target: Target = () => (float.number === null ? null : { kind: float.kind, number: `${float.number}${own}` });
    return { before: `(${own})`, target };
  }

  /** @returns whether it has a caption, once all is read */
  table(rows: Rows): { isCaptioned(): boolean } {
    const float = this.#holder();
    float.rows.push(rows);
    return { isCaptioned: () => float.caption !== null };
  }

  told(textOf: (source: string) => string): {
    tables: NonNullable<Paper['tables']>;
    figures: NonNullable<Paper['figures']>;
  } {
    this.endAll();
    const captionOf = ({ caption, parts }: Float): string =>
      [caption ?? '', ...parts.map((part) => `(${part.letter}) ${part.caption}`)]
        .map((source) => textOf(source).replace(/\s+/g, ' ').trim())
        .filter((text) => text !== '')
        .join(' ');
    const tables = this.#all.flatMap((float) => {
      if (float.kind !== 'table') return [];
      const rows = float.rows.flatMap((each) => each().map((row) => [...row]));
      if (float.caption === null && rows.length === 0) return [];
      return [{ label: labelOf(float), caption: captionOf(float), rows }];
    });
    const figures = this.#all.filter(
      ({ kind, caption, parts }) => kind !== 'table' && (caption ?? parts[0]) !== undefined,
    );
    return {
      tables,
      figures: figures
        .map((float) => ({ label: labelOf(float), caption: captionOf(float) }))
        .filter(({ label, caption }) => label !== '' || caption !== ''),
    };
  }

  /** What a table or a part belongs to: what stands behind a caption that others stood before is the next one's. */
  #holder(): Float {
    const top = this.#open.at(-1);
    const last = top?.floats.at(-1);
    if (last && (last.caption === null || !last.captionLast)) return last;
    return this.#add({ kind: top?.kind ?? 'table', captionLast: true });
  }

  #add({ kind, captionLast }: Pick<Float, 'kind' | 'captionLast'>): Float {
    const float: Float = { kind, captionLast, number: null, caption: null, parts: [], rows: [] };
    const top = this.#open.at(-1);
    if (this.#all.length < MAX_FLOATS) this.#all.push(float);
    top?.floats.push(float);
    return float;
  }

  #close(): void {
    const [last, before] = (this.#open.pop()?.floats ?? []).slice(-2).reverse();
    if (last?.caption !== null || before === undefined) return;
    before.rows.push(...last.rows.splice(0));
    before.parts.push(...last.parts.splice(0));
  }
}

function kindOf(environment: string): FloatKind | null {
  const [, kind] =
    /^(?:wrap|sideways|SC|margin|teaser)?(figure|table|algorithm|listing|longtable|xltabular|longtabu)\*?$/.exec(
      environment,
    ) ?? [];
  if (kind === undefined) return null;
  return /^(?:longtable|xltabular|longtabu)$/.test(kind) ? 'table' : (kind as FloatKind);
}

function labelOf({ kind, number }: Float): string {
  return number === null ? '' : `${kind.replace(/^./, (first) => first.toUpperCase())} ${number}`;
}
