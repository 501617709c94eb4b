import pc from 'picocolors';
import type { ChangeSet } from '../domain/change.ts';
import type { ChangeReview } from '../domain/changeReview.ts';
import { changeReviewInWords } from '../domain/changeReviewInWords.ts';
import { costOf } from '../domain/cost.ts';
import { runLines, thinkingLines } from '../domain/costInWords.ts';
import { droppedInWords } from '../domain/droppedInWords.ts';
import type { SessionEvent } from '../domain/event.ts';
import type { Measurement, NoiseCard } from '../domain/evidence.ts';
import type { Gate } from '../domain/gate.ts';
import type { Idea, IdeaSet } from '../domain/idea.ts';
import { comparisonLines } from './comparisonText.ts';

export function ideasText(ideas: IdeaSet): string {
  const from = ideas.paper.title === '' ? 'your own words' : `"${ideas.paper.title}"`;
  const parts = [pc.bold(`Ideas from ${from}`)];
  for (const gap of ideas.gaps) {
    const ground = ideas.grounds?.find((one) => one.gap === gap);
    parts.push(
      `  gap: ${gap}`,
      ...(ground
        ? [
            pc.dim(
              `       “${ground.quotation}” (${ground.page === undefined ? ground.section : `${ground.section}, page ${ground.page}`})`,
            ),
          ]
        : []),
    );
  }
  for (const defect of ideas.defects) parts.push(`  defect: ${defect}`);
  for (const { title, kept, why } of ideas.considered ?? []) {
    if (!kept) parts.push(pc.dim(`  weighed and left: ${title}: ${why}`));
  }
  for (const idea of ideas.ideas) parts.push(ideaText(idea));
  if (ideas.searched !== undefined) parts.push(pc.dim(`Literature: ${ideas.searched}`));
  const dropped = droppedInWords(ideas.dropped ?? []);
  if (dropped !== '') parts.push(pc.yellow(dropped));
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
  parts.push(...opinionParts(find('reviewed.before')?.review, find('reviewed')?.text));
  const cost = costOf(events);
  const lines = [...thinkingLines(cost), ...runLines(cost)];
  if (lines.length > 0) parts.push([pc.bold('Cost'), ...lines.map((line) => `  ${line}`)].join('\n'));
  const report = find('report.written');
  if (report) parts.push(`${pc.bold('Report')}  ${report.file}`);
  return `\n${parts.join('\n\n')}\n`;
}

/** A model's words stand apart from what was measured. */
function opinionParts(before: ChangeReview | undefined, after: string | undefined): string[] {
  const words = [
    ...(before ? [`Of the change, before its runs: ${changeReviewInWords(before)}`] : []),
    ...(after === undefined ? [] : [`Of the result: ${after}`]),
  ];
  if (words.length === 0) return [];
  const indented = words.join('\n\n').replaceAll(/^(?=.)/gm, '  ');
  return [
    `${pc.bold('Opinion')}  ${pc.dim('a language model’s words, which had no part in the verdict')}\n${indented}`,
  ];
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
      return `  ${file.path}  ${pc.green(`+${added}`)} ${pc.red(`−${removed}`)}, ${file.hunks.length} ${file.hunks.length === 1 ? 'hunk' : 'hunks'}`;
    });
    const what = event.of === 'baseline' ? 'Repair of the baseline' : 'Changes';
    return [[`${pc.bold(what)} by the ${event.by} agent: ${event.summary}`, ...files].join('\n')];
  });
}

/** What the baseline's noise lets a comparison show, and its price. */
export function noiseText(card: NoiseCard): string {
  const known = card.values.filter((v) => v !== null);
  const of =
    known.length === card.values.length ? `${known.length} seeds` : `${known.length} of ${card.values.length} seeds`;
  const lost = card.values.length - known.length;
  const warning =
    lost === 0
      ? []
      : [
          '',
          pc.yellow(
            `  ${lost} of these runs gave no score, and a comparison with failed runs is invalid: mend the baseline first`,
          ),
        ];
  return `${['', `${pc.bold('Noise')}  ${card.metric} of ${short(card.revision)} over ${of}`, ...spread(card, known), ...warning].join('\n')}\n`;
}

