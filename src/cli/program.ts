import { statSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { version } from '../domain/version.ts';
import { FACT_KINDS } from '../engine/reading.ts';
import {
  data,
  doctor,
  follow,
  idea,
  index,
  init,
  models as listModels,
  map,
  measure,
  prompt,
  research,
} from './commands.ts';
import { contractKeyOf } from './contractFlags.ts';
import { findThings, PAPER, readPapers } from './findWords.ts';
import { common, policy, running, thinking } from './flags.ts';
import { collectArms, wholeNumber } from './flagValues.ts';
import { keepKeys, showPrices, tryModels } from './modelWords.ts';
import { goOn } from './sessionWords.ts';
import { UsageError } from './usageError.ts';

const AFTER_HELP = `
Examples:
  mlr doctor                                             what this machine has
  mlr research paper.pdf --policy autopilot              from a paper to a verdict
  mlr init                                               write mlr.yaml: how an experiment is run and scored
  mlr measure --baseline main --variant my-branch        is it better? no model needed
  mlr measure --baseline main                            what could a comparison show?

Exit codes: 0 done, 1 the work failed, 2 bad usage or bad input, 3 the verdict is invalid or the evidence does not
hold, 4 a gate waits for an answer, 130 interrupted. "mlr help COMMAND" says more of one command.
`;

/** The command line's words and what they start. */
export function program(): Command {
  const mlr = new Command('mlr')
    .description('From a paper to a research idea, to experiment code as reviewable diffs, to a measured verdict.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`mlr: ${oneSentence(text)}\n`) })
    .hook('preAction', (_, command) => assertWorkspace(command))
    .addHelpText('after', AFTER_HELP);
  think(mlr);
  compare(mlr);
  goOn(mlr);
  look(mlr);
  lookAtModels(mlr);
  return mlr;
}

function think(mlr: Command): void {
  mlr.commandsGroup('From a paper:');
  readPapers(mlr);
  findThings(mlr);
  const ideas = mlr
    .command('idea')
    .description('propose research ideas from a paper, for this workspace, or put your own into their form')
    .argument('[paper]', PAPER)
    .option('--paper <paper>', 'the same, as a flag')
    .option('--idea <file>', 'an idea in your own words, to be completed and criticised');
  thinking(policy(ideas)).action(idea);
  const whole = mlr
    .command('research')
    .description('all phases, from a paper or an idea to a verdict')
    .argument('[paper]', PAPER)
    .option('--paper <paper>', 'the same, as a flag')
    .option('--idea <file>', 'an idea: in your own words, or one of .mlr/ideas/');
  thinking(policy(whole)).action(research);
}

function compare(mlr: Command): void {
  mlr.commandsGroup('Measure:');
  const first = mlr
    .command('init')
    .description(
      'look at this workspace and write a first contract, mlr.yaml\n\n' +
        'It overwrites nothing and changes no script: what a script needs is printed as a diff.',
    )
    .summary('look at this workspace and write a first contract, mlr.yaml');
  common(first).action(init);
  const measuring = mlr
    .command('measure')
    .description(
      'compare revisions as mlr.yaml says; needs no language model\n\n' +
        'Without a variant it runs the baseline alone and says what a comparison could show, and at what price.',
    )
    .summary('compare revisions as mlr.yaml says; needs no language model')
    .option('--baseline <revision>', 'what to compare with; "worktree" names your uncommitted changes')
    .option('--variant <revision...>', 'what to measure, one or more')
    .addOption(
      new Option(
        '--arm <name=arguments>',
        'a configuration instead: what {args} of `run` stands for; the first is the baseline',
      ).argParser(collectArms),
    )
    .option('--final', 'score on the locked test set that mlr.yaml names under `final`; every look at it counts')
    .option('--controls', 'train with shuffled labels too, and measure the baseline against itself')
    .option('--hypothesis <text>', 'what the comparison is about', '')
    .option('--all-seeds', 'run every seed, even where no completion could support');
  running(policy(measuring)).action(measure);
}

function look(mlr: Command): void {
  mlr.commandsGroup('Look:').helpCommand('help [command]', 'say more of one command');
  common(
    mlr
      .command('follow <run>')
      .description("show a run's output as it comes; Ctrl-C stops the run")
      .option('--last <n>', 'begin with its last lines', wholeNumber('--last'))
      .option('--search <words>', 'show the lines that hold these words, with the seconds when they came'),
  ).action(follow);
  common(
    mlr
      .command('index')
      .description('index the code of this workspace, and search it; needs no language model')
      .option('--search <words>', 'definitions that a question or a name means, best first')
      .option('--callers <name>', 'definitions that call a function of this name')
      .option('--callees <name>', 'definitions that a function of this name calls')
      .addOption(new Option('--facts <kind>', 'what the scripts take, read, print and draw').choices(FACT_KINDS))
      .option('--list', 'with --json: every definition')
      .option('--threads <n>', 'threads that parse (2)', wholeNumber('--threads')),
  ).action(index);
  common(
    mlr
      .command('map')
      .description(
        'tell what this workspace is, in the few words made for agents; needs no language model\n\n' +
          'What is started, read, scored and set, and the code that the rest stands on, most important first, ' +
          'with the lines where it stands.',
      )
      .summary('tell what this workspace is, in the few words made for agents')
      .option('--about <words>', 'what it is for, such as an idea: what has to do with it comes first')
      .option('--budget <n>', 'tokens, of four bytes each (600)', wholeNumber('--budget')),
  ).action(map);
  common(
    mlr
      .command('data <path...>')
      .description(
        'profile data files and folders; needs no language model\n\n' +
          'CSV, TSV, JSON, JSON lines, Parquet, NumPy, and folders of images or texts by class: columns, ranges, missing ' +
          'values, label balance, repeated rows, and rows that files share. Memory stays bounded whatever the size; ~ ' +
          'marks an estimate.',
      )
      .summary('profile data: columns, missing values, labels, repeated and shared rows'),
  ).action(data);
  common(mlr.command('doctor').description('say what this machine has, and what to do about each gap')).action(doctor);
}

/** What agents think with, and what they are told. */
function lookAtModels(mlr: Command): void {
  const models = mlr.command('models');
  common(
    models
      .description(
        'list what there is to think with: keys, servers on this machine, contexts, prices\n\n' +
          'Asks only servers on this machine, and no model anything. Prices of yours, in ~/.config/mlr/prices.json, go ' +
          'before those built in.',
      )
      .summary('list what there is to think with: keys, local servers, contexts, prices')
      .option('--model <name>', 'as if this model were chosen (MLR_MODEL)')
      .option('--base-url <url>', 'at this endpoint (MLR_BASE_URL)'),
  ).action(listModels);
  tryModels(models);
  showPrices(models);
  keepKeys(models);
  common(
    mlr
      .command('prompt')
      .description(
        'show exactly what an agent would be sent, and ask no model\n\n' +
          'A file .mlr/prompts/AGENT.md of yours stands in the place of the words built in.',
      )
      .summary('show exactly what an agent would be sent, and ask no model')
      .addArgument(new Argument('<agent>', 'which').choices(['idea', 'contract', 'experiment']))
      .option('--paper <paper>', 'for idea: the paper')
      .option('--idea <file>', 'for contract and experiment: the idea; for idea: one in your own words')
      .option('--small', 'as a model is asked that holds fewer than 16,000 tokens')
      .option('--local-only', 'ask nothing but this machine (MLR_LOCAL_ONLY=1)'),
  ).action(prompt);
}

/** @throws UsageError where the workspace is no folder */
function assertWorkspace(command: Command): void {
  const { workspace } = command.opts<{ workspace?: string }>();
  // What reads a paper, or looks at the machine, needs no workspace.
  if (workspace === undefined || ['read', 'doctor', 'models'].includes(command.name())) return;
  if (!statSync(workspace, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${workspace}: there is no such folder; name the workspace with --workspace.`);
}

/** The parser's words as one sentence with a way out. */
function oneSentence(text: string): string {
  const key = contractKeyOf(/unknown option '(-[^']*)'/.exec(text)?.[1] ?? '');
  if (key !== null) {
    const flag = /'([^'=]*)/.exec(text)?.[1];
    return `${flag} is no option: \`${key}\` stands in mlr.yaml, on the baseline, so that it is fixed before anything is measured.`;
  }
  const [said = '', guess = ''] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  const words = [said.replace(/\.$/, ''), guess].filter(Boolean).join(' ');
  return `${words}; see mlr --help.`;
}
