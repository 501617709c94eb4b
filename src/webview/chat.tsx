import { Block } from './block.tsx';
import { Composer } from './composer.tsx';
import { Entry } from './entry.tsx';
import { Header } from './header.tsx';
import type { Host } from './host.ts';
import type { PageState } from './pageState.ts';
import { useFollowing } from './useFollowing.ts';
import { Welcome } from './welcome.tsx';
import { Writing } from './writing.tsx';

/** Entries that are drawn, or left out, together: few enough to be drawn within a frame or two. */
const SIZE = 20;

/** The whole page: how the session goes, what happened in it, and where to speak. */
export function Chat({ page, host }: { page: PageState; host: Host }) {
  const { head, items, writing } = page;
  const scroller = useFollowing([items, writing], head?.openGates.length ?? 0);
  const starts = Array.from({ length: Math.max(1, Math.ceil(items.length / SIZE)) }, (_, i) => i * SIZE);
  if (head === undefined) return <p class="quiet loading">Loading…</p>;
  if (head === null) return <Welcome host={host} />;
  return (
    <div class="page">
      <Header head={head} host={host} />
      <main class="entries" ref={scroller} aria-label="What happened in this session">
        <div class="blocks">
          {starts.map((start) => (
            <Block
              key={`${head.id} ${start}`}
              scroller={scroller}
              count={Math.min(SIZE, items.length - start)}
              isLast={start === starts.at(-1)}
              draw={() => (
                <>
                  {items.slice(start, start + SIZE).map((item, i) => (
                    // An item never leaves its place in the log's order.
                    <Entry key={start + i} item={item} items={items} page={page} host={host} />
                  ))}
                  {writing && start === starts.at(-1) && <Writing {...writing} items={items} />}
                </>
              )}
            />
          ))}
        </div>
      </main>
      <Composer key={head.id} head={head} draft={page.draft} mentions={page.mentions} host={host} />
    </div>
  );
}
