import type { Idea, ItemOf } from '../../src/webview/messages.ts';

/** What a model could try to smuggle into a page. */
export const hostile = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';

export const ideas: Idea[] = [
  {
    id: 'average-last',
    title: 'Average the weights of the last epochs',
    hypothesis:
      'The mean of the weights of the last five epochs classifies more test digits correctly than the last weights alone.',
    method: `Keep a running mean from epoch 15 on.\n\n1. Train as before.\n2. Add \`weights\` to a sum after each epoch.\n\n**Nothing else** changes. ${hostile}`,
    rationale: 'Stochastic gradient descent ends at the rim of a flat region; the mean lies nearer to its middle.',
    plan: [
      'Accumulate weights in `train.py`',
      'Predict with their mean',
      'Measure against the baseline over ten seeds',
    ],
    scores: { clarity: 5, validity: 4, rigor: 4, innovativeness: 2, generalizability: 4, feasibility: 5 },
    novelty: { closest: ['Polyak averaging'], verdict: 'known, not yet tried on this code' },
    assessment: {
      reasons: {
        clarity: 'One step is named, and nothing else changes.',
        validity: 'The flatness is assumed, not measured.',
        rigor: 'A longer training would look the same.',
        innovativeness: 'Averaging is old; only this place is new.',
        generalizability: 'It was seen for convex losses.',
        feasibility: 'Nothing: it takes ten lines.',
      },
      cites: [],
      closest: [
        {
          id: 'doi:10.1137/0330046',
          title: 'Acceleration of stochastic approximation by averaging',
          differs: 'It averages all iterates of a convex problem; here those of the last `epochs` alone.',
        },
      ],
      implies: { metric: 'accuracy', minimumEffect: 0.01, seeds: 10, cost: 'Ten pairs of half a second each.' },
      ablations: ['Average from the first epoch on'],
      risks: ['The last epochs may lie too close together.'],
      weak: [],
    },
  },
  {
    id: 'jitter',
    title: 'Shift-the-digits-by-one-pixel-in-every-direction-while-training',
    hypothesis: 'Shifted copies of each training image raise accuracy.',
    method: 'Add four copies of each image.',
    rationale: '',
    plan: ['Shift', 'Train', 'Measure'],
    scores: { clarity: 4, validity: 4, rigor: 3, innovativeness: 2, generalizability: 3, feasibility: 5 },
    novelty: { closest: [], verdict: 'not checked' },
  },
];

export const proposed: ItemOf<'ideas'> = {
  kind: 'ideas',
  gaps: ['The paper does not say what happens after the last example.'],
  ideas,
  chosen: null,
  grounds: [
    {
      gap: 'The paper does not say what happens after the last example.',
      quotation: 'Which weights to average: a suffix may do better in short training.',
      section: '6 Open questions',
    },
  ],
  considered: [{ title: 'A larger grid', mechanism: 'More cells.', kept: false, why: 'No new mechanism.' }],
  searched: '9 works found by 3 searches (local, OpenAlex; arXiv: it did not answer within 5 s)',
  dropped: 'Dropped: 1 quotation that stands in no source (“Averaging always wins by far”).',
};
