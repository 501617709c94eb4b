import type { Check, Measurement } from '../domain/evidence.ts';
import { acceptAfter } from '../evidence/acceptance.ts';
import { loadEvidence } from '../evidence/runEvidence.ts';
import { SessionError } from './errors.ts';
import { opinionOf } from './opinion.ts';
import { contractOfSession, rewriteReport } from './reportPhase.ts';
import type { Session } from './session.ts';

export interface Acceptance {
  /** Name of the check whose doubt is accepted. */
  readonly check: string;
  readonly reason: string;
  readonly by: string;
}

/** Accepts an open doubt of a finished session after the verdict was seen, judges the measurement anew and writes its
 *  report again; both say that it was accepted after seeing the result (trust.md, validity checks).
 *  @throws SessionError `bad-input` where there is no such doubt to accept; ReportError */
export async function acceptDoubt(session: Session, workspace: string, acceptance: Acceptance): Promise<Measurement> {
  const measurement = measurementOf(session);
  const reason = acceptance.reason.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  if (reason === '') throw refused('An acceptance needs a reason: say with --reason why the doubt is none.');
  if (await completeReport(session, workspace, acceptance.check)) return measurementOf(session);
  assertOpen(session.id, measurement, acceptance.check);
  const contract = contractOfSession(session.state);
  const evidence = await loadEvidence(workspace, measurement, contract);
  const judged = acceptAfter(measurement, evidence, reason, (check) => isOpen(measurement, check, acceptance.check));
  await session.append({ type: 'doubt.accepted', check: acceptance.check, reason, by: acceptance.by });
  await session.append({ type: 'measured', measurement: judged });
  await reportAnew(session, workspace, judged);
  return judged;
}

function measurementOf({ id, state }: Session): Measurement {
  if (state.measurement === undefined) {
    throw refused(`Session ${id} has no verdict (it is ${state.status}), so there is no doubt to accept.`);
  }
  if (state.status !== 'finished') {
    throw refused(
      `Session ${id} is ${state.status}, and a doubt is accepted once it is finished; go on with: mlr resume ${id}`,
    );
  }
  return state.measurement;
}

/** After a crash between the verdict and its report: writes the report of what was accepted.
 *  @returns whether that was left to do for this check */
async function completeReport(session: Session, workspace: string, check: string): Promise<boolean> {
  const { events } = session.log;
  const after = (type: string): number => events.findLastIndex((event) => event.type === type);
  const measurement = measurementOf(session);
  const accepted = measurement.checks.some((one) => one.name === check && one.acceptedAfter !== undefined);
  if (!accepted || after('session.finished') > after('measured')) return false;
  await reportAnew(session, workspace, measurement);
  return true;
}

async function reportAnew(session: Session, workspace: string, measurement: Measurement): Promise<void> {
  const { state } = session;
  await rewriteReport(session, {
    workspace,
    confinement: state.confinement?.level ?? 'none',
    contract: contractOfSession(state),
    measurement,
    opinion: opinionOf(state) ?? null,
  });
  await session.append({ type: 'session.finished', summary: `${measurement.verdict}: ${measurement.reason}` });
}

function isOpen({ registration }: Measurement, check: Check, name: string): boolean {
  const doubted = check.name === name && check.kind === 'doubt' && check.passed === false;
  return doubted && check.acceptedAfter === undefined && registration.accepted[name] === undefined;
}

function assertOpen(session: string, measurement: Measurement, name: string): void {
  const { checks, registration } = measurement;
  if (checks.some((check) => isOpen(measurement, check, name))) return;
  const own = checks.filter((check) => check.name === name);
  const failed = own.find((check) => check.passed === false);
  const open = [...new Set(checks.filter((check) => isOpen(measurement, check, check.name)).map((one) => one.name))];
  const others = `open doubts: ${open.join(', ') || 'none'}`;
  if (own.length === 0) throw refused(`Session ${session} has no check "${name}"; ${others}.`);
  if (own.some((check) => check.kind === 'void' && check.passed === false)) {
    throw refused(
      `${name} is void in session ${session}, which nobody can accept: mend what it names and measure again.`,
    );
  }
  const before = registration.accepted[name] ?? own.find((check) => check.acceptedAfter !== undefined)?.acceptedAfter;
  if (failed?.kind === 'doubt') throw refused(`${name} was accepted before in session ${session}: ${before}`);
  if (failed) throw refused(`${name} is a note in session ${session}, which needs no acceptance; ${others}.`);
  const state = own.every((check) => check.passed === null) ? 'was not run' : 'raised no doubt';
  throw refused(`${name} ${state} in session ${session}, so there is nothing to accept; ${others}.`);
}

function refused(message: string): SessionError {
  return new SessionError('bad-input', message);
}
