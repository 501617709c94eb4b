import { type Contract, MEASURED_METRICS, primaryMetric } from '../domain/contract.ts';
import type { EndedRun } from '../domain/run.ts';
import { readUnits, type UnitScores } from './unitScores.ts';

/** What one run is worth: its metrics (null: missing or not finite) and, where it has them, a score per test example. */
export interface RunScores extends UnitScores {
  readonly metrics: Readonly<Record<string, number | null>>;
  /** One sentence where `evaluate` did not print what the contract says; null where it did. */
  readonly problem: string | null;
}

/** Reads what `evaluate` printed: its last line is one JSON object. `seconds` and `memory` are taken from the record of
 *  the run itself, whatever a script prints about them. */
export function readScores(stdout: string, contract: Pick<Contract, 'metrics'>, run: EndedRun): RunScores {
  const { printed, problem } = parseLastLine(stdout);
  const values = Object.keys(contract.metrics).map((name) => [name, metricOf(name, printed, run)] as const);
  const metrics = Object.fromEntries(values);
  const missing = values.filter(([, value]) => value === null).map(([name]) => `\`${name}\``);
  const lacking = missing.length > 0 ? `\`evaluate\` printed no finite number for ${missing.join(', ')}.` : null;
  return {
    metrics,
    problem: problem ?? lacking,
    ...readUnits(printed, metrics[primaryMetric(contract).name] ?? null),
  };
}

/** Whether the tool measures this metric itself. */
export function isMeasured(metric: string): boolean {
  return (MEASURED_METRICS as readonly string[]).includes(metric);
}

/** Characters that are kept of a line which holds no scores. */
const KEPT = 1000;

/** The line that scores are read from. Of a long one that is no JSON object only the beginning: it shows as much, and a
 *  report that is made to be committed is no place for megabytes. */
export function scoreLine(stdout: string): string {
  const line = lastLine(stdout);
  // The mark keeps a beginning that would be an object by itself from being taken for one.
  return line.length <= KEPT || parseLastLine(line).problem === null ? line : `${line.slice(0, KEPT)}…`;
}

function lastLine(stdout: string): string {
  const text = stdout.trimEnd();
  return text.slice(text.lastIndexOf('\n') + 1).trim();
}

function parseLastLine(stdout: string): { printed: Record<string, unknown>; problem: string | null } {
  const line = lastLine(stdout);
  if (line === '')
    return { printed: {}, problem: '`evaluate` printed nothing; its last line must be one JSON object.' };
  const shown = line.length > 80 ? `${line.slice(0, 77)}…` : line;
  const problem = `The last line that \`evaluate\` printed is not one JSON object: ${shown}`;
  try {
    const value: unknown = JSON.parse(withoutNaN(line));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { printed: {}, problem };
    return { printed: value as Record<string, unknown>, problem: null };
  } catch (error) {
    if (error instanceof SyntaxError) return { printed: {}, problem };
    throw error;
  }
}

/** Python prints NaN and Infinity, which are not JSON; they become null, which is no finite number either. */
function withoutNaN(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|-?\bNaN\b/g, (token) =>
    token.startsWith('"') ? token : 'null',
  );
}

function metricOf(name: string, printed: Record<string, unknown>, run: EndedRun): number | null {
  if (name === 'seconds') return run.resources.wallSeconds;
  if (name === 'memory') return run.resources.memoryBytes;
  const value = printed[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
