import { Command, CommanderError, Option } from 'commander';
import { version } from '../domain/version.ts';
import { answer, resume } from './commands/goOn.ts';
import { doctor, follow, read, report, sessions, stop } from './commands/look.ts';
import { idea, measure, research } from './commands/work.ts';
import { EXIT, exitCodeOf } from './exitCode.ts';

function program(): Command {
  const mlr = new Command('mlr')
    .description('From a paper to a research idea, to experiment code as reviewable diffs, to a measured verdict.')
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  common(mlr.command('read <paper>').description('print what a paper says')).action(read);
  thinking(mlr.command('idea').description('propose research ideas from a paper, for this workspace'))
    .requiredOption('--paper <file>', 'the paper: PDF, LaTeX or Markdown')
    .action(idea);
  thinking(mlr.command('research').description('all phases, from a paper or an idea to a verdict'))
    .option('--paper <file>', 'the paper: PDF, LaTeX or Markdown')
    .option('--idea <file>', 'an idea of your own or from .mlr/ideas/')
    .action(research);
  running(mlr.command('measure').description('compare revisions by the contract, mlr.yaml; needs no language model'))
    .requiredOption('--baseline <revision>', 'what to compare with; "worktree" names your uncommitted changes')
    .requiredOption('--variant <revision...>', 'what to measure, one or more')
    .option('--hypothesis <text>', 'what the comparison is about', '')
    .action(measure);
  common(mlr.command('report <session>').description("print a session's report")).action(report);
  common(mlr.command('sessions').description('list the sessions of this workspace')).action(sessions);
  thinking(mlr.command('resume <session>').description('go on with a session; "last" names the newest')).action(resume);
  thinking(mlr.command('answer <session> <gate> <choice>').description('answer a gate and go on'))
    .option('--comment <text>', 'what should be different, or why')
    .action(answer);
  common(mlr.command('follow <run>').description("show a run's output as it comes")).action(follow);
  common(mlr.command('stop <name>').description('stop a session or a run')).action(stop);
  common(mlr.command('doctor').description('say what this machine has, and what to do about each gap')).action(doctor);
  return mlr;
}

function common(command: Command): Command {
  return command
    .option('--workspace <dir>', 'the workspace folder', process.cwd())
    .option('--json', 'one JSON object on standard output, nothing else');
}

function running(command: Command): Command {
  return common(command)
    .addOption(
      new Option('--policy <policy>', 'who answers gates').choices(['step', 'review', 'autopilot']).default('review'),
    )
    .option('--unconfined', 'run without confinement where none is possible');
}

function thinking(command: Command): Command {
  return running(command)
    .option('--model <name>', 'the language model (MLR_MODEL)')
    .option('--base-url <url>', 'its OpenAI-compatible endpoint (MLR_BASE_URL)')
    .option('--replay <file>', 'replay a recording instead of asking a model')
    .option('--record <file>', 'record what is asked and answered')
    .option('--budget-tokens <n>', 'stop before this many tokens are spent', wholeNumber);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0)
    throw new CommanderError(EXIT.badInput, 'mlr.number', `"${text}" is not a whole number above 0.`);
  return value;
}

/** Ends the program with one sentence: what went wrong and, where it is known, what to do. */
function fail(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  const { message, reason, stack } = error as Error & { reason?: unknown };
  const known = typeof reason === 'string';
  process.stderr.write(`mlr: ${known ? message : (stack ?? message)}\n`);
  return known ? exitCodeOf(reason) : EXIT.failed;
}

process.exitCode = await program()
  .parseAsync()
  .then(() => process.exitCode ?? EXIT.done, fail);
