/** Where a definition begins and ends in a source, in characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Strings of one line that are long enough to be a message, comments of Python's and of C's kind, and names. */
const SAYS = /"([^"\n]{6,300})"|'([^'\n]{6,300})'|(?:#|\/\/)([^\n]{3,300})|[A-Za-z_]\w{2,60}/g;
/** Of one definition. Characters. */
const LONGEST = 4_000;

/** What the code of every definition says in words: its messages, comments and names, each once and without those of the
 *  definitions within it. One pass over the text, because asking the tree for each takes longer than parsing it.
 *  @param spans in the order of their beginnings; one either holds another or does not touch it */
export function bodyTexts(source: string, spans: readonly Span[]): string[] {
  const texts = spans.map(() => new Set<string>());
  const open: number[] = [];
  let next = 0;
  for (const found of source.matchAll(SAYS)) {
    for (; next < spans.length && startOf(spans[next]) <= found.index; next += 1) open.push(next);
    while (open.length > 1 && endOf(spans[open.at(-1) ?? 0]) <= found.index) open.pop();
    // A definition that ended before the next began is not what holds it.
    const innermost = open.findLast((i) => endOf(spans[i]) > found.index);
    if (innermost !== undefined) texts[innermost]?.add(found[1] ?? found[2] ?? found[3] ?? found[0]);
  }
  return texts.map((said) => [...said].join(' ').slice(0, LONGEST));
}

function startOf(span: Span | undefined): number {
  return span?.start ?? Number.POSITIVE_INFINITY;
}

function endOf(span: Span | undefined): number {
  return span?.end ?? 0;
}
