import pc from 'picocolors';
import type { SessionEvent } from '../domain/event.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { Idea, IdeaSet } from '../domain/idea.ts';

export function ideasText(ideas: IdeaSet): string {
  const parts = [`${pc.bold(`Ideas from "${ideas.paper.title}"`)}`];
  for (const gap of ideas.gaps) parts.push(`  gap: ${gap}`);
  for (const idea of ideas.ideas) parts.push(ideaText(idea));
  return `${parts.join('\n')}\n`;
}

/** What a finished session came to: idea, size of the change, runs, verdict, report. */
export function sessionText(events: readonly SessionEvent[]): string {
  const find = <T extends SessionEvent['type']>(type: T) =>
    events.findLast((e): e is Extract<SessionEvent, { type: T }> => e.type === type);
  const parts: string[] = [];
  const idea = find('idea.chosen')?.idea;
  if (idea) parts.push(ideaText(idea));
  parts.push(...changeLines(events));
  const measurement = find('measured')?.measurement;
  if (measurement) parts.push(runsTable(measurement), verdictText(measurement));
  const report = find('report.written');
  if (report) parts.push(`${pc.bold('Report')}  ${report.file}`);
  return `\n${parts.join('\n\n')}\n`;
}

export function ideaText(idea: Idea): string {
  const scores = Object.entries(idea.scores ?? {}).map(([name, score]) => `${name} ${score}`);
  return [
    `${pc.bold('Idea')}  ${idea.title} ${pc.dim(`(${idea.id})`)}`,
    `  hypothesis: ${idea.hypothesis}`,
    `  method: ${idea.method}`,
    ...idea.plan.map((step, i) => `  ${i + 1}. ${step}`),
    ...(scores.length === 0 ? [] : [pc.dim(`  the model's own scores, 1 to 5: ${scores.join(', ')}`)]),
  ].join('\n');
}

function changeLines(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type !== 'changes.proposed') return [];
    const files = event.changes.files.map((file) => {
      const lines = file.hunks.flatMap((h) => h.lines);
      const added = lines.filter((l) => l.startsWith('+')).length;
      const removed = lines.filter((l) => l.startsWith('-')).length;
      return `  ${file.path}  ${pc.green(`+${added}`)} ${pc.red(`−${removed}`)}, ${file.hunks.length} hunks`;
    });
    const what = event.of === 'baseline' ? 'Repair of the baseline' : 'Changes';
    return [[`${pc.bold(what)} by the ${event.by} agent: ${event.summary}`, ...files].join('\n')];
  });
}

/** A line a seed, a column an arm: the primary metric. */
export function runsTable(m: Measurement): string {
  const arms = [
    { name: 'baseline', values: m.baseline.values },
    ...m.variants.map((v) => ({ name: short(v.revision), values: v.values })),
  ];
  const width = 14;
  const row = (cells: string[]) => cells.map((c) => c.padStart(width)).join('');
  const lines = [row(['seed', ...arms.map((a) => a.name), ...m.variants.map(() => 'difference')])];
  for (const [i, seed] of m.registration.seeds.entries()) {
    const base = m.baseline.values[i] ?? null;
    const values = arms.map((a) => number(a.values[i] ?? null));
    const gains = m.variants.map((v) => signed(v.values[i] ?? null, base));
    lines.push(row([String(seed), ...values, ...gains]));
  }
  lines.push(
    row([
      'mean',
      number(m.baseline.mean),
      ...m.variants.map((v) => number(v.mean)),
      ...m.variants.map((v) => signed(v.mean, m.baseline.mean)),
    ]),
  );
  return `${pc.bold('Runs')}  ${m.metric} (${m.goal})\n${lines.join('\n')}`;
}

export function verdictText(m: Measurement): string {
  const lines = m.variants.map((v) => {
    const d = v.difference;
    const interval =
      d.low === null || d.high === null
        ? ''
        : `, ${Math.round((1 - 2 * m.registration.alpha) * 100)} % interval ${number(d.low)} to ${number(d.high)}`;
    return `  ${short(v.revision)}: mean gain ${number(d.mean)}${interval}, p* ${number(d.pStar)}, adjusted ${number(d.adjustedP)}, n ${d.n}`;
  });
  const failed = m.checks
    .filter((c) => c.passed === false)
    .map((c) => `  ${pc.yellow(`${c.kind} ${c.name}`)}: ${c.detail}`);
  const colour = { supported: pc.green, inconclusive: pc.yellow, refuted: pc.red, invalid: pc.red }[m.verdict];
  return [`${pc.bold('Verdict')}  ${colour(pc.bold(m.verdict))}: ${m.reason}`, ...lines, ...failed].join('\n');
}

function short(revision: string): string {
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 10) : revision;
}

function number(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(4)));
}

function signed(value: number | null, base: number | null): string {
  if (value === null || base === null) return '–';
  const difference = value - base;
  return `${difference < 0 ? '−' : '+'}${Number(Math.abs(difference).toPrecision(3))}`;
}
