import { type Command, Option } from 'commander';
import { find, prototype, read } from './commands.ts';
import { common } from './flags.ts';
import { wholeNumber } from './flagValues.ts';
import { UsageError } from './usageError.ts';

/** What names a paper. */
export const PAPER = 'the paper: a PDF, LaTeX, HTML or Markdown file, an arXiv id, a DOI, or an address';

export function readPapers(mlr: Command): void {
  common(
    mlr
      .command('read <paper>')
      .description(
        'print what a paper says; needs no language model\n\n' +
          "A file (PDF, LaTeX source or arXiv's archive of it, HTML, Markdown), an arXiv id, a DOI, or an address. What is " +
          'fetched is kept, and read again from there for a week; a DOI leads to an open copy where one is known.',
      )
      .summary('print what a paper says: a file, an arXiv id, a DOI, or an address')
      .option('--local-only', 'ask nothing but this machine (MLR_LOCAL_ONLY=1)'),
  ).action(read);
}

/** What is looked for outside the workspace's code. */
export function findThings(mlr: Command): void {
  const around = new Option(
    '--around',
    'the words name a paper (DOI, arXiv id, title): what it cites, and what cites it',
  );
  const models = new Option('--models', 'find models: on this machine, then of the Hugging Face Hub (HF_ENDPOINT)');
  const datasets = new Option('--datasets', 'find data sets, in the same way');
  common(
    mlr
      .command('find [words...]')
      .description(
        'find papers, models or data sets; needs no language model\n\n' +
          "Papers: the workspace's own PDFs and .bib files first, then Semantic Scholar, OpenAlex and arXiv, all at " +
          'once and each in its own measure: one that is down or busy is named and holds nothing up. Models and data ' +
          'sets: what fits this machine and the budget of mlr.yaml first, with the code that loads it. Answers are kept ' +
          'for a day.',
      )
      .summary('find papers, models or data sets; needs no language model')
      .addOption(around.conflicts(['models', 'datasets']))
      .addOption(models.conflicts('datasets'))
      .addOption(datasets)
      .option('--task <task>', 'of models and data sets: as the Hub calls it, such as text-classification')
      .option('--language <code>', 'of models and data sets: such as en')
      .option('--licence <name>', 'of models and data sets: as the Hub calls it, such as apache-2.0')
      .option('--open', "of models and data sets: leave out what needs its owner's leave")
      .option('--parameters <n>', 'of models: at most so many, such as 500M', parametersOf)
      .option('--most <n>', 'most of them (20)', wholeNumber('--most'))
      .option('--local-only', 'ask nothing but this machine (MLR_LOCAL_ONLY=1)'),
  ).action(find);
  common(
    mlr
      .command('prototype <paper-or-url>')
      .description(
        'list the code that a paper names, or fetch it with its licence\n\n' +
          'The address of a repository is fetched at one commit into .mlr/prototypes/, once you agree: its files alone, ' +
          'without history, hooks, submodules or your credentials, at most 200 MiB. Nothing of it is run.',
      )
      .summary('list the code that a paper names, or fetch it with its licence')
      .option('--ref <name>', 'a branch, tag or commit')
      .option('--yes', 'fetch it without asking')
      .option('--local-only', 'ask nothing but this machine (MLR_LOCAL_ONLY=1)'),
  ).action(prototype);
}

/** `500M`, `1.5B` or a plain number. */
function parametersOf(text: string): number {
  const [, figure, unit = ''] = /^(\d+(?:\.\d+)?)([KMB]?)$/i.exec(text.trim()) ?? [];
  const factor = { '': 1, k: 1e3, m: 1e6, b: 1e9 }[unit.toLowerCase()] ?? 1;
  const value = Number(figure) * factor;
  if (value > 0) return value;
  throw new UsageError(`--parameters takes a number such as 500M or 1.5B, not "${text}".`);
}
