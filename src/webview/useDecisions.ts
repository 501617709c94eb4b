import { useEffect, useState } from 'preact/hooks';
import type { Host } from './host.ts';
import type { ChangeSet } from './messages.ts';

/** What is decided on the hunks of a change set. The extension host keeps it; a box that is ticked shows at once. */
export function useDecisions(changes: ChangeSet | null, host: Host) {
  const hunks = changes?.files.flatMap((file) => file.hunks) ?? [];
  const [rejected, setRejected] = useState<ReadonlySet<string>>(new Set());
  useEffect(
    () => setRejected(new Set(hunks.filter((hunk) => hunk.decision === 'rejected').map(({ id }) => id))),
    [changes],
  );
  return {
    all: hunks.map(({ id }) => id),
    rejected,
    accepted: hunks.filter((hunk) => hunk.decision === 'accepted' && !rejected.has(hunk.id)).map(({ id }) => id),
    /** @param next all hunks that are rejected from now on */
    reject: (next: ReadonlySet<string>): void => {
      const gone = [...next].filter((id) => !rejected.has(id));
      const back = [...rejected].filter((id) => !next.has(id));
      setRejected(next);
      if (gone.length > 0) host.post({ type: 'decide', hunks: gone, decision: 'rejected' });
      if (back.length > 0) host.post({ type: 'decide', hunks: back, decision: 'open' });
    },
  };
}
