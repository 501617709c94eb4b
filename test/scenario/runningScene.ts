import type { Item, RunPulse, RunRow, SessionHead } from '../../src/webview/messages.ts';

const going = (arm: string, seed: number): RunRow => {
  return { id: `${arm}-${seed}`, arm, seed, state: 'queued', value: null, seconds: null, reason: '' };
};

/** Runs that go on: one that prints its loss, one that prints words which are none of ours. */
export function runningScene({ head, ended, hostile }: { head: SessionHead; ended: RunRow[]; hostile: string }): {
  head: SessionHead;
  items: Item[];
  pulses: Record<string, RunPulse>;
} {
  const rows = [...ended, going('baseline', 7), going('variant-with-a-rather-long-name', 8)];
  return {
    head,
    items: [{ kind: 'runs', registration: 'g1', metric: 'accuracy', rows, planned: 20 }],
    pulses: {
      'baseline-7': {
        line: 'epoch 12/40 loss 0.3125 acc 0.87',
        step: 'epoch 12/40',
        share: 0.3,
        metric: { name: 'loss', newest: 0.3125, course: [2.3, 1.7, 1.2, 0.9, 0.95, 0.7, 0.52, 0.44, 0.36, 0.3125] },
      },
      'variant-with-a-rather-long-name-8': {
        line: `${hostile} 45%|████▌     | 45/100 [00:10<00:12,  4.4it/s]`,
        step: '',
        share: 0.45,
        metric: null,
      },
    },
  };
}
