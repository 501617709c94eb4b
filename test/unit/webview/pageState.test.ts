import { expect, test } from 'vitest';
import { emptyCost } from '../../../src/domain/cost.ts';
import type { SessionHead } from '../../../src/webview/messages.ts';
import { newPage, receive } from '../../../src/webview/pageState.ts';

const head: SessionHead = {
  id: 's',
  title: 't',
  status: 'working',
  phase: '',
  model: '',
  cost: emptyCost(),
  spentOn: [],
  limits: [],
  left: '',
  spent: '',
  openGates: [],
};

test('a changed item takes its own place, and the others stay the same objects', () => {
  const before = receive(newPage(), {
    type: 'session',
    head,
    items: [
      { kind: 'notice', text: 'a' },
      { kind: 'notice', text: 'b' },
    ],
  });
  const after = receive(before, { type: 'changed', head, items: [{ place: 1, item: { kind: 'notice', text: 'c' } }] });
  expect(after.items).toEqual([
    { kind: 'notice', text: 'a' },
    { kind: 'notice', text: 'c' },
  ]);
  expect(after.items[0]).toBe(before.items[0]);
});

test('another session leaves nothing of the one before', () => {
  const written = receive(receive(newPage(), { type: 'session', head, items: [] }), {
    type: 'writing',
    call: 'idea',
    text: 'I',
  });
  expect(written.writing).toEqual({ call: 'idea', text: 'I' });
  expect(receive(written, { type: 'session', head: null, items: [] })).toEqual({ ...newPage(), head: null });
});

test('a message that is finished is written no more', () => {
  const written = receive(newPage(), { type: 'writing', call: 'idea', text: 'I' });
  expect(receive(written, { type: 'writing', call: 'idea', text: '' }).writing).toBeNull();
});

test('what runs show of themselves takes the place of what they showed before, and leaves everything else as it was', () => {
  const pulse = { line: 'epoch 1/2', step: 'epoch 1/2', share: 0.5, metric: null };
  const first = receive(newPage(), { type: 'pulses', pulses: { a: pulse } });
  const next = receive(first, { type: 'pulses', pulses: { b: pulse } });
  expect(next.pulses).toEqual({ b: pulse });
  expect(next.items).toBe(first.items);
});
