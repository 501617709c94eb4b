import { EvidenceError } from './evidenceError.ts';

/** What `{seed}`, `{out}` and `{args}` of a contract's command stand for. */
export interface CommandValues {
  readonly seed: number | string;
  readonly out: string;
  readonly args?: readonly string[];
}

/** Splits a command into words by POSIX shell rules (2.2 Quoting), without expansion, operators or comments.
 *  @throws EvidenceError `contract` on an unclosed quote or a backslash at the end */
export function splitWords(command: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < command.length) {
    const char = command.charAt(at);
    if (/[ \t\r\n]/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      continue;
    }
    const piece = readPiece(command, at);
    word = piece.joins ? (word ?? '') + piece.text : word;
    at = piece.end;
  }
  if (word !== null) words.push(word);
  return words;
}

/** Replaces the slots of a split command: a word that is `{args}` becomes all arguments, elsewhere they are joined by spaces. */
export function fillCommand(words: readonly string[], values: CommandValues): string[] {
  const args = values.args ?? [];
  const slots: Readonly<Record<string, string>> = {
    '{seed}': String(values.seed),
    '{out}': values.out,
    '{args}': args.join(' '),
  };
  return words.flatMap((word) =>
    word === '{args}' ? [...args] : [word.replace(/\{(?:seed|out|args)\}/g, (slot) => slots[slot] ?? slot)],
  );
}

interface Piece {
  readonly text: string;
  readonly end: number;
  /** False for a backslash before a newline, which vanishes without starting a word. */
  readonly joins: boolean;
}

function readPiece(command: string, start: number): Piece {
  const char = command.charAt(start);
  if (char === "'") {
    const close = command.indexOf("'", start + 1);
    if (close < 0) throw unclosed(command, 'a single quote');
    return { text: command.slice(start + 1, close), end: close + 1, joins: true };
  }
  if (char === '"') return readDoubleQuoted(command, start);
  if (char !== '\\') return { text: char, end: start + 1, joins: true };
  if (start + 1 >= command.length) throw unclosed(command, 'a backslash at the end');
  const next = command.charAt(start + 1);
  return { text: next === '\n' ? '' : next, end: start + 2, joins: next !== '\n' };
}

/** Within double quotes a backslash escapes only `$`, `` ` ``, `"`, `\` and a newline. */
function readDoubleQuoted(command: string, start: number): Piece {
  let text = '';
  for (let at = start + 1; at < command.length; at += 1) {
    const char = command.charAt(at);
    if (char === '"') return { text, end: at + 1, joins: true };
    const next = command.charAt(at + 1);
    if (char === '\\' && next !== '' && '$`"\\\n'.includes(next)) {
      if (next !== '\n') text += next;
      at += 1;
    } else text += char;
  }
  throw unclosed(command, 'a double quote');
}

function unclosed(command: string, what: string): EvidenceError {
  return new EvidenceError('contract', `${what} is not closed in \`${command}\``);
}
