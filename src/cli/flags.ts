import path from 'node:path';
import { type Command, Option } from 'commander';
import { limitOf, recording, wholeNumber } from './flagValues.ts';

/** What every command takes. */
export function common(command: Command): Command {
  return command
    .addOption(
      new Option('--workspace <dir>', 'the workspace folder')
        .argParser((given: string) => path.resolve(given))
        .default(process.cwd(), 'the current one'),
    )
    .option('--json', 'one JSON object on standard output, nothing else');
}

/** @param kept what holds where none is given; absent means `review` */
export function policy(command: Command, kept?: string): Command {
  const option = new Option('--policy <policy>', 'who answers gates: you, you where it matters, or nobody');
  option.choices(['step', 'review', 'autopilot']);
  return command.addOption(kept === undefined ? option.default('review') : option.default(undefined, kept));
}

/** What starts runs. */
export function running(command: Command): Command {
  return common(
    command
      .option('--unconfined', 'run without confinement where this machine offers none')
      .option(
        '--jobs <n>',
        'start so many runs at a time: one where none is given, on a cluster all',
        wholeNumber('--jobs'),
      ),
  );
}

/** What asks a language model. */
export function thinking(command: Command): Command {
  return running(
    command
      .option('--model <name>', 'the language model (MLR_MODEL); its key is MLR_API_KEY, or kept by "models key set"')
      .option('--model-think <name>', 'another for ideas, plans and review; NAME@URL at another endpoint')
      .option('--model-code <name>', 'another for writing and mending code (MLR_MODEL_CODE)')
      .option('--model-cheap <name>', 'another for summing up long conversations (MLR_MODEL_CHEAP)')
      .option('--base-url <url>', 'its OpenAI-compatible endpoint (MLR_BASE_URL)')
      .option('--local-only', 'ask nothing but a model on this machine (MLR_LOCAL_ONLY=1)')
      .option('--replay <file>', 'replay a recording instead of asking a model', recording)
      .option('--record <file>', 'record what is asked and answered')
      .option(
        '--budget-tokens <n>',
        'ask no model once so many tokens are used; debug=N limits one phase (may be repeated)',
        limitOf('--budget-tokens', 'tokens'),
      )
      .option(
        '--budget-money <usd>',
        'the same in US dollars, for models whose price is known',
        limitOf('--budget-money', 'usd'),
      ),
  );
}
