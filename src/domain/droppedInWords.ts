import type { IdeaSet } from './idea.ts';

/** What a model said and nothing holds, counted, with the first of each kind; '' for nothing. */
export function droppedInWords(dropped: NonNullable<IdeaSet['dropped']>): string {
  const parts = [
    countOf(dropped, 'quotation', 'quotation that stands in no source', 'quotations that stand in no source'),
    countOf(dropped, 'citation', 'citation of a work that no search found', 'citations of works that no search found'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Dropped: ${parts.join('; ')}.`;
}

function countOf(
  dropped: NonNullable<IdeaSet['dropped']>,
  kind: 'quotation' | 'citation',
  one: string,
  many: string,
): string {
  const those = dropped.filter((each) => each.kind === kind);
  const [first] = those;
  return first ? `${those.length} ${those.length === 1 ? one : many} (“${first.text}”)` : '';
}
