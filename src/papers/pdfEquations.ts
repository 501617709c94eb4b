import type { Paper } from '../domain/paper.ts';
import type { Line } from './pdfLines.ts';

type Equation = NonNullable<Paper['equations']>[number];

/** A number at the right edge, such as (3) or (A.2). */
const NUMBER = /\s\(([A-Z]?\.?\d{1,3}[a-z]?)\)$/;

/** The displayed equations of a paper as text, line by line as they are set: fractions and limits stand on lines of
 *  their own. Without a number at the edge one is known by its fonts, so a word processor's is not. */
export function equationsOf(lines: readonly Line[]): Equation[] {
  const equations: Equation[] = [];
  for (let at = 0; at < lines.length; ) {
    const group = groupAt(lines, at);
    if (isEquation(group, lines[at - 1])) equations.push(equationOf(group));
    at += Math.max(1, group.length);
  }
  return equations;
}

function groupAt(lines: readonly Line[], from: number): Line[] {
  const group: Line[] = [];
  for (let line = lines[from]; line && isFormula(line); line = lines[from + group.length]) {
    const above = group.at(-1);
    const follows =
      above === undefined || (line.page === above.page && line.place === above.place && line.gap < 2 * line.size);
    // Each number ends an equation; what hangs below its line (limits, denominators) stands closer than the next.
    const isNext = above !== undefined && group.some(isNumbered) && (isNumbered(line) || line.gap > 0.95 * line.size);
    if (!follows || isNext) break;
    group.push(line);
  }
  return group;
}

function isNumbered(line: Line): boolean {
  const isPlain = /\S\s*=\s*\S/.test(line.text) && !/\p{L}{4}/u.test(line.text);
  return NUMBER.test(line.text) && (line.text.includes('\t') || line.math > 0.25 || isPlain);
}

/** Words of running text do not stand in a formula, but for a few such as min or otherwise. */
function isFormula(line: Line): boolean {
  const words = line.text.replace(NUMBER, '').match(/\p{Ll}{4,}/gu)?.length ?? 0;
  const signs = /[=<>≤≥∈+−×∑∏∫∥·→∝≈:]/.test(line.text);
  if (isNumbered(line)) return words <= 6 && (signs || line.math > 0.3);
  return words <= 2 && line.math > 0.45;
}

function isEquation(group: readonly Line[], above: Line | undefined): boolean {
  if (group.some(isNumbered)) return true;
  const [first] = group;
  const isIndented = first !== undefined && (above === undefined || first.x > above.x + 1.5 * first.size);
  return isIndented && group.some((line) => /[=<>≤≥∈≈]/.test(line.text)) && group.every((line) => line.math > 0.5);
}

function equationOf(group: readonly Line[]): Equation {
  const label = group.map((line) => NUMBER.exec(line.text)?.[1]).find((number) => number !== undefined);
  const text = group
    .map((line) => line.text.replace(isNumbered(line) ? NUMBER : '', '').replace(/\s+/g, ' '))
    .join('\n');
  return { text: text.trim(), page: (group[0]?.page ?? 0) + 1, ...(label !== undefined && { label }) };
}
