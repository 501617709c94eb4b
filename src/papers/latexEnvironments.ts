/** Where what stands in an environment ends, and where to read on behind it. */
export interface Extent {
  readonly end: number;
  readonly next: number;
  readonly closed: boolean;
}

/** So many open environments are looked through for the one that an \end closes. */
const MAX_OPEN = 50;

/** What is shown as it is typed: nothing in it begins or ends anything. */
const TYPED = /^(?:verbatim|Verbatim|lstlisting|minted|alltt)\*?$/;

export function isTyped(environment: string): boolean {
  return TYPED.test(environment);
}

const MARK = /\\(?:(begin|end)\s*\{([^{}]{1,60})\}|(?:chapter|section|subsection|subsubsection)\*?(?=\s*[[{])|[\s\S])/g;

/** Every environment of a source by the place of its \begin. One that is never closed ends with the one around it, or at the
 *  next heading: what follows is still the paper's. */
export function environmentsOf(source: string): ReadonlyMap<number, Extent> {
  const extents = new Map<number, Extent>();
  const open: { name: string; begin: number }[] = [];
  const leave = (end: number) => {
    const left = open.pop();
    if (left) extents.set(left.begin, { end, next: end, closed: false });
  };
  const close = (name: string, index: number, next: number) => {
    const at = open.findLastIndex((one, place) => one.name === name && place >= open.length - MAX_OPEN);
    if (at < 0) return;
    while (open.length > at + 1) leave(index);
    const own = open.pop();
    if (own) extents.set(own.begin, { end: index, next, closed: true });
  };
  const lastEnds = new Map<string, number>();
  const lastEnd = (name: string): number => {
    const known = lastEnds.get(name) ?? source.lastIndexOf(`\\end{${name}}`);
    lastEnds.set(name, known);
    return known;
  };
  let typed: string | null = null;
  for (const { 0: whole, 1: which, 2: name = '', index } of source.matchAll(MARK)) {
    if (typed !== null && !(which === 'end' && name === typed)) continue;
    typed = which === 'begin' && isTyped(name) && lastEnd(name) > index ? name : null;
    if (which === 'begin') open.push({ name, begin: index });
    else if (which === 'end') close(name, index, index + whole.length);
    else if (/^\\(?:chapter|section|sub)/.test(whole)) while (open.length > 0) leave(index);
  }
  while (open.length > 0) leave(source.length);
  return extents;
}
