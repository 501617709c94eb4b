/** A JSON value in a model's text: the value and the index after its end, or what is wrong, in words. */
export type ValueAt = { readonly value: unknown; readonly end: number } | { readonly wrong: string };

/** Arguments of a call, with the slips of models mended where they can only mean one thing: a code fence around,
 *  trailing commas, single quotes, Python's True, False and None, raw newlines in strings, JSON encoded twice. What is
 *  cut off, or followed by something else, is never completed or chosen from. No text at all is no arguments. */
export function readArguments(text: string): { readonly value: unknown } | { readonly wrong: string } {
  if (text.trim() === '') return { value: {} };
  const read = strictly(text) ?? leniently(text);
  if ('value' in read && typeof read.value === 'string') return readArguments(read.value);
  return read;
}

/** The value that begins at an index, after white space; what follows it is left to the caller. */
export function readValueAt(text: string, start: number): ValueAt {
  const reader = new Reader(text, start);
  try {
    return { value: reader.value(), end: reader.at };
  } catch (error) {
    if (error instanceof Unreadable) return { wrong: error.message };
    throw error;
  }
}

function strictly(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function leniently(text: string): { value: unknown } | { wrong: string } {
  const fence = /^\s*```[\w-]*[ \t]*\n/.exec(text)?.[0] ?? '';
  const read = readValueAt(text, fence.length);
  if ('wrong' in read) return read;
  const rest = text.slice(read.end).trim();
  if (rest === '' || (fence !== '' && rest === '```')) return { value: read.value };
  const what = /^[{[]/.test(rest) ? 'a second JSON value' : `"${rest.slice(0, 20)}"`;
  return { wrong: `${what} follows the first at character ${read.end + 1}` };
}

class Unreadable extends Error {}

const WORDS = new Map<string, unknown>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['null', null],
  ['None', null],
]);
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
/** Far beyond any tool's arguments, and far within the stack. */
const DEEPEST = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Reads JSON and the few things beyond it that have one meaning; all else is unreadable. */
class Reader {
  private readonly text: string;
  at: number;
  private depth = 0;

  constructor(text: string, start: number) {
    this.text = text;
    this.at = start;
  }

  value(): unknown {
    const first = this.next();
    if (first === '{') return this.object();
    if (first === '[') return this.array();
    if (first === '"' || first === "'") return this.string();
    const word = this.take(/[A-Za-z]+/y);
    if (word !== '') return this.word(word);
    const number = this.take(NUMBER);
    if (number === '') throw this.unexpected('a value');
    return Number(number);
  }

  private object(): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    this.items('}', () => {
      const quote = this.next();
      if (quote !== '"' && quote !== "'") throw this.unexpected('a name in quotes');
      const name = this.string();
      if (entries.has(name)) throw new Unreadable(`"${name}" is given twice`);
      if (this.next() !== ':') throw this.unexpected('":"');
      this.at++;
      entries.set(name, this.value());
    });
    return Object.fromEntries(entries);
  }

  private array(): unknown[] {
    const values: unknown[] = [];
    this.items(']', () => values.push(this.value()));
    return values;
  }

  /** What stands between brackets, parted by commas, of which one may trail. */
  private items(close: string, item: () => void): void {
    this.at++;
    if (++this.depth > DEEPEST) throw new Unreadable(`it is nested more than ${DEEPEST} deep`);
    while (this.next() !== close) {
      item();
      const after = this.next();
      if (after === ',') this.at++;
      else if (after !== close) throw this.unexpected(`"," or "${close}"`);
    }
    this.at++;
    this.depth--;
  }

  private string(): string {
    const quote = this.text[this.at++];
    let value = '';
    for (;;) {
      const character = this.text[this.at++];
      if (character === undefined) throw cutOff();
      if (character === quote) return value;
      value += character === '\\' ? this.escaped() : character;
    }
  }

  private escaped(): string {
    const character = this.text[this.at++];
    if (character === undefined) throw cutOff();
    if (`"'\\/`.includes(character)) return character;
    const code = character === 'u' ? this.take(/[\da-fA-F]{4}/y) : '';
    const meant = code === '' ? ESCAPES[character] : String.fromCharCode(Number.parseInt(code, 16));
    if (meant === undefined) {
      throw new Unreadable(`\\${character} at character ${this.at - 1} is no escape of JSON: a backslash is \\\\`);
    }
    return meant;
  }

  private word(word: string): unknown {
    if (WORDS.has(word)) return WORDS.get(word);
    if (this.at === this.text.length) throw cutOff();
    throw new Unreadable(`"${word}" stands without quotes before character ${this.at + 1}`);
  }

  /** The next character that is no white space, not yet taken. */
  private next(): string {
    this.take(/\s+/y);
    const character = this.text[this.at];
    if (character === undefined) throw cutOff();
    return character;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private unexpected(expected: string): Unreadable {
    return new Unreadable(`expected ${expected} at character ${this.at + 1}, found "${this.text[this.at]}"`);
  }
}

function cutOff(): Unreadable {
  return new Unreadable('it ends before it is whole');
}
