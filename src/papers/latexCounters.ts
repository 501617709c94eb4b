/** What is numbered apart from headings and equations. */
export type FloatKind = 'table' | 'figure' | 'algorithm' | 'listing';

/** Numbers headings, equations, tables and figures as the article class does. */
export class LatexCounters {
  readonly #withinSections: boolean;
  #sections = [0, 0, 0];
  #isAppendix = false;
  #equations = 0;
  /** How many equations of a group share a number; null outside of one. */
  #ofGroup: number | null = null;
  readonly #floats = new Map<FloatKind, number>();

  /** @param preamble says whether equations are numbered within sections */
  constructor(preamble: string) {
    this.#withinSections = /\\(?:numberwithin|counterwithin\*?)\s*\{equation\}\s*\{section\}/.test(preamble);
  }

  appendix(): void {
    this.#sections = [0, 0, 0];
    this.#isAppendix = true;
  }

  section(level: string): { kind: 'section' | 'appendix'; number: string } {
    const depth = level === 'subsubsection' ? 2 : Number(level === 'subsection');
    this.#sections = this.#sections.map((count, index) => (index > depth ? 0 : count + Number(index === depth)));
    if (depth === 0 && this.#withinSections) this.#equations = 0;
    const number = [this.#top(), ...this.#sections.slice(1, depth + 1)].join('.');
    return { kind: this.#isAppendix ? 'appendix' : 'section', number };
  }

  beginGroup(): string {
    this.#equations++;
    this.#ofGroup = 0;
    return this.#equation();
  }

  endGroup(): void {
    this.#ofGroup = null;
  }

  equation(): string {
    if (this.#ofGroup === null) {
      this.#equations++;
      return this.#equation();
    }
    this.#ofGroup++;
    return `${this.#equation()}${letter(this.#ofGroup)}`;
  }

  float(kind: FloatKind): string {
    const number = (this.#floats.get(kind) ?? 0) + 1;
    this.#floats.set(kind, number);
    return String(number);
  }

  #equation(): string {
    return this.#withinSections ? `${this.#top()}.${this.#equations}` : String(this.#equations);
  }

  #top(): string {
    const [top = 0] = this.#sections;
    return this.#isAppendix ? letter(top).toUpperCase() : String(top);
  }
}

/** a for 1. */
export function letter(number: number): string {
  return String.fromCharCode(96 + Math.min(26, Math.max(1, number)));
}
