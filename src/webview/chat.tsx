import { Composer } from './composer.tsx';
import { Entry } from './entry.tsx';
import { Header } from './header.tsx';
import type { Host } from './host.ts';
import type { PageState } from './pageState.ts';
import { useFollowing } from './useFollowing.ts';
import { Welcome } from './welcome.tsx';
import { Writing } from './writing.tsx';

/** The whole page: how the session goes, what happened in it, and where to speak. */
export function Chat({ page, host }: { page: PageState; host: Host }) {
  const { head, items, writing } = page;
  const scroller = useFollowing([items, writing], head?.openGates.length ?? 0);
  if (head === undefined) return <p class="quiet loading">Loading…</p>;
  if (head === null) return <Welcome host={host} />;
  return (
    <div class="page">
      <Header head={head} host={host} />
      <main class="entries" ref={scroller} aria-label="What happened in this session">
        <ol>
          {items.map((item, place) => (
            // An item never leaves its place in the log's order.
            <Entry key={place} item={item} items={items} page={page} host={host} />
          ))}
          {writing && <Writing {...writing} items={items} />}
        </ol>
      </main>
      <Composer key={head.id} status={head.status} host={host} />
    </div>
  );
}
