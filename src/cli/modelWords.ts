import type { Command } from 'commander';
import { prices, removeKey, setKey, testModel } from './commands.ts';
import { wholeNumber } from './flagValues.ts';

/** What is asked of a model besides work. */
export function tryModels(models: Command): void {
  models
    .command('test')
    .description(
      'ask the chosen model what agents will ask of it, and keep what it can do\n\n' +
        'A tool, an exact edit, arguments by a schema, and what stood at the beginning of ever longer prompts: real ' +
        'requests, which cost what the model costs.',
    )
    .summary('ask the chosen model what agents will ask of it; costs what the model costs')
    .option('--model <name>', 'another than the chosen one (MLR_MODEL)')
    .option('--base-url <url>', 'at this endpoint (MLR_BASE_URL)')
    .option('--longest <tokens>', 'longest prompt to try (32000)', wholeNumber('--longest'))
    .option('--json', 'one JSON object on standard output, nothing else')
    .action((_, command: Command) => testModel(command.optsWithGlobals()));
}

export function showPrices(models: Command): void {
  models
    .command('prices')
    .description(
      'list what models cost, each price with its day and source, and the file of your own\n\n' +
        'A model that is not listed has no known price: its cost is said to be unknown, and only its tokens can be limited.',
    )
    .summary('list what models cost, and begin a file of your own prices')
    .option('--write', 'begin that file where there is none, with a place for the chosen model')
    .option('--json', 'one JSON object on standard output, nothing else')
    .action((_, command: Command) => prices(command.optsWithGlobals()));
}

export function keepKeys(models: Command): void {
  const key = models.command('key').description('keep keys in a file that you alone can read');
  const endpoint = ['--base-url <url>', 'the endpoint that it is for (MLR_BASE_URL, else OpenAI)'] as const;
  key
    .command('set')
    .description(
      'keep the key of an endpoint, for that host alone\n\n' +
        'It is typed unseen, or read from what is piped in; it is never an argument.',
    )
    .summary('keep the key of an endpoint: typed unseen, or piped in')
    .option(...endpoint)
    .action((_, command: Command) => setKey(command.optsWithGlobals()));
  key
    .command('remove')
    .description('remove the key of an endpoint')
    .option(...endpoint)
    .action((_, command: Command) => removeKey(command.optsWithGlobals()));
}
