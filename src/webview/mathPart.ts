import temml from 'temml';
import { offer } from './parts.ts';

// What a formula says may not run, link or load anything; one that is wrong is shown as it was written.
offer('math', (formula, into, isBlock) =>
  temml.render(formula, into, {
    displayMode: isBlock,
    trust: false,
    throwOnError: false,
    maxExpand: 200,
    maxSize: [20, 20],
  }),
);