function spread(card: NoiseCard, known: readonly number[]): string[] {
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (card.deviation === 0) {
    return [
      `  every seed gives ${number(card.mean)}: runs do not differ, or the script does not use its seed`,
      '  a comparison needs scores of single examples then (docs/trust.md, Unit), or a script that uses {seed}',
    ];
  }
  const floor = pc.bold(number(card.noiseFloor));
  const lines = card.plans.map(({ seeds, detectable, runs, seconds }) =>
    row([String(seeds), number(detectable), String(runs), duration(seconds)], 10),
  );
  return [
    `  mean ${number(card.mean)}, from ${number(low)} to ${number(high)}, standard deviation ${number(card.deviation)}`,
    `  two runs of the same code differ by about ${floor}: one run against one run shows nothing smaller`,
    '',
    '  What a comparison with a variant would find four times out of five, and its price:',
    '',
    row(['seeds', 'gain', 'runs', 'time'], 10),
    ...lines,
    '',
    pc.dim('  Where variant and baseline rise and fall together with the seed, pairs find smaller gains than these.'),
  ];
}

/** What a person decides on at a gate: for changes, the changes themselves. */
export function gateDetail(gate: Gate, events: readonly SessionEvent[]): string {
  const detail = gate.detail.replace(/\*\*(.+?)\*\*/g, (_, words: string) => pc.bold(words));
  if (gate.kind !== 'reviewChanges') return detail;
  const proposed = events.findLast((e) => e.type === 'changes.proposed');
  return proposed?.type === 'changes.proposed' ? `${detail}\n\n${diffText(proposed.changes)}` : detail;
}

function diffText({ files }: ChangeSet): string {
  return files
    .map((file) => {
      const hunks = file.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
        pc.cyan(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`),
        ...lines.map(diffLine),
      ]);
      return [pc.bold(`${file.kind} ${file.path}`), ...(file.binary ? ['(binary)'] : hunks)].join('\n');
    })
    .join('\n\n');
}

function diffLine(line: string): string {
  if (line.startsWith('+')) return pc.green(line);
  return line.startsWith('-') ? pc.red(line) : line;
}

/** A line a seed, a column an arm: the primary metric. */
export function runsTable(m: Measurement): string {
  const [only, ...more] = m.variants;
  const alone = only && more.length === 0;
  const names = alone ? ['variant'] : m.variants.map((v) => short(v.revision));
  const width = Math.max(14, ...names.map((name) => name.length + 2));
  const line = (cells: string[]) => row(cells, width);
  const lines = (m.seeds ?? m.registration.seeds).map((seed, i) => {
    const base = m.baseline.values[i] ?? null;
    const values = m.variants.map((v) => cell(v.values[i] ?? null));
    return line([String(seed), cell(base), ...values, ...m.variants.map((v) => signed(v.values[i] ?? null, base))]);
  });
  const means = [...m.variants.map((v) => cell(v.mean)), ...m.variants.map((v) => signed(v.mean, m.baseline.mean))];
  const against = alone ? `: ${short(only.revision)} against ${short(m.baseline.revision)}` : '';
  return [
    `${pc.bold('Runs')}  ${m.metric} (${m.goal})${against}`,
    line(['seed', 'baseline', ...names, ...m.variants.map(() => 'difference')]),
    ...lines,
    line(['mean', cell(m.baseline.mean), ...means]),
  ].join('\n');
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
  const again = (m.controls?.again ?? []).map(({ mean, differences, pStar, seeds }) => {
    const [low, high] = [Math.min(...differences), Math.max(...differences)];
    return `  the baseline against itself: mean ${number(mean)}, ${number(low)} to ${number(high)}, p* ${number(pStar)}, n ${seeds.length}`;
  });
  const failed = m.checks
    .filter((c) => c.passed === false)
    .map((c) => {
      const of = c.revision === undefined ? '' : ` of ${short(c.revision)}`;
      return `  ${pc.yellow(`${c.kind} ${c.name}${of}`)}: ${c.detail}`;
    });
  const colour = { supported: pc.green, inconclusive: pc.yellow, refuted: pc.red, invalid: pc.red }[m.verdict];
  const head = `${pc.bold('Verdict')}  ${colour(pc.bold(m.verdict))}: ${m.reason}`;
  return [head, ...lines, ...comparisonLines(m), ...again, ...failed].join('\n');
}

function row(cells: string[], width = 14): string {
  return cells.map((cell) => cell.padStart(width)).join('');
}

function duration(seconds: number): string {
  if (seconds < 100) return `${Number(seconds.toPrecision(2))} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Number((seconds / 3600).toPrecision(2))} h`;
}

function short(revision: string): string {
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 10) : revision;
}

function number(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(4)));
}

/** In a column, trailing zeros keep the digits under each other. */
function cell(value: number | null): string {
  const plain = value !== null && Math.abs(value) < 1e4 && Math.abs(value) >= 1e-3;
  return plain ? value.toPrecision(4) : number(value);
}

function signed(value: number | null, base: number | null): string {
  if (value === null || base === null) return '–';
  const difference = value - base;
  return `${difference < 0 ? '−' : '+'}${Number(Math.abs(difference).toPrecision(3))}`;
}
