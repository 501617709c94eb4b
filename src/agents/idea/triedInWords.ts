import type { Verdict } from '../../domain/evidence.ts';
import { clipped } from '../prompt.ts';
import type { Room } from '../room.ts';

/** Something that was measured in this workspace before, and what came of it. */
export interface TriedIdea {
  readonly title: string;
  /** '' where revisions were measured without an idea. */
  readonly hypothesis: string;
  readonly verdict: Verdict;
  readonly metric: string;
  /** Larger is better; null where no pair was complete. */
  readonly gain: { readonly mean: number; readonly low: number; readonly high: number } | null;
  /** Why this verdict, as it was computed. */
  readonly reason: string;
}

const MOST = { ample: 12, small: 4 };
const HYPOTHESIS = { ample: 300, small: 120 };

/** What was tried here before, the newest last. */
export function triedInWords(tried: readonly TriedIdea[], room: Room): string {
  if (tried.length === 0) return '';
  const lines = tried.slice(-MOST[room]).map(({ title, hypothesis, verdict, metric, gain, reason }) => {
    const measured =
      gain === null ? '' : `${metric} ${signed(gain.mean)} (${signed(gain.low)} to ${signed(gain.high)}). `;
    const claim = hypothesis === '' ? '' : `\n  Hypothesis: ${clipped(hypothesis, HYPOTHESIS[room])}`;
    return `- ${title}: ${verdict}. ${measured}${reason}${claim}`;
  });
  const earlier = tried.length > lines.length ? [`(${tried.length - lines.length} earlier ones are left out)`] : [];
  return [...earlier, ...lines].join('\n');
}

function signed(value: number): string {
  const digits = Number(value.toPrecision(3));
  return value < 0 ? `−${Math.abs(digits)}` : `+${digits}`;
}
