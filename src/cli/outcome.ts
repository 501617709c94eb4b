import type { SessionEvent } from '../domain/event.ts';
import type { CommonOptions } from './commands/options.ts';
import type { Rest } from './drive.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exitCode.ts';
import { ideasText, sessionText } from './present.ts';

/** Prints what a session came to and says with which code the program ends. */
export async function conclude(
  session: string,
  rest: Rest,
  events: readonly SessionEvent[],
  options: CommonOptions,
): Promise<ExitCode> {
  if (rest.kind === 'waiting') return sayWaiting(session, rest, options);
  if (rest.kind === 'interrupted') {
    process.stderr.write(`mlr: interrupted; go on with: mlr resume ${session}\n`);
    return EXIT.interrupted;
  }
  if (rest.kind === 'failed') {
    const code = exitCodeOf(rest.reason);
    const wayOn = code === EXIT.badInput ? '' : ` Nothing is lost: mlr resume ${session}`;
    process.stderr.write(`mlr: ${rest.message}${wayOn}\n`);
    return code;
  }
  const measurement = last(events, 'measured')?.measurement;
  if (options.json) process.stdout.write(`${JSON.stringify(resultOf(session, events))}\n`);
  else process.stdout.write(textOf(events));
  return measurement?.verdict === 'invalid' ? EXIT.invalid : EXIT.done;
}

/** The JSON that others rely on, one shape a kind of session. */
function resultOf(session: string, events: readonly SessionEvent[]): object | undefined {
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
  const ideas = last(events, 'ideas.proposed')?.ideas;
  const onlyIdeas = last(events, 'session.started')?.assignment.kind === 'idea';
  return onlyIdeas && ideas ? ideasText(ideas) : sessionText(events);
}

function sayWaiting(session: string, rest: Extract<Rest, { kind: 'waiting' }>, options: CommonOptions): ExitCode {
  const { gate } = rest;
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ waiting: { session, gate: gate.id, question: gate.question, options: gate.options } })}\n`,
    );
  } else {
    const choices = gate.options.map((o) => `  mlr answer ${session} ${gate.id} ${o.choice}   # ${o.label}`).join('\n');
    process.stdout.write(`${gate.question}\n\n${gate.detail}\n\nThis waits for you:\n${choices}\n`);
  }
  return EXIT.waiting;
}

function researchResult(session: string, events: readonly SessionEvent[]) {
  const measurement = last(events, 'measured')?.measurement ?? null;
  return {
    session,
    idea: last(events, 'idea.chosen')?.idea ?? null,
    variant: last(events, 'variant.committed') ?? null,
    verdict: measurement?.verdict ?? null,
    measurement,
    report: last(events, 'report.written')?.file ?? null,
  };
}

export function last<T extends SessionEvent['type']>(
  events: readonly SessionEvent[],
  type: T,
): Extract<SessionEvent, { type: T }> | undefined {
  return events.findLast((e): e is Extract<SessionEvent, { type: T }> => e.type === type);
}
