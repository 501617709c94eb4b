import { isInName, type WordTable } from './wordTable.ts';

/** Where a definition begins and ends in a source, in characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What the code of a definition says, each once. */
export interface BodyText {
  /** Its names, by their numbers in a table. */
  readonly names: readonly number[];
  /** Its messages and comments. */
  readonly messages: readonly string[];
}

/** Of one definition. Characters. */
const LONGEST = 4_000;
/** A string of one line is a message where it is so long; so is a comment; a name counts from three letters on. */
const MESSAGE = { least: 6, most: 300 };
const COMMENT = { least: 3, most: 300 };
const NAME = { least: 3, most: 61 };

/** What the code of every definition says in words: its messages, comments (of Python's and of C's kind) and names, each
 *  once and without those of the definitions within it, in their order. One pass over the characters, because asking the
 *  tree for each takes longer than parsing it, and a regular expression half as long.
 *  @param spans in the order of their beginnings; one either holds another or does not touch it
 *  @param words numbers the names */
export function bodyTexts(source: string, spans: readonly Span[], words: WordTable): BodyText[] {
  const scan = new Scan(source, spans, words);
  for (let at = 0; at < source.length; ) at = scan.passOver(at);
  return scan.bodies;
}

/** What one definition has said so far. */
class Body implements BodyText {
  readonly names: number[] = [];
  readonly messages: string[] = [];
  #left = LONGEST;

  /** Whether there is still room; takes it where there is. */
  takes(length: number): boolean {
    this.#left -= length + 1;
    return this.#left >= 0;
  }
}

class Scan {
  readonly bodies: Body[];
  readonly #source: string;
  readonly #spans: readonly Span[];
  readonly #words: WordTable;
  readonly #seen = new PairSet();
  readonly #open: number[] = [];
  #next = 0;
  /** The innermost definition, as far as the next place where another begins or this one ends. */
  #inside = -1;
  #until = 0;

  constructor(source: string, spans: readonly Span[], words: WordTable) {
    this.#source = source;
    this.#spans = spans;
    this.#words = words;
    this.bodies = spans.map(() => new Body());
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
    if (!isInName(this.#source.charCodeAt(at + NAME.least - 1))) return endOfName(this.#source, at);
    const name = this.#words.nameAt(this.#source, at);
    const { end } = this.#words;
    const inside = this.#innermost(at);
    const body = this.bodies[inside];
    if (body === undefined || end - at < NAME.least || end - at > NAME.most) return end;
    if (this.#seen.add(inside, name) && body.takes(end - at)) body.names.push(name);
    return end;
  }

  #message(at: number): number {
    const end = this.#source.indexOf(this.#source.charAt(at), at + 1);
    const length = end - at - 1;
    if (length < MESSAGE.least || length > MESSAGE.most || holdsLine(this.#source, at + 1, end)) return at + 1;
    this.#say(at, this.#source.slice(at + 1, end));
    return end + 1;
  }

  #comment(at: number, sign: '#' | '//'): number {
    if (!this.#source.startsWith(sign, at)) return at + 1;
    const from = at + sign.length;
    const line = this.#source.indexOf('\n', from);
    const end = Math.min(line < 0 ? this.#source.length : line, from + COMMENT.most);
    if (end - from < COMMENT.least) return at + 1;
    this.#say(at, this.#source.slice(from, end));
    return end;
  }

  #say(at: number, message: string): void {
    const body = this.bodies[this.#innermost(at)];
    if (body !== undefined && !body.messages.includes(message) && body.takes(message.length))
      body.messages.push(message);
  }

  /** The number of the innermost span at a place, -1 outside of all. */
  #innermost(at: number): number {
    if (at < this.#until) return this.#inside;
    const [spans, open] = [this.#spans, this.#open];
    for (; this.#next < spans.length && startOf(spans[this.#next]) <= at; this.#next += 1) {
      while (open.length > 0 && endOf(spans[open.at(-1) ?? 0]) <= startOf(spans[this.#next])) open.pop();
      open.push(this.#next);
    }
    while (open.length > 0 && endOf(spans[open.at(-1) ?? 0]) <= at) open.pop();
    this.#inside = open.at(-1) ?? -1;
    const end = this.#inside < 0 ? Number.POSITIVE_INFINITY : endOf(spans[this.#inside]);
    this.#until = Math.min(end, startOf(spans[this.#next]));
    return this.#inside;
  }
}

/** Pairs of a definition and a name that were met: a set of a hundred thousand numbers without a hundred thousand boxes. */
class PairSet {
  #keys = new Float64Array(1 << 9);
  #count = 0;

  /** @returns whether it is new */
  add(one: number, other: number): boolean {
    if (2 * this.#count >= this.#keys.length) this.#grow();
    const key = (one + 1) * 2 ** 26 + other;
    const slot = this.#slotOf(key);
    if (this.#keys[slot] === key) return false;
    this.#keys[slot] = key;
    this.#count += 1;
    return true;
  }

  #slotOf(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(key | 0, 0x9e3779b1) ^ (key / 2 ** 26)) >>> 0;
    for (slot = (slot ^ (slot >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      if (this.#keys[slot] === 0 || this.#keys[slot] === key) return slot;
    }
  }

  #grow(): void {
    const before = this.#keys;
    this.#keys = new Float64Array(2 * before.length);
    for (const key of before) if (key !== 0) this.#keys[this.#slotOf(key)] = key;
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

function endOfName(source: string, from: number): number {
  let end = from + 1;
  while (isInName(source.charCodeAt(end))) end += 1;
  return end;
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
