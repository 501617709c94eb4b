import type { Host } from './host.ts';

/** To the hunks in the editor, and back from the last decision. */
export function ReviewButtons({ isDecided, host }: { isDecided: boolean; host: Host }) {
  return (
    <>
      <button type="button" class="secondary" onClick={() => host.post({ type: 'review' })}>
        Review in editor
      </button>
      {isDecided && (
        <button type="button" class="secondary" onClick={() => host.post({ type: 'undoDecision' })}>
          Undo
        </button>
      )}
    </>
  );
}
