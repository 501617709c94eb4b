import { errorMark } from '../runs/failure/errorMark.ts';
import { readOutput } from '../runs/outputLog.ts';
import { tracebackOf } from '../runs/traceback.ts';
import { record } from './recordEvent.ts';
import type { Session } from './session.ts';

/** Says once, where runs of a comparison failed although the Debug agent has had all its tries, what still fails, what was
 *  tried, and how a person goes on; nothing where every run went through. */
export async function sayWhatStillFails(session: Session, workspace: string, registration: string): Promise<void> {
  const { runs, repairs, proposals, variant, baseline } = session.state;
  const failed = [...runs.values()].flatMap(({ run }) =>
    run.id.startsWith(registration) && run.purpose === 'run' && run.state === 'failed' ? [run] : [],
  );
  if (failed.length === 0 || repairs.length === 0) return;
  const seeds = new Map<string, (number | null)[]>();
  for (const run of failed) {
    const traceback = tracebackOf(await readOutput(workspace, run.id));
    const what = `${run.arm?.name ?? 'run'}: ${errorMark({ traceback, reason: run.reason })}`;
    seeds.set(what, [...(seeds.get(what) ?? []), run.seed]);
  }
  const tried = proposals
    .filter(({ by, decided }) => by === 'debug' && decided)
    .map(({ summary }) => firstLine(summary));
  const text = [
    `After ${repairs.length} repairs runs still fail, and no further repair is tried:`,
    ...[...seeds].map(([what, of]) => `- ${what} (seed ${[...new Set(of)].map((seed) => seed ?? 'none').join(', ')})`),
    'What was tried:',
    ...tried.map((line) => `- ${line}`),
    `The code is on ${variant?.branch ?? 'the variant'}. Mend it there, commit, and measure it with \`mlr measure --baseline ${baseline?.commit.slice(0, 10)} --variant ${variant?.branch}\`.`,
  ].join('\n');
  await record(session, { type: 'notice', text });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
