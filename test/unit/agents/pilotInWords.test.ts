import { expect, test } from 'vitest';
import { pilotInWords } from '../../../src/agents/validate/pilotInWords.ts';
import type { ModelMessage } from '../../../src/domain/conversation.ts';

const WENT = 'The pilot finished in 0.4 s.\n\nvalidate printed:\n{"accuracy": 0.93}';
const FAILED = 'The pilot failed after 0.1 s: It ended with exit code 1.';
const UNKNOWN = 'No pilot of the change as it was handed in is known.';

test.each([
  [
    'went through',
    [
      ['edit_file', 'Changed.'],
      ['run_pilot', WENT],
      ['read_file', 'x'],
    ],
    /which went through\. Nothing was measured\.$/,
  ],
  [
    'failed',
    [
      ['run_pilot', WENT],
      ['edit_file', 'Changed.'],
      ['run_pilot', FAILED],
    ],
    /which failed\.$/,
  ],
  [
    'was of an earlier state',
    [
      ['run_pilot', WENT],
      ['edit_file', 'Changed.'],
    ],
    UNKNOWN,
  ],
  [
    'was not changed by an edit that was refused',
    [
      ['run_pilot', WENT],
      ['edit_file', 'Refused: no.'],
    ],
    /went through/,
  ],
  ['never was', [['read_file', 'x']], UNKNOWN],
] as const)('the reviewer of a change is told of its pilot that it %s', (_, steps, said) => {
  const words = pilotInWords(conversation(steps));
  if (typeof said === 'string') expect(words).toBe(said);
  else expect(words).toMatch(said);
  expect(words).not.toMatch(/\d/);
});

function conversation(steps: readonly (readonly [name: string, result: string])[]): ModelMessage[] {
  return steps.flatMap(([name, content], i): ModelMessage[] => [
    { role: 'assistant', content: '', toolCalls: [{ id: `c${i}`, name, arguments: '{}' }] },
    { role: 'tool', callId: `c${i}`, content },
  ]);
}
