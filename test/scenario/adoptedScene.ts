import type { Item, SessionHead } from '../../src/webview/messages.ts';

/** Everything that a model writes with. */
const explained = `The gain is $\\frac{1}{n}\\sum_i d_i$, paired by seed:

| arm | accuracy |
|---|---|
| baseline | 0.8712 |
| variant | **0.8801** |

\`\`\`python
def mean(weights):  # of the last epochs
    return sum(weights) / len(weights)
\`\`\`

$$\\bar{w} = \\frac{1}{5} \\sum_{t=16}^{20} w_t$$`;

/** A result that was taken over in part, and one that was given back; an agent explains it with all that words can be. */
export function adoptedScene({ head, path }: { head: SessionHead; path: string }): {
  head: SessionHead;
  items: Item[];
} {
  return {
    head: { ...head, status: 'working', phase: 'reporting' },
    items: [
      { kind: 'agent', agent: 'validate', call: 'validate', turn: 1, text: explained, tools: [] },
      {
        kind: 'adoption',
        applied: ['train.py', path],
        conflicting: ['evaluate.py'],
        partly: true,
        canUndo: true,
        undone: '',
      },
      {
        kind: 'adoption',
        applied: ['train.py'],
        conflicting: [],
        partly: false,
        canUndo: false,
        undone: 'researcher took it back: train.py. You changed notes.txt since, so that stays.',
      },
    ],
  };
}
