import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdit, type Edit } from '../../../src/changes/applyEdit.ts';

function edited(text: string, oldText: string, newText: string): string {
  const result = applyEdit(text, { oldText, newText });
  return 'refused' in result ? `REFUSED ${result.refused}\n${result.message}` : result.text;
}

describe('an edit', () => {
  test('replaces the one exact place', () => {
    expect(edited('a = 1\nb = 2\n', 'b = 2', 'b = 3')).toBe('a = 1\nb = 3\n');
    expect(edited('a\nb\nc\n', 'b\n', '')).toBe('a\nc\n');
    expect(edited('', '', 'first\n')).toBe('first\n');
  });

  test.each([
    ['CRLF line ends', 'a\r\nb\r\nc\r\n', 'a\nb', 'a\nB\nnew', 'a\r\nB\r\nnew\r\nc\r\n'],
    ['a byte-order mark', '\uFEFFa\nb\n', 'a', 'A', '\uFEFFA\nb\n'],
    ['a missing final line end', 'a\nb', 'b', 'B', 'a\nB'],
    ['mixed line ends around it', 'a\r\nb\nc\r\nd\n', 'a\nb\nc\nd', 'a\nB\nc\nd', 'a\r\nB\nc\r\nd\n'],
    ['a lone carriage return', 'a\rb\nc\n', 'c', 'C', 'a\rb\nC\n'],
  ])('keeps %s', (_, text, oldText, newText, wanted) => {
    expect(edited(text, oldText, newText)).toBe(wanted);
  });

  test('forgives trailing space, quotes and indentation where one place alone fits', () => {
    expect(edited('x = 1   \ny = 2\n', 'x = 1\ny = 2\n', 'x = 5\ny = 2\n')).toBe('x = 5\ny = 2\n');
    expect(edited('say("hi")\n', 'say(“hi”)', 'say("ho")')).toBe('say("ho")\n');
    expect(
      edited('def f():\n    if x:\n        go()\n    end\n', 'if x:\n    go()', 'if y:\n    go()\n    stop()'),
    ).toBe('def f():\n    if y:\n        go()\n        stop()\n    end\n');
    expect(edited('a\nif x:\n  go()\nb', '    if x:\n      go()\n', '')).toBe('a\nb');
  });

  test('does not forgive an indentation that differs from line to line', () => {
    expect(edited('if x:\n    a()\nb()\n', 'if x:\n    a()\n    b()', 'pass')).toContain('REFUSED not-found');
  });

  test('prefers the exact place to others that fit loosely', () => {
    expect(edited('  x = 1\nx = 1 \n', 'x = 1 \n', 'x = 2\n')).toBe('  x = 1\nx = 2\n');
  });

  test('is refused with the lines when several places fit', () => {
    expect(edited('a\nx = 1\nb\nx = 1\n', 'x = 1', 'x = 2')).toMatchInlineSnapshot(`
      "REFUSED ambiguous
      oldText was found 2 times, at lines 2, 4. Put lines from around the one you mean into oldText (and newText), so that it fits one place only:
      1| a
      2| x = 1
      3| b
      4| x = 1
      …
      2| x = 1
      3| b
      4| x = 1
      5| "
    `);
  });

  test('is refused with the nearest place when none fits', () => {
    const text =
      'import csv\n\ndef train(rows, rate=0.1):\n    total = 0.0\n    for row in rows:\n        total += float(row["score"])\n    return total\n';
    expect(edited(text, '    for row in rows:\n        total += int(row["score"])\n', 'x')).toMatchInlineSnapshot(`
      "REFUSED not-found
      oldText was not found. The nearest is at lines 5-6; copy the lines exactly as they stand there, without the numbers:
      5|     for row in rows:
      6|         total += float(row["score"])"
    `);
    expect(edited(text, '3| def train(lines, rate=0.5):', 'x')).toContain(
      'It seems to begin with line numbers; leave them out.',
    );
    expect(edited(text, 'zzzzzz', 'x')).toContain('nor anything like it');
    expect(edited(text, '', 'x')).toContain('REFUSED empty');
    expect(edited(text, 'csv', 'csv')).toContain('REFUSED same');
  });

  test('is found, or its nearest place named, in a file of 50,000 lines', () => {
    const text = Array.from({ length: 50_000 }, (_, at) => `value_${at} = compute(${at})\n`).join('');
    expect(edited(text, 'value_x = computed(49999)\n', 'y')).toContain('REFUSED not-found');
    expect(edited(text, 'value_49999 = compute(49999)', 'y')).toMatch(/\ny\n$/);
  });
});

describe('for any text', () => {
  const line = fc.stringMatching(/^[ ab"'\u{1F600}]{0,4}$/u);
  const text = fc
    .tuple(fc.boolean(), fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 }), line)
    .map(([mark, lines, last]) => (mark ? '\uFEFF' : '') + lines.map((pair) => pair.join('')).join('') + last);

  test('an edit changes nothing before and after its place, and undoing it restores the text', () => {
    fc.assert(
      fc.property(text, fc.nat(30), fc.nat(20), (body, from, length) => {
        const start = Math.min(body.startsWith('\uFEFF') ? from + 1 : from, body.length);
        const oldText = body.slice(start, start + length + 1);
        const splits = body[start] === '\n' && body[start - 1] === '\r';
        if (oldText.replaceAll('\r', '') === '' || splits || oldText.endsWith('\r')) return;
        const edit: Edit = { oldText, newText: 'NEW' };
        const result = applyEdit(body, edit);
        if ('refused' in result) {
          expect(result.refused).toBe('ambiguous');
          return;
        }
        const rest = body.slice(start + oldText.length);
        expect(result.text).toBe(`${body.slice(0, start)}NEW${lineEndOf(body.slice(0, start), oldText, rest)}${rest}`);
      }),
      { numRuns: 2000 },
    );
  });

  /** Whole lines that are taken out leave a whole line. */
  function lineEndOf(before: string, taken: string, after: string): string {
    if (!/^\uFEFF?$|\n$/.test(before) || after === '') return '';
    return /\r?\n$/.exec(taken)?.[0] ?? '';
  }

  const word = fc.constantFrom('a', 'if x:', 'go()', 'b = "c"', 'return 1');
  const block = fc.array(fc.tuple(fc.nat(2), word), { minLength: 1, maxLength: 6 });
  const code = (lines: readonly [number, string][], margin: number) =>
    lines.map(([depth, words]) => `${' '.repeat(margin + 4 * depth)}${words}`).join('\n');

  test('an edit written at another indentation gives what it would give at the right one', () => {
    fc.assert(
      fc.property(block, block, fc.nat(6), fc.nat(6), (lines, put, margin, other) => {
        fc.pre(lines.length > 1 && code(lines, 0) !== code(put, 0));
        const around = (inside: string) => `<<<\n${inside}\n>>>\n`;
        const text = around(code(lines, margin));
        expect(edited(text, code(lines, other), code(put, other))).toBe(around(code(put, margin)));
      }),
      { numRuns: 500 },
    );
  });
});
