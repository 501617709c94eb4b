/** An edit as it may have been meant: its texts with line feeds only. */
export interface Reading {
  readonly oldText: string;
  readonly newText: string;
}

/** What models wrap around the lines that they mean, in the order it is taken off. Each returns the edit without it, or
 *  null where it is not there. */
const WRAPPERS: readonly ((reading: Reading) => Reading | null)[] = [
  withoutFences,
  withoutNumbers,
  withoutDiffMarks,
  withoutEntities,
  withoutTypography,
];

/** An edit as it stands, then without one wrapping after the other: code fences, line numbers of a listing, marks of a
 *  diff, entities of a web page, invisible and no-break characters. What a file holds exactly is never reread. */
export function readingsOf(edit: Reading): Reading[] {
  const hunk = fromHunk(edit);
  const readings = hunk === null ? [edit] : [hunk];
  let last = readings[0] ?? edit;
  for (const unwrap of WRAPPERS) {
    const next = unwrap(last);
    if (next === null) continue;
    readings.push(next);
    last = next;
  }
  return readings;
}

/** A new text that is a hunk: it takes away the old text, line by line, and marks what it puts there. */
function fromHunk({ oldText, newText }: Reading): Reading | null {
  const lines = linesOf(newText).filter((line) => !line.startsWith('@@'));
  if (!lines.some((line) => line.startsWith('-')) || !lines.every((line) => /^[-+ ]|^$/.test(line))) return null;
  const side = (gone: string): string[] => lines.filter((line) => !line.startsWith(gone)).map((line) => line.slice(1));
  const before = side('+').join('\n');
  return before.trim() === oldText.trim() ? { oldText, newText: ended(side('-').join('\n'), oldText) } : null;
}

function withoutFences({ oldText, newText }: Reading): Reading | null {
  const old = insideFence(oldText);
  return old === null ? null : { oldText: old, newText: insideFence(newText) ?? newText };
}

function insideFence(text: string): string | null {
  const inside = /^\s*(```+|~~~+)[^\n]*\n([\s\S]*?)\n?[ \t]*\1[ \t]*\n?$/.exec(text)?.[2];
  return inside === undefined ? null : `${inside}\n`;
}

const NUMBERED = /^[ \t]*\d+(?:\t|[ ]?[|│:→](?:\t|[ ]|$))/;

function withoutNumbers({ oldText, newText }: Reading): Reading | null {
  const strip = (text: string): string | null => {
    const lines = linesOf(text);
    if (!lines.every((line) => NUMBERED.test(line))) return null;
    return ended(lines.map((line) => line.replace(NUMBERED, '')).join('\n'), text);
  };
  const old = strip(oldText);
  return old === null ? null : { oldText: old, newText: strip(newText) ?? newText };
}

function withoutDiffMarks({ oldText, newText }: Reading): Reading | null {
  const strip = (text: string, mark: string): string | null => {
    const lines = linesOf(text);
    const isMarked =
      lines.some((line) => line.startsWith(mark)) && lines.every((line) => /^ |^$/.test(line) || line.startsWith(mark));
    return isMarked ? ended(lines.map((line) => line.slice(1)).join('\n'), text) : null;
  };
  const [old, put] = [strip(oldText, '-'), strip(newText, '+')];
  return old === null || put === null ? null : { oldText: old, newText: put };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

function withoutEntities({ oldText, newText }: Reading): Reading | null {
  const decoded = (text: string): string =>
    text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
    });
  const old = decoded(oldText);
  return old === oldText ? null : { oldText: old, newText: decoded(newText) };
}

function withoutTypography({ oldText, newText }: Reading): Reading | null {
  const old = plainSpaces(oldText);
  return old === oldText ? null : { oldText: old, newText: plainSpaces(newText) };
}

/** Spaces that do not break lines as plain ones, and nothing in the place of characters that are not seen. */
export function plainSpaces(text: string): string {
  return text.replace(/[\u00A0\u2007\u202F]/g, ' ').replace(/[\u200B\u200C\u2060\uFEFF]/g, '');
}

/** The lines of a text without the line ends that open or close it. */
export function linesOf(text: string): string[] {
  return text.replace(/^\n+|\n+$/g, '').split('\n');
}

function ended(text: string, like: string): string {
  return like.endsWith('\n') ? `${text}\n` : text;
}
