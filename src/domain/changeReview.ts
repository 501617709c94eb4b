import { z } from 'zod';

/** One thing that a reviewer found in a change before anything of it ran. */
export const Finding = z.object({
  concern: z.enum(['plan', 'labels', 'synthetic data', 'evaluation', 'fairness', 'other']),
  severity: z.enum(['blocking', 'worth a look', 'fine']),
  /** `file:line`, the line found by the tool: of the changed file, or of the baseline's where the quote was removed. */
  where: z.string(),
  /** The line that is meant, as the tool found it: behind `+`, `-` or a space, as in a diff. */
  quote: z.string(),
  why: z.string(),
  /** What would mend it; '' where nothing needs to be. */
  mend: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** A language model's opinion of a change before it was run. It decides nothing that is measured. */
export const ChangeReview = z.object({
  doesWhatThePlanSays: z.boolean(),
  summary: z.string(),
  findings: z.array(Finding),
  /** Findings left out because what they quote stands nowhere in the change or its files. */
  dropped: z.number().int(),
});
export type ChangeReview = z.infer<typeof ChangeReview>;

export function blockingFindings({ findings }: ChangeReview): Finding[] {
  return findings.filter(({ severity }) => severity === 'blocking');
}

const GRAVEST_FIRST = ['blocking', 'worth a look', 'fine'] as const;

/** A review as Markdown for people: summary, then the findings, the gravest first. */
export function changeReviewInWords(review: ChangeReview): string {
  const { doesWhatThePlanSays, summary, findings, dropped } = review;
  const ordered = GRAVEST_FIRST.flatMap((severity) => findings.filter((one) => one.severity === severity));
  const parts = [
    summary,
    doesWhatThePlanSays ? 'It does what the plan says.' : 'It does not do what the plan says.',
    ordered.map(findingInWords).join('\n'),
    dropped === 0 ? '' : droppedInWords(dropped),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function findingInWords({ concern, severity, where, quote, why, mend }: Finding): string {
  const way = mend === '' ? '' : ` To mend it: ${mend}`;
  return `- ${severity} (${concern}), ${where}: ${code(quote)}\n  ${asOneLine(`${why}${way}`)}`;
}

function droppedInWords(dropped: number): string {
  return dropped === 1
    ? 'One finding is left out: what it quotes stands nowhere in the change or its files.'
    : `${dropped} findings are left out: what they quote stands nowhere in the change or its files.`;
}

/** A quoted line may hold backticks itself. */
function code(line: string): string {
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

function asOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
