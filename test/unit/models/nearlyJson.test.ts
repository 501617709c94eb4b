import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/models/nearlyJson.ts';

describe('arguments with a slip that can only mean one thing are mended', () => {
  it.each([
    ['nothing at all', '', {}],
    ['a code fence around', '```json\n{"a": 1}\n```', { a: 1 }],
    ['a fence that is not closed', '```\n{"a": 1,}', { a: 1 }],
    ['trailing commas', '{"a": [1, 2,], "b": 3,}', { a: [1, 2], b: 3 }],
    ['single quotes', `{'a': 'it\\'s', 'b': "it's"}`, { a: "it's", b: "it's" }],
    ["Python's words", '{"a": True, "b": False, "c": None}', { a: true, b: false, c: null }],
    ['a raw newline and tab', '{"text": "one\n\ttwo"}', { text: 'one\n\ttwo' }],
    ['escapes among them', '{"t": "\\u00e9\\n\\\\d\\"",}', { t: 'é\n\\d"' }],
    ['JSON encoded twice', JSON.stringify('{"a": 1}'), { a: 1 }],
    ['a slip encoded as a string', JSON.stringify("{'a': 1}"), { a: 1 }],
    ['a name that objects inherit', '{"__proto__": 1,}', JSON.parse('{"__proto__": 1}')],
  ])('%s', (_, text, value) => {
    expect(readArguments(text)).toEqual({ value });
  });
});

describe('arguments that would have to be guessed are refused, with the reason', () => {
  it.each([
    ['cut off in a string', '{"path": "src/tr', 'it ends before it is whole'],
    ['cut off after a value', '{"path": "a", "n": 12', 'it ends before it is whole'],
    ['cut off after a comma', '{"path": "a",', 'it ends before it is whole'],
    ['cut off in a fence', '```json\n{"path": "a"\n```', 'expected "," or "}" at character 22, found "`"'],
    ['two objects', '{"a": 1}{"a": 2}', 'a second JSON value follows the first at character 9'],
    ['words after the object', '{"a": 1} as you asked', '"as you asked" follows the first at character 9'],
    ['quotes within quotes', '{"a": "say "hi" now"}', 'expected "," or "}" at character 13, found "h"'],
    ['an apostrophe in single quotes', "{'a': 'don't'}", 'expected "," or "}" at character 12, found "t"'],
    ['a name without quotes', '{a: 1}', 'expected a name in quotes at character 2, found "a"'],
    ['a word without quotes', '{"a": yes}', '"yes" stands without quotes before character 10'],
    ['an escape that JSON has not', '{"a": "\\d"}', '\\d at character 8 is no escape of JSON: a backslash is \\\\'],
    ['two values for one name', '{"a": 1, "a": 2,}', '"a" is given twice'],
    ['a list without commas', '{"a": [1 2]}', 'expected "," or "]" at character 10, found "2"'],
    ['a hole in a list', '{"a": [1,, 2]}', 'expected a value at character 10, found ","'],
    ['a number that is none', '{"a": 01}', 'expected "," or "}" at character 8, found "1"'],
    ['endless nesting', '['.repeat(100_000), 'it is nested more than 200 deep'],
  ])('%s', (_, text, wrong) => {
    expect(readArguments(text)).toEqual({ wrong });
  });
});

it('no arguments that were cut off anywhere are ever taken for whole', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (args, cut) => {
      const whole = JSON.stringify(args);
      const part = whole.slice(0, 1 + (cut % (whole.length - 1)));
      expect(readArguments(part)).toEqual({ wrong: expect.any(String) });
    }),
    { numRuns: 300 },
  );
});

it('what is valid means what it says', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
      const comma = `${JSON.stringify(args).slice(0, -1)}${Object.keys(args).length > 0 ? ',' : ''}}`;
      const meant: unknown = JSON.parse(JSON.stringify(args));
      expect(readArguments(comma)).toEqual({ value: meant });
    }),
    { numRuns: 300 },
  );
});
