import { WORDS } from './wordTable.ts';

/** Where a definition begins and ends in a source, in characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Of one definition. Characters. */
const LONGEST = 4_000;
/** A string of one line is a message where it is so long; so is a comment; a name counts from three letters on. */
const MESSAGE = { least: 6, most: 300 };
const COMMENT = { least: 3, most: 300 };
const NAME = { least: 3, most: 61 };

/** What the code of every definition says in words: its messages, comments (of Python's and of C's kind) and names, each
 *  once and without those of the definitions within it, in their order. One pass over the characters, because asking the tree for each
 *  takes longer than parsing it, and a regular expression half as long.
 *  @param spans in the order of their beginnings; one either holds another or does not touch it */
export function bodyTexts(source: string, spans: readonly Span[]): string[][] {
  const scan = new Scan(source, spans);
  for (let at = 0; at < source.length; ) at = scan.passOver(at);
  return scan.texts.map(beginningOf);
}

/** As much as fits. */
function beginningOf(said: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  let left = LONGEST;
  for (const one of said) {
    left -= one.length + 1;
    if (left < 0) break;
    kept.push(one);
  }
  return kept;
}

class Scan {
  readonly texts: Set<string>[];
  readonly #source: string;
  readonly #spans: readonly Span[];
  readonly #open: number[] = [];
  #next = 0;
  /** What the innermost definition says, as far as the next place where another begins or this one ends. */
  #said: Set<string> | undefined;
  #until = 0;

  constructor(source: string, spans: readonly Span[]) {
    this.#source = source;
    this.#spans = spans;
    this.texts = spans.map(() => new Set());
  }

  /** @returns where to go on */
  passOver(at: number): number {
    const code = this.#source.charCodeAt(at);
    const kind = code < 128 ? KINDS[code] : OTHER;
    if (kind === OTHER) return at + 1;
    if (kind === LETTER) return this.#name(at);
    return kind === QUOTE ? this.#message(at) : this.#comment(at, kind === SLASH ? '//' : '#');
  }

  #name(at: number): number {
    let end = at + 1;
    while (isWord(this.#source.charCodeAt(end))) end += 1;
    if (end - at >= NAME.least && end - at <= NAME.most) this.#innermost(at)?.add(WORDS.word(this.#source, at, end));
    return end;
  }

  #message(at: number): number {
    const end = this.#source.indexOf(this.#source.charAt(at), at + 1);
    const length = end - at - 1;
    if (length < MESSAGE.least || length > MESSAGE.most || holdsLine(this.#source, at + 1, end)) return at + 1;
    this.#innermost(at)?.add(this.#source.slice(at + 1, end));
    return end + 1;
  }

  #comment(at: number, sign: '#' | '//'): number {
    if (!this.#source.startsWith(sign, at)) return at + 1;
    const from = at + sign.length;
    const line = this.#source.indexOf('\n', from);
    const end = Math.min(line < 0 ? this.#source.length : line, from + COMMENT.most);
    if (end - from < COMMENT.least) return at + 1;
    this.#innermost(at)?.add(this.#source.slice(from, end));
    return end;
  }

  #innermost(at: number): Set<string> | undefined {
    if (at < this.#until) return this.#said;
    const [spans, open] = [this.#spans, this.#open];
    for (; this.#next < spans.length && startOf(spans[this.#next]) <= at; this.#next += 1) {
      while (open.length > 0 && endOf(spans[open.at(-1) ?? 0]) <= startOf(spans[this.#next])) open.pop();
      open.push(this.#next);
    }
    while (open.length > 0 && endOf(spans[open.at(-1) ?? 0]) <= at) open.pop();
    const inside = open.at(-1);
    this.#said = inside === undefined ? undefined : this.texts[inside];
    const end = inside === undefined ? Number.POSITIVE_INFINITY : endOf(spans[inside]);
    this.#until = Math.min(end, startOf(spans[this.#next]));
    return this.#said;
  }
}

const [OTHER, LETTER, QUOTE, HASH, SLASH] = [0, 1, 2, 3, 4];
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(char)) return LETTER;
  return (
    new Map([
      ['"', QUOTE],
      ["'", QUOTE],
      ['#', HASH],
      ['/', SLASH],
    ]).get(char) ?? OTHER
  );
});

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

function holdsLine(source: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (source.charCodeAt(at) === 10) return true;
  return false;
}

function startOf(span: Span | undefined): number {
  return span?.start ?? Number.POSITIVE_INFINITY;
}

function endOf(span: Span | undefined): number {
  return span?.end ?? 0;
}
