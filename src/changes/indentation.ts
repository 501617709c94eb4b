export interface IndentPair {
  /** As the edit has it, and as the file has it. */
  readonly wanted: string;
  readonly found: string;
}

/** How the indentation of some lines became another: a shift of all of them, or one unit (four spaces) for another (a
 *  tab). */
export class Indentation {
  readonly #known: ReadonlyMap<string, string>;
  readonly #units: IndentPair | null;

  private constructor(known: ReadonlyMap<string, string>, units: IndentPair | null) {
    this.#known = known;
    this.#units = units;
  }

  /** @param fileUnit what the file indents by, where a single line does not tell
   *  @returns null where lines differ in more than that, so that their structure is another */
  static of(pairs: readonly IndentPair[], fileUnit: string): Indentation | null {
    const known = new Map<string, string>();
    for (const { wanted, found } of pairs) {
      if ((known.get(wanted) ?? found) !== found) return null;
      known.set(wanted, found);
    }
    const steps = [...known].sort(([one], [other]) => width(one) - width(other));
    const units: IndentPair[] = [];
    for (const [i, [wanted, found]] of steps.entries()) {
      const [lower, lowerFound] = steps[i - 1] ?? [wanted, found];
      if (i === 0) continue;
      if (!wanted.startsWith(lower) || !found.startsWith(lowerFound) || found.length === lowerFound.length) return null;
      units.push({ wanted: wanted.slice(lower.length), found: found.slice(lowerFound.length) });
    }
    const [unit = unitOfOne(steps[0], fileUnit)] = units.sort((one, other) => width(one.wanted) - width(other.wanted));
    return units.every((one) => unit !== null && levels(one, unit) !== null) ? new Indentation(known, unit) : null;
  }

  /** The indentation in the file of one of the edit's. */
  inFile(wanted: string): string {
    const known = this.#known.get(wanted);
    if (known !== undefined) return known;
    const below = [...this.#known]
      .filter(([one]) => wanted.startsWith(one))
      .sort(([one], [other]) => other.length - one.length);
    const [base] = below;
    if (base !== undefined) return base[1] + this.#deeper(wanted.slice(base[0].length));
    const [least] = [...this.#known].sort(([one], [other]) => one.length - other.length);
    if (least === undefined) return wanted;
    const [edit, file] = least;
    // Less deep than every line that is known: as much less in the file, in its own units.
    const missing = this.#deeper(edit.slice(wanted.length));
    return file.endsWith(missing) ? file.slice(0, file.length - missing.length) : wanted;
  }

  #deeper(extra: string): string {
    const unit = this.#units;
    if (unit === null || unit.wanted === '' || width(extra) % width(unit.wanted) !== 0) return extra;
    return unit.found.repeat(width(extra) / width(unit.wanted));
  }
}

/** One line tells the unit only where its whole indentation is of another kind than the edit's. */
function unitOfOne(step: readonly [string, string] | undefined, fileUnit: string): IndentPair | null {
  const [wanted = '', found = ''] = step ?? [];
  const isOfTabs = (found.includes('\t') || (found === '' && fileUnit === '\t')) && !wanted.includes('\t');
  if (isOfTabs)
    return {
      wanted: wanted === '' || found === '' ? '    ' : wanted.slice(0, Math.max(1, wanted.length / found.length)),
      found: '\t',
    };
  return null;
}

/** How many units a step is, alike on both sides; null where it is not. */
function levels({ wanted, found }: IndentPair, unit: IndentPair): number | null {
  const count = width(wanted) / width(unit.wanted);
  return Number.isInteger(count) && found === unit.found.repeat(count) ? count : null;
}

/** In columns; a tab counts as four. */
function width(indent: string): number {
  return [...indent].reduce((sum, letter) => sum + (letter === '\t' ? 4 : 1), 0);
}

export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** A tab where more lines of a file begin with one than with a space. */
export function unitOf(lines: readonly string[]): string {
  const tabs = lines.filter((line) => line.startsWith('\t')).length;
  return tabs > lines.filter((line) => line.startsWith(' ')).length ? '\t' : '    ';
}
