import pc from 'picocolors';
import type { ChangeReview } from '../domain/changeReview.ts';
import { blockingFindings } from '../domain/changeReviewInWords.ts';
import type { SessionEvent } from '../domain/event.ts';
import type { Registration } from '../domain/evidence.ts';
import { whyFailed } from '../domain/whyFailed.ts';

/** Tells what happens in a session on a terminal, a line an event; nothing of it is the result. */
export class Progress {
  private readonly out: NodeJS.WritableStream;
  private readonly begun = performance.now();
  private metric = '';
  /** What is said before the score of a run, by its id. */
  private readonly purposes = new Map<string, string>();

  constructor(out: NodeJS.WritableStream) {
    this.out = out;
  }

  /** Takes in what is not told again, but needed for what follows. */
  readonly recall = (event: SessionEvent): void => {
    if (event.type === 'registered') this.metric = event.registration.metric;
    if (event.type === 'noise.planned') this.metric = event.metric;
  };

  readonly show = (event: SessionEvent): void => {
    this.recall(event);
    const line = this.lineOf(event);
    if (line) this.out.write(`${pc.dim(this.clock())} ${line}\n`);
  };

  private clock(): string {
    const seconds = Math.round((performance.now() - this.begun) / 1000);
    return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  }

  private lineOf(event: SessionEvent): string | undefined {
    switch (event.type) {
      case 'session.started':
        return `${pc.bold('session')} ${event.session}`;
      case 'session.resumed':
        return event.why;
      case 'notice':
        return pc.yellow(event.text);
      case 'confinement.probed':
        return event.level === 'none' ? pc.yellow(event.detail) : event.detail;
      case 'workspace.snapshot':
        return event.changed.length > 0
          ? `uncommitted changes kept as a snapshot: ${event.changed.join(', ')}`
          : undefined;
      case 'paper.read':
        return `read "${event.paper.title}", ${event.paper.pages} pages`;
      case 'agent.started':
        return `${pc.cyan(`${event.agent} agent`)} with ${event.model}${event.prompt ? `, told by ${event.prompt.file}` : ''}`;
      case 'agent.message':
        return agentLine(event);
      case 'agent.tool':
        return event.ok ? undefined : pc.yellow(`  ${event.name}: ${firstLine(event.content)}`);
      case 'ideas.proposed':
        return `${event.ideas.ideas.length} ideas`;
      case 'idea.chosen':
        return `chosen: ${event.idea.title}`;
      case 'changes.proposed':
        return `${event.by} agent proposes changes to ${event.changes.files.map((f) => f.path).join(', ')}`;
      case 'baseline.fixed':
        return `baseline ${event.commit.slice(0, 10)}: ${event.why}`;
      case 'variant.committed':
        return `variant ${event.commit.slice(0, 10)} on ${event.branch}`;
      case 'repaired':
        return `repaired the ${event.of}: baseline ${event.baseline.commit.slice(0, 10)}, variant ${event.variant.commit.slice(0, 10)}`;
      case 'registered':
        return registeredLine(event.registration);
      case 'noise.planned':
        return `the baseline alone, ${seedCount(event.seeds.length)}`;
      case 'run.ended':
        return this.runLine(event);
      case 'measured':
        return `${pc.bold(event.measurement.verdict)}: ${event.measurement.reason}`;
      case 'reviewed.before':
        return changeReviewLine(event.review);
      case 'reviewed':
        return `validate agent: ${firstLine(event.text)}`;
      case 'report.written':
        return `report: ${event.file}`;
      case 'gate.resolved':
        return `${event.gate}: ${event.answer.choice} (${event.by})`;
      default:
        return undefined;
    }
  }

  private runLine(event: Extract<SessionEvent, { type: 'run.ended' }>): string | undefined {
    const { run, metrics } = event;
    if (run.state === 'queued' || run.state === 'running') return undefined;
    const what = [run.purpose, run.arm?.name, run.seed === null ? '' : `seed ${run.seed}`].filter(Boolean).join(' ');
    const seconds = `${run.resources.wallSeconds.toFixed(1)} s`;
    if (run.state === 'failed')
      return `${pc.red(`${what} failed after ${seconds}: ${whyFailed(run)}`)} ${pc.dim(`mlr follow ${run.id}`)}`;
    if (run.state === 'stopped') return pc.yellow(`${what} stopped by ${run.by}`);
    // A run's score comes with its evaluation; two lines a run would say the same twice.
    if (run.purpose === 'run' || run.purpose === 'control' || run.purpose === 'trivial') {
      this.purposes.set(run.id, run.purpose === 'control' ? 'control: ' : '');
      return undefined;
    }
    const value = metrics[this.metric];
    const [scored = '', again] = run.id.split(/-(evaluate|again)(?:-\d+)?$/);
    const before = again === 'again' ? 'scored a second time: ' : (this.purposes.get(scored) ?? '');
    return `${before}${run.arm?.name ?? run.purpose} seed ${run.seed}${typeof value === 'number' ? `: ${this.metric} ${value.toPrecision(4)}` : ''}`;
  }
}

/** What was fixed, what it could show and what it costs: before the first run, so that nothing is spent for nothing. */
function registeredLine(registration: Registration): string {
  const { seeds, tryNumber, final, pooled = [] } = registration;
  const earlier = pooled.flatMap((one) => one.seeds).length;
  const more = earlier > 0 ? `, with ${earlier} of earlier tries of the same arms` : '';
  const set = final
    ? `the locked test set, touched ${tryNumber === 1 ? 'once' : `${tryNumber} times`} with this`
    : `try ${tryNumber}`;
  return `registered: ${seedCount(seeds.length)}${more}, ${set}. ${registration.forecast?.words ?? ''}`;
}

function seedCount(count: number): string {
  return count === 1 ? '1 seed' : `${count} seeds`;
}

function agentLine(event: Extract<SessionEvent, { type: 'agent.message' }>): string {
  const calls = event.toolCalls.map((c) => c.name).join(', ');
  const words = firstLine(event.text);
  return `  ${[words, calls && pc.dim(`→ ${calls}`)].filter(Boolean).join(' ')}`;
}

function changeReviewLine(review: ChangeReview): string {
  const { length } = review.findings;
  const blocking = blockingFindings(review).length;
  const findings = length === 0 ? 'nothing found' : `${length} ${length === 1 ? 'finding' : 'findings'}`;
  const line = `validate agent, before the runs: ${findings}${blocking === 0 ? '' : `, ${blocking} blocking`}`;
  return blocking === 0 ? line : pc.yellow(line);
}

function firstLine(text: string): string {
  const line = text.split('\n').find((l) => l.trim() !== '') ?? '';
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
