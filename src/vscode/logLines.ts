import type { SessionEvent } from '../domain/event.ts';

/** What the output channel says of an event, in the words that syntaxes/mlr-log.tmLanguage.json colours. */
export function linesOf(event: SessionEvent): string[] {
  const time = event.at.slice(11, 19);
  return wordsOf(event).map((words) => `${time} ${words.trim().split('\n').join('\n  ')}`);
}

function wordsOf(event: SessionEvent): string[] {
  switch (event.type) {
    case 'session.started':
      return [`session ${event.session} (${event.assignment.kind}, policy ${event.policy})`];
    case 'session.resumed':
      return [`session ${event.why}`];
    case 'session.paused':
    case 'session.stopped':
      return [`session ${event.type.slice(8)} by ${event.by}`];
    case 'session.failed':
      return [`failed ${event.message}`];
    case 'session.finished':
      return [`session finished: ${event.summary}`];
    case 'notice':
      return [`notice ${event.text}`];
    case 'confinement.probed':
      return [`notice ${event.detail}`];
    case 'paper.read':
      return [`paper "${event.paper.title}", ${event.paper.pages} pages`];
    case 'agent.started':
      return [`${event.agent} begins, with ${event.model}`];
    case 'agent.message':
      return messageLines(event);
    case 'agent.tool':
      return event.ok ? [] : [`refused ${event.agent} ${event.name}: ${event.content.split('\n')[0]}`];
    case 'gate.opened':
      return [`gate ${event.gate.id}: ${event.gate.question}`];
    case 'gate.resolved':
      return [`gate ${event.gate}: ${event.answer.choice}, by ${event.by}`];
    case 'changes.proposed':
      return [`changes ${event.changes.files.map((file) => file.path).join(', ')}: ${event.changes.title}`];
    case 'run.ended':
      return runLines(event);
    case 'measured':
      return [`verdict ${event.measurement.verdict}: ${event.measurement.reason}`];
    case 'report.written':
      return [`report ${event.file}`];
    default:
      return [];
  }
}

function messageLines(event: Extract<SessionEvent, { type: 'agent.message' }>): string[] {
  const said = event.text.trim() === '' ? [] : [`${event.agent} ${event.text.trim()}`];
  return [...said, ...event.toolCalls.map((call) => `${event.agent} → ${call.name} ${call.arguments}`)];
}

function runLines(event: Extract<SessionEvent, { type: 'run.ended' }>): string[] {
  const { run, metrics } = event;
  if (run.state === 'queued' || run.state === 'running') return [];
  const name = [run.purpose, run.arm?.name, run.seed === null ? '' : `seed ${run.seed}`].filter(Boolean).join(' ');
  const numbers = Object.entries(metrics).map(([metric, value]) => `${metric}=${value ?? 'nan'}`);
  const first = `${name}: ${run.state} after ${run.resources.wallSeconds.toFixed(1)} s ${numbers.join(' ')}`.trim();
  return [run.state === 'failed' ? `${first}\n${run.reason}` : first];
}
