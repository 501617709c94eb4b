import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillCommand, splitWords } from '../../../src/evidence/command.ts';

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

describe('a command', () => {
  it('is split into words by the shell’s quoting rules', () => {
    expect(splitWords(`a "b c" 'd "e' f\\ g "h\\"i" "j\\k" '' x"y"'z'`)).toEqual([
      'a',
      'b c',
      'd "e',
      'f g',
      'h"i',
      'j\\k',
      '',
      'xyz',
    ]);
  });

  it('gives back whatever words were quoted into it', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitWords(words.map(quote).join(' '))).toEqual(words);
      }),
    );
  });

  it('splits as /bin/sh does', () => {
    const character = fc.constantFrom('a', ' ', '"', "'", '\\', '\t', '=', '-');
    const samples = fc.sample(fc.string({ unit: character, maxLength: 12 }), { numRuns: 200, seed: 7 });
    const splittable = samples.flatMap((command) => {
      try {
        return [{ command, words: splitWords(command) }];
      } catch {
        return [];
      }
    });
    const script = splittable.map(({ command }) => `set -- ${command}\nprintf '%s\\0' "$#" "$@"`).join('\n');
    const seen = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
    const ours = splittable.flatMap(({ words }) => [String(words.length), ...words]);
    expect(splittable.length).toBeGreaterThan(40);
    expect(seen).toBe(ours.map((word) => `${word}\0`).join(''));
  });

  it('names an unclosed quote', () => {
    expect(() => splitWords(`python3 "x`)).toThrow('a double quote is not closed in `python3 "x`');
    expect(() => splitWords('x \\')).toThrow('a backslash at the end');
  });

  it('gets seed, out and arguments without a second splitting', () => {
    expect(
      fillCommand(['p', '--seed={seed}', '{out}', '{args}', 'x{args}'], {
        seed: 7,
        out: '/o p',
        args: ['a b', '{seed}'],
      }),
    ).toEqual(['p', '--seed=7', '/o p', 'a b', '{seed}', 'xa b {seed}']);
  });
});
