import type { Command } from 'commander';
import { find } from './commands.ts';
import { common } from './flags.ts';
import { wholeNumber } from './flagValues.ts';

/** What is looked for outside the workspace's code. */
export function findThings(mlr: Command): void {
  common(
    mlr
      .command('find <words...>')
      .description(
        'find papers; needs no language model\n\n' +
          "The workspace's own PDFs and .bib files first, then Semantic Scholar, OpenAlex and arXiv, all at once and " +
          'each in its own measure: one that is down or busy is named and holds nothing up. Answers are kept for a day.',
      )
      .summary('find papers; needs no language model')
      .option('--around', 'the words name a paper (DOI, arXiv id, title): find what it cites and what cites it')
      .option('--most <n>', 'most of them (20)', wholeNumber('--most'))
      .option('--local-only', 'ask nothing but this machine (MLR_LOCAL_ONLY=1)'),
  ).action(find);
}
