import { useEffect, useRef } from 'preact/hooks';

/** Pixels from the end within which a reader is taken to follow along. */
const NEAR_END = 80;
/** Pixels left above what has just come. */
const MARGIN = 8;

/** Keeps what is new in view, from its beginning: a card taller than the view is not scrolled past. A reader who has
 *  scrolled up to read is left there, until they answer a question.
 *  @param changes what is drawn in the element's only child
 *  @param questions how many wait for an answer */
export function useFollowing(changes: readonly unknown[], questions: number) {
  const scroller = useRef<HTMLElement>(null);
  const before = useRef({ top: 0, height: 0, entries: 0, questions: 0 });
  useEffect(() => {
    const element = scroller.current;
    const entries = element?.firstElementChild?.children;
    if (!element || !entries) return;
    const { top, height, entries: known, questions: asked } = before.current;
    const stayed =
      Math.abs(element.scrollTop - top) < 2 || height - element.scrollTop - element.clientHeight < NEAR_END;
    if (stayed || questions < asked) {
      // Of a session that is shown anew, the last entry counts as the new one.
      const fresh = entries[known === 0 ? entries.length - 1 : Math.min(known, entries.length - 1)];
      if (fresh instanceof HTMLElement) element.scrollTop = fresh.offsetTop - element.offsetTop - MARGIN;
      before.current.top = element.scrollTop;
    }
    Object.assign(before.current, { height: element.scrollHeight, entries: entries.length, questions });
  }, changes);
  return scroller;
}
