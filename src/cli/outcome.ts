import type { SessionEvent } from '../domain/event.ts';
import type { CommonOptions } from './commands/options.ts';
import { canGoOn, EXIT, type ExitCode, exitCodeOf } from './exitCode.ts';
import { ideasText, noiseText, sessionText } from './present.ts';
import { asSentence, printError, printJson } from './print.ts';
import type { Rest } from './rest.ts';

/** Prints what a session came to and says with which code the program ends. */
export function conclude(
  session: string,
  rest: Rest,
  events: readonly SessionEvent[],
  options: CommonOptions,
): ExitCode {
  switch (rest.kind) {
    case 'finished':
      return sayResult(session, events, options);
    case 'failed':
      return sayFailure(session, rest, options);
    case 'waiting':
      return sayWaiting(session, rest, options);
    case 'interrupted':
      if (options.json) printJson({ interrupted: { session } });
      process.stderr.write(`mlr: interrupted; go on with: ${resumeWords(session, options)}\n`);
      return EXIT.interrupted;
    case 'left':
      if (options.json) printJson({ interrupted: { session } });
      process.stderr.write(
        `mlr: left; process ${rest.pid} works on session ${session}, and mlr stop ${session} would stop it\n`,
      );
      return EXIT.interrupted;
    case 'lost': {
      const message = `Process ${rest.pid}, which worked on session ${session}, went away.`;
      return sayFailure(session, { message, reason: 'lost' }, options);
    }
  }
}

function sayResult(session: string, events: readonly SessionEvent[], options: CommonOptions): ExitCode {
  if (options.json) printJson(resultOf(session, events));
  else process.stdout.write(textOf(events));
  return last(events, 'measured')?.measurement.verdict === 'invalid' ? EXIT.invalid : EXIT.done;
}

function sayFailure(session: string, failure: { message: string; reason: string }, options: CommonOptions): ExitCode {
  const { message, reason } = failure;
  process.stderr.write(`mlr: ${asSentence(message)}\n`);
  if (canGoOn(reason))
    process.stderr.write(`     Nothing is lost; then go on with: ${resumeWords(session, options)}\n`);
  printError({ reason, message, session });
  return exitCodeOf(reason);
}

/** The JSON that others rely on, one shape a kind of session. */
function resultOf(session: string, events: readonly SessionEvent[]): object | undefined {
  const noise = last(events, 'noise.measured')?.card;
  if (noise) return { session, ...noise };
  switch (last(events, 'session.started')?.assignment.kind) {
    case 'idea':
      return last(events, 'ideas.proposed')?.ideas;
    case 'measure':
      return { ...last(events, 'measured')?.measurement, report: last(events, 'report.written')?.file ?? null };
    default:
      return researchResult(session, events);
  }
}

function textOf(events: readonly SessionEvent[]): string {
  const noise = last(events, 'noise.measured')?.card;
  if (noise) return noiseText(noise);
  const ideas = last(events, 'ideas.proposed')?.ideas;
  const onlyIdeas = last(events, 'session.started')?.assignment.kind === 'idea';
  return onlyIdeas && ideas ? ideasText(ideas) : sessionText(events);
}

function sayWaiting(session: string, rest: Extract<Rest, { kind: 'waiting' }>, options: CommonOptions): ExitCode {
  const { gate, detail } = rest;
  if (options.json) {
    const { id, question, options: choices } = gate;
    printJson({ waiting: { session, gate: id, question, detail: gate.detail, options: choices } });
    return EXIT.waiting;
  }
  const where = options.workspace === process.cwd() ? '' : ` --workspace ${options.workspace}`;
  const words = gate.options.map(({ choice, label }, i) => {
    const comment = choice === 'revise' ? ' --comment "what should be different"' : '';
    // An idea's id is its title in small letters: its number is easier to type.
    const short = choice.length > 12 ? i + 1 : choice;
    return `  mlr answer ${session} ${gate.id} ${short}${where}${comment}   # ${label}`;
  });
  process.stdout.write(`${gate.question}\n\n${detail}\n\nThis waits for you:\n${words.join('\n')}\n`);
  return EXIT.waiting;
}

/** The words that go on with a session from where the person stands. */
function resumeWords(session: string, { workspace }: CommonOptions): string {
  return `mlr resume ${session}${workspace === process.cwd() ? '' : ` --workspace ${workspace}`}`;
}

function researchResult(session: string, events: readonly SessionEvent[]) {
  const measurement = last(events, 'measured')?.measurement ?? null;
  return {
    session,
    idea: last(events, 'idea.chosen')?.idea ?? null,
    variant: last(events, 'variant.committed') ?? null,
    verdict: measurement?.verdict ?? null,
    measurement,
    /** What language models said: beside the result, without influence on it. */
    opinion: {
      before: last(events, 'reviewed.before')?.review ?? null,
      after: last(events, 'reviewed')?.text ?? null,
    },
    report: last(events, 'report.written')?.file ?? null,
  };
}

export function last<T extends SessionEvent['type']>(
  events: readonly SessionEvent[],
  type: T,
): Extract<SessionEvent, { type: T }> | undefined {
  return events.findLast((e): e is Extract<SessionEvent, { type: T }> => e.type === type);
}
