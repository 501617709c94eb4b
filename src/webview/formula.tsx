import { memo } from 'preact/compat';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { usePart } from './parts.ts';

/** A formula as one reads it, once what draws it is there; until then as it was written. */
export const Formula = memo(function Formula({ text, isBlock }: { text: string; isBlock: boolean }) {
  const draw = usePart('math', true);
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (draw && place.current) draw(text, place.current, isBlock);
  }, [draw, text, isBlock]);
  const kind = isBlock ? 'formula block' : 'formula';
  // Another element than before: what was drawn into this one is not Preact's.
  return draw ? (
    <span key="drawn" class={kind} ref={place} />
  ) : (
    <code key="written" class={kind}>
      {text}
    </code>
  );
});
