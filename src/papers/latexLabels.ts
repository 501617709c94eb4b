/** What a label names: its kind as it is called, and its number once that is known. */
export interface Named {
  readonly kind: 'section' | 'appendix' | 'equation' | 'table' | 'figure' | 'algorithm' | 'listing';
  readonly number: string;
}

const REFERENCE = /\\(eqref|[Cc]ref|[Aa]utoref|labelcref|[Vv]ref|subref|ref|pageref|nameref)\*?\s*\{([^{}]{0,1000})\}/g;

/** As cleveref says it. Source: https://ctan.org/pkg/cleveref, "Customising the cross-reference names" */
const SHORT: Partial<Record<Named['kind'], [one: string, several: string]>> = {
  equation: ['eq.', 'eqs.'],
  figure: ['fig.', 'figs.'],
};

/** Puts the numbers in that a paper would show; a label that nothing is known of stays as it is written. */
export function withReferences(source: string, names: ReadonlyMap<string, Named>): string {
  return source.replace(REFERENCE, (_, command: string, list: string) => {
    const keys = list
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '');
    const found = keys.flatMap((key) => names.get(key) ?? []);
    if (found.length < keys.length || /^(?:page|name)ref$/.test(command)) return keys.join(', ');
    if (command === 'eqref') return found.map(({ number }) => `(${number})`).join(', ');
    if (/^(?:ref|subref|labelcref|vref|Vref)$/.test(command)) return listed(found.map(({ number }) => number));
    return inWords(command, found);
  });
}

function inWords(command: string, found: readonly Named[]): string {
  const [first] = found;
  if (first === undefined) return '';
  if (found.some(({ kind }) => kind !== first.kind)) return listed(found.map((one) => inWords(command, [one])));
  const isCapital = /^[CA]/.test(command) || (command === 'autoref' && !/^(?:section|appendix)$/.test(first.kind));
  const isShort = command === 'cref';
  const [one, several] = (isShort && SHORT[first.kind]) || [first.kind, plural(first.kind)];
  const word = found.length === 1 ? one : several;
  const inBrackets = first.kind === 'equation' && /^[Cc]ref$/.test(command);
  const numbers = found.map(({ number }) => (inBrackets ? `(${number})` : number));
  return `${isCapital ? word.replace(/^./, (letter) => letter.toUpperCase()) : word}~${listed(numbers)}`;
}

function plural(kind: Named['kind']): string {
  return kind === 'appendix' ? 'appendices' : `${kind}s`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What a label would name where it stands; null where nothing is known of it. */
export type Target = () => Named | null;

/** Gathers what the labels of a source name. As LaTeX does, each environment keeps to itself what it numbers. */
export class LatexLabels {
  readonly #targets = new Map<string, Target>();
  #open: (Target | null)[] = [null];

  enter(): void {
    this.#open.push(null);
  }

  leave(): void {
    if (this.#open.length > 1) this.#open.pop();
  }

  /** A heading ends whatever is open. */
  begin(target: Target | null): void {
    this.#open = [target];
  }

  numbered(target: Target): void {
    this.#open[this.#open.length - 1] = target;
  }

  label(key: string, target = this.#open.at(-1) ?? null): void {
    if (target !== null && !this.#targets.has(key)) this.#targets.set(key, target);
  }

  /** What each names, once all is read. */
  named(): ReadonlyMap<string, Named> {
    return new Map(
      [...this.#targets].flatMap(([key, target]) => {
        const named = target();
        return named === null ? [] : [[key, named] as const];
      }),
    );
  }
}
