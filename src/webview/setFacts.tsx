import type { ItemOf } from './messages.ts';
import { inline } from './prose.tsx';

type IdeaSet = ItemOf<'ideas'>;

/** What stands beneath ideas in a page of its own: what all of them rest on, open to be read. */
export function Beneath({ item }: { item: IdeaSet }) {
  return (
    <>
      {item.gaps.length > 0 && (
        <section class="beneath" aria-label="What the paper leaves open">
          <h2>What the paper leaves open</h2>
          <Gaps item={item} />
        </section>
      )}
      <LeftOut considered={item.considered ?? []} />
      {item.searched !== undefined && <p class="quiet">Literature: {item.searched}</p>}
      {item.dropped && <p class="quiet">{item.dropped}</p>}
    </>
  );
}

/** Gaps, each with the words of the paper that it rests on. */
export function Gaps({ item: { gaps, grounds } }: { item: IdeaSet }) {
  return (
    <ul>
      {gaps.map((gap, i) => (
        <li key={i}>
          {inline(gap)}
          <Ground ground={grounds?.find((one) => one.gap === gap)} />
        </li>
      ))}
    </ul>
  );
}

function Ground({ ground }: { ground: NonNullable<IdeaSet['grounds']>[number] | undefined }) {
  if (!ground) return null;
  return (
    <blockquote>
      {ground.quotation}{' '}
      <cite>{ground.page === undefined ? ground.section : `${ground.section}, page ${ground.page}`}</cite>
    </blockquote>
  );
}

/** Candidates that fell, and why. */
export function LeftOut({ considered }: { considered: NonNullable<IdeaSet['considered']> }) {
  const left = considered.filter(({ kept }) => !kept);
  if (left.length === 0) return null;
  return (
    <details>
      <summary>
        {left.length} {left.length === 1 ? 'candidate' : 'candidates'} weighed and left
      </summary>
      <ul>
        {left.map(({ title, why }, i) => (
          <li key={i}>
            <strong>{title}</strong>: {inline(why)}
          </li>
        ))}
      </ul>
    </details>
  );
}
