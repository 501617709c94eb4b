import { type Command, Option } from 'commander';
import {
  accept,
  answer,
  branch,
  clean,
  exportRuns,
  report,
  reproduce,
  resume,
  sessions,
  stop,
  verify,
} from './commands.ts';
import { common, policy, running, thinking } from './flags.ts';
import { UsageError } from './usageError.ts';

/** What goes on with a session, and what comes of it. */
export function goOn(mlr: Command): void {
  mlr.commandsGroup('Sessions (named by their id, the beginning of it, or "last"):');
  common(
    mlr
      .command('sessions')
      .description('list the sessions of this workspace')
      .option('--search <words>', 'those whose paper, ideas, verdict or conversation hold all of these words'),
  ).action(sessions);
  const again = mlr.command('resume <session>').description('go on where a session ended');
  thinking(policy(again, 'the one it had')).action(resume);
  const branching = mlr
    .command('branch <session> [gate]')
    .description(
      'begin a new session from a decision of an old one, which stays as it is\n\n' +
        'The question is asked again; without a gate, the decisions are listed. Runs and registrations are never copied: ' +
        'what was tried counts on.',
    )
    .summary('begin a new session from a decision of an old one, which stays as it is')
    .option('--keep', 'keep the answer, and do again what follows from it');
  thinking(policy(branching, 'the one it had')).action(branch);
  const answering = mlr
    .command('answer <session> <gate> <choice>')
    .description('answer a gate and go on')
    .option('--comment <text>', 'what should be different, or why');
  thinking(policy(answering, 'the one it had')).action(answer);
  common(
    mlr
      .command('accept <session> <check>')
      .description('accept an open doubt of a verdict, with the reason; the report says that it was after seeing it')
      .requiredOption('--reason <text>', 'why the doubt is none'),
  ).action(accept);
  reported(mlr);
  common(
    mlr
      .command('clean')
      .description('show what finished sessions hold beyond their evidence: copies of arms, large outputs')
      .option('--yes', 'remove it'),
  ).action(clean);
  common(mlr.command('stop [name]').description('stop a session or a run; without a name, the newest session')).action(
    stop,
  );
}

function reported(mlr: Command): void {
  mlr.commandsGroup('Reports:');
  common(
    mlr
      .command('report <session>')
      .description("print a session's report, or write it with all that a stranger needs")
      .option('--out <dir>', 'write the whole folder there')
      .option('--anonymous', 'leave out hosts, paths and authors')
      .option('--with-hidden', 'enclose hidden files that git tracks'),
  ).action(report);
  const verifying = mlr
    .command('verify [target]')
    .description(
      "check a session's log, runs and report again (the newest without a name), or a report's folder by itself",
    )
    .option('--evaluate', 'score the kept predictions again')
    .option('--rerun <pairs>', 'run so many random pairs again', wholeNumberOf('--rerun'))
    .option('--hidden <dir>', 'where the hidden files are, if not in the workspace');
  running(policy(verifying)).action(verify);
  const again = mlr
    .command('reproduce <target>')
    .description('run a report (a session, or its folder) again from its commits, and compare every claim')
    .option('--tolerance <share>', "largest difference, as a share of the metric's size", shareOf, 1e-6)
    .option('--hidden <dir>', 'where the hidden files are, if not in the workspace');
  running(policy(again)).action(reproduce);
  const exporting = mlr
    .command('export <target>')
    .description('write the runs of a report for other tools')
    .addOption(
      new Option('--format <format>', 'what to write').choices(['csv', 'json', 'mlflow']).makeOptionMandatory(),
    )
    .requiredOption('--out <dir>', 'where to');
  common(exporting).action(exportRuns);
}

function wholeNumberOf(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value > 0) return value;
    throw new UsageError(`${flag} takes a whole number above 0, not "${text}".`);
  };
}

function shareOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0) return value;
  throw new UsageError(`--tolerance takes a number of at least 0, not "${text}".`);
}
