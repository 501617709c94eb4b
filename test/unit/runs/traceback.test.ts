import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tail, tracebackOf } from '../../../src/runs/traceback.ts';

/** What the real interpreter prints for a program. */
function printedBy(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'traceback-'));
  try {
    writeFileSync(join(folder, 'train.py'), program);
    return spawnSync('/usr/bin/python3', ['train.py'], { cwd: folder, encoding: 'utf8' }).stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('an exception is read with its message and frames', () => {
  const found = tracebackOf(printedBy('def load(row):\n    return float(row)\n\nload("n/a")\n'));
  expect(found).toMatchObject({
    error: 'ValueError',
    message: "could not convert string to float: 'n/a'",
    frames: [
      { line: 4, function: '<module>', text: 'load("n/a")' },
      { line: 2, function: 'load', text: 'return float(row)' },
    ],
    cause: null,
  });
  expect(found?.frames[0]?.file).toMatch(/train\.py$/);
});

test('of a chain, the last exception is given with its cause', () => {
  const program = 'try:\n    {}["a"]\nexcept KeyError as e:\n    raise RuntimeError("no column") from e\n';
  expect(tracebackOf(printedBy(program))).toMatchObject({
    error: 'RuntimeError',
    message: 'no column',
    cause: { error: 'KeyError', message: "'a'", cause: null },
  });
});

test('an error of several lines keeps them; one without a message has none', () => {
  expect(tracebackOf(printedBy('raise ValueError("one\\ntwo")'))?.message).toBe('one\ntwo');
  expect(tracebackOf(printedBy('assert False'))).toMatchObject({ error: 'AssertionError', message: '' });
});

test('a syntax error is found, which Python prints without a heading', () => {
  expect(tracebackOf(printedBy('x = (\n'))).toMatchObject({
    error: 'SyntaxError',
    frames: [{ line: 1, function: '' }],
  });
});

test('an exception class of a module keeps its full name', () => {
  const output =
    'step 1\nTraceback (most recent call last):\n  File "a.py", line 1, in f\ntorch.cuda.OutOfMemoryError: CUDA out of memory.\n';
  expect(tracebackOf(output)).toMatchObject({ error: 'torch.cuda.OutOfMemoryError', frames: [{ text: '' }] });
});

test('a recursion of a thousand frames is read', () => {
  const found = tracebackOf(printedBy('def f():\n    f()\nf()\n'));
  expect(found).toMatchObject({ error: 'RecursionError' });
});

test('an output without a traceback has none, whatever it holds', () => {
  expect(tracebackOf('epoch 1: loss 0.3\nError: nothing\n')).toBeNull();
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('Traceback (most recent call last):', '  File "a", line 1', 'E: x', '', 'x\r')),
      (lines) => {
        const found = tracebackOf(lines.join('\n'));
        expect(found === null || found.frames.length > 0).toBe(true);
      },
    ),
  );
});

test('the end of a long output begins with a whole line and says what was left out', () => {
  const output = Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n');
  expect(tail(output, 20)).toBe('[… 774 earlier characters]\nline 98\nline 99');
  expect(tail('short\n', 20)).toBe('short\n');
});

test('a progress bar counts once', () => {
  expect(tail('10%\r50%\r100%\ndone\r\n', 100)).toBe('100%\ndone\n');
});

test('the interpreter of these tests is the one that is meant', () => {
  expect(execFileSync('/usr/bin/python3', ['--version'], { encoding: 'utf8' })).toMatch(/^Python 3\./);
});
