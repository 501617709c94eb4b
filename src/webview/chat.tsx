import { useEffect, useRef } from 'preact/hooks';
import { Composer } from './composer.tsx';
import { Entry } from './entry.tsx';
import { Header } from './header.tsx';
import type { Host } from './host.ts';
import type { PageState } from './pageState.ts';
import { Welcome } from './welcome.tsx';
import { Writing } from './writing.tsx';

/** The whole page: how the session goes, what happened in it, and where to speak. */
export function Chat({ page, host }: { page: PageState; host: Host }) {
  const { head, items, writing } = page;
  const scroller = useFollowing([items, writing]);
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

/** Pixels from the end within which a reader is taken to follow along. */
const NEAR_END = 80;

/** Keeps the end in view, unless the reader has scrolled up to read. */
function useFollowing(changes: readonly unknown[]) {
  const scroller = useRef<HTMLElement>(null);
  const following = useRef(true);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const note = (): void => {
      following.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [scroller.current]);
  useEffect(() => {
    const element = scroller.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
  }, changes);
  return scroller;
}
