import { useEffect, useRef } from 'preact/hooks';

/** Pixels from the end within which a reader is taken to follow along. */
const NEAR_END = 80;
/** Pixels left above what has just come. */
const MARGIN = 8;

interface Before {
  top: number;
  height: number;
  /** The newest entry. */
  last: HTMLElement | null;
  questions: number;
}

/** Keeps what is new in view, from its beginning: a card taller than the view is not scrolled past. A reader who has
 *  scrolled up to read is left there, until they answer a question.
 *  @param changes what is drawn in the element's lists
 *  @param questions how many wait for an answer */
export function useFollowing(changes: readonly unknown[], questions: number) {
  const scroller = useRef<HTMLElement>(null);
  const before = useRef<Before>({ top: 0, height: 0, last: null, questions: 0 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const entries = [...element.querySelectorAll<HTMLElement>('ol.block > li')];
    const { top, height, last, questions: asked } = before.current;
    const stayed =
      Math.abs(element.scrollTop - top) < 2 || height - element.scrollTop - element.clientHeight < NEAR_END;
    if (stayed || questions < asked) {
      // Of a session that is shown anew, the last entry counts as the new one.
      const known = last === null ? -1 : entries.indexOf(last);
      const fresh = known === -1 ? entries.at(-1) : (entries[known + 1] ?? entries.at(-1));
      if (fresh) element.scrollTop = fresh.offsetTop - element.offsetTop - MARGIN;
      before.current.top = element.scrollTop;
    }
    Object.assign(before.current, { height: element.scrollHeight, last: entries.at(-1) ?? null, questions });
  }, changes);
  return scroller;
}
