import { expect, test } from 'vitest';
import { keyNamesFor } from '../../../src/domain/keyNames.ts';

test('a key that is a provider’s by its name is offered to that provider alone', () => {
  const names = (baseUrl: string) => keyNamesFor(baseUrl).filter((name) => !name.startsWith('MLR_API_KEY'));
  expect(names('https://api.openai.com/v1')).toEqual(['OPENAI_API_KEY']);
  expect(names('https://eu.api.openai.com/v1')).toEqual(['OPENAI_API_KEY']);
  expect(names('https://api.anthropic.com/v1')).toEqual(['ANTHROPIC_API_KEY']);
  expect(names('https://openrouter.ai/api/v1')).toEqual(['OPENROUTER_API_KEY']);
  const others = [
    'https://openai.com.example.org/v1',
    'https://notopenai.com/v1',
    'https://api.anthropic.com.example.org/v1',
    'http://api.openai.com/v1',
    'http://127.0.0.1:11434/v1',
    'nonsense',
  ];
  for (const other of others) expect(names(other)).toEqual([]);
});

test('a key that was kept for one host is looked for there alone, before any other', () => {
  expect(keyNamesFor('https://example.org:8443/v1')).toEqual(['MLR_API_KEY@example.org:8443', 'MLR_API_KEY']);
  expect(keyNamesFor('nonsense')).toEqual(['MLR_API_KEY']);
});
