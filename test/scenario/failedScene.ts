import type { Item, Measurement, SessionHead } from '../../src/webview/messages.ts';

/** Verdicts that are none, and a session that could not go on. */
export function failedScene({ head, measurement }: { head: SessionHead; measurement: Measurement }): {
  head: SessionHead;
  items: Item[];
} {
  return {
    head: { ...head, status: 'failed' },
    items: [
      {
        kind: 'verdict',
        measurement: { ...measurement, verdict: 'invalid', reason: 'A protected file was changed: evaluate.py.' },
      },
      {
        kind: 'verdict',
        measurement: { ...measurement, verdict: 'inconclusive', reason: 'Eleven more seeds would decide.' },
      },
      { kind: 'ended', status: 'paused', text: 'Paused by researcher.' },
      { kind: 'ended', status: 'failed', text: 'The endpoint refuses the key: set another with “Set Model Key”.' },
    ],
  };
}
