import type { Sentences } from './rows.ts';
import { type ContractKeys, HEAD } from './task.ts';

/** train.py for sentences: counts words; the weak one reads only the first two. */
export function textTrainer(whole: boolean): string {
  return `${HEAD}import re

train, test = rows('data/train.csv'), rows('data/test.csv')


def words(text):
    found = re.findall('[a-z]+', text.lower())
    return set(${whole ? 'found' : 'found[:2]'})


sample = [rng.choice(train) for _ in train]
scores, counts = {}, {}
for row in sample:
    for word in words(row['text']):
        counts[word] = counts.get(word, 0) + 1
        scores[word] = scores.get(word, 0.0) + (1 if row['label'] == '1' else -1)
scores = {word: score / counts[word] if counts[word] > 3 and abs(score) > 0.4 * counts[word] else 0.0 for word, score in scores.items()}
write({row['id']: '1' if sum(scores.get(word, 0.0) for word in words(row['text'])) + rng.uniform(-0.2, 0.2) > 0 else '0' for row in test})
`;
}

export function textKeys(changes: ContractKeys = {}): ContractKeys {
  return { task: 'Tell glad from sad sentences.', ...changes };
}

export function textFiles(text: Sentences, train: string): Record<string, string> {
  const name = (letter: string, index: number): string => `${letter}${String(index).padStart(4, '0')}`;
  const lines = (header: string, rows: readonly string[]): string => `${header}\n${rows.join('\n')}\n`;
  return {
    'train.py': train,
    'data/train.csv': lines(
      'id,text,label',
      text.train.map((row, index) => `${name('r', index)},${row.text},${row.label}`),
    ),
    'data/test.csv': lines(
      'id,text',
      text.test.map((row, index) => `${name('t', index)},${row.text}`),
    ),
    'data/test_labels.csv': lines(
      'id,label',
      text.test.map((row, index) => `${name('t', index)},${row.label}`),
    ),
  };
}
