import { expect, test } from 'vitest';
import { keyNamesFor } from '../../../src/domain/keyNames.ts';

test("OpenAI's key is offered to OpenAI alone", () => {
  expect(keyNamesFor('https://api.openai.com/v1')).toEqual(['MLR_API_KEY', 'OPENAI_API_KEY']);
  const others = [
    'https://openrouter.ai/api/v1',
    'https://openai.com.example.org/v1',
    'https://notopenai.com/v1',
    'http://127.0.0.1:11434/v1',
    'nonsense',
  ];
  for (const other of others) expect(keyNamesFor(other)).toEqual(['MLR_API_KEY']);
});
