import { changeReviewInWords } from '../domain/changeReviewInWords.ts';
import type { SessionState } from './state.ts';

/** What language models said of a result, for the report: of the change before its runs, and of the verdict after.
 *  @returns undefined where none was asked */
export function opinionOf({ reviewBefore, review }: SessionState): string | undefined {
  const parts: string[] = [];
  if (reviewBefore) parts.push(`**Of the change, before its runs.** ${changeReviewInWords(reviewBefore.review)}`);
  if (review !== undefined) parts.push(reviewBefore ? `**Of the result.** ${review}` : review);
  return parts.length === 0 ? undefined : parts.join('\n\n');
}
