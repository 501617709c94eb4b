import pc from 'picocolors';
import { branchPoints } from '../../domain/branchPoint.ts';
import type { SessionEvent } from '../../domain/event.ts';
import { drive } from '../drive.ts';
import { withEngine } from '../openEngine.ts';
import { conclude } from '../outcome.ts';
import { printJson } from '../print.ts';
import { chosenAnew, type ResumeOptions } from './options.ts';

type BranchOptions = ResumeOptions & { keep?: boolean };

/** Begins a session from a decision of another; without a gate, lists the decisions that there are. */
export async function branch(name: string, gate: string | undefined, options: BranchOptions): Promise<void> {
  await withEngine(options.workspace, null, async (engine) => {
    const { events: before } = await engine.attach(name);
    if (gate === undefined) {
      listDecisions(before, options);
      return;
    }
    const keepAnswer = options.keep ?? false;
    const { session } = await engine.branch({ session: name, gate, keepAnswer, ...chosenAnew(options, before) });
    process.stderr.write(`mlr: this is session ${session} now; the one before stays as it is\n`);
    const { rest, events } = await drive(engine, session);
    process.exitCode = conclude(session, rest, events, options);
  });
}

function listDecisions(events: readonly SessionEvent[], { json }: BranchOptions): void {
  const points = branchPoints(events);
  if (json) {
    printJson({ decisions: points.map(({ gate, answer, by }) => ({ gate: gate.id, answer, by })) });
    return;
  }
  if (points.length === 0) process.stdout.write('Nothing was decided in this session that another could begin from.\n');
  for (const { gate, answer, by } of points) {
    const label = gate.options.find((option) => option.choice === answer.choice)?.label ?? answer.choice;
    process.stdout.write(`${pc.bold(gate.id)}  ${gate.question} ${label} ${pc.dim(`(${by})`)}\n`);
  }
}
