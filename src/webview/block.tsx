import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** How far beyond the view entries are drawn, so that a wheel's turn shows no gap. Pixels. */
const AHEAD = '1500px 0px';
/** An entry that was never drawn is taken to be so high. Pixels. */
const GUESS = 64;

interface BlockProps {
  scroller: RefObject<HTMLElement | null>;
  /** How many entries it has. */
  count: number;
  /** The newest: it is always drawn, since what comes is added to it. */
  isLast: boolean;
  draw: () => ComponentChildren;
}

/** Some entries of a long session, drawn only near what is in view; else a gap of their height. */
export function Block({ scroller, count, isLast, draw }: BlockProps) {
  const [isNear, setNear] = useState(isLast);
  const list = useRef<HTMLOListElement>(null);
  const height = useRef(0);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        // Measured while it is drawn: the gap is then as high as what it stands for.
        if (!entry.isIntersecting && element.childElementCount > 0) height.current = entry.boundingClientRect.height;
        setNear(entry.isIntersecting);
      },
      { root: scroller.current, rootMargin: AHEAD },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const isDrawn = isNear || isLast;
  const gap = { height: `${height.current || count * GUESS}px` };
  return (
    <ol ref={list} class={isDrawn ? 'block' : 'block gap'} style={isDrawn ? {} : gap}>
      {isDrawn && draw()}
    </ol>
  );
}
