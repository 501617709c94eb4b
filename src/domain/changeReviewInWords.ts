import type { ChangeReview, Finding } from './changeReview.ts';

export function blockingFindings({ findings }: ChangeReview): Finding[] {
  return findings.filter(({ severity }) => severity === 'blocking');
}

const GRAVEST_FIRST = ['blocking', 'worth a look'] as const;

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
