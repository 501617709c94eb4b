import type { SessionEvent } from '../domain/event.ts';
import type { Registration } from '../domain/evidence.ts';
import type { Try } from '../evidence/tries.ts';
import { readableLogs } from './store.ts';

/** Everything that was registered before on the same test set in this workspace, with what came of it, oldest first. */
export async function triesOf(workspace: string, { family, id, tryNumber }: Registration): Promise<Try[]> {
  const tries: Try[] = [];
  for await (const { id: session, events } of readableLogs(workspace)) {
    tries.push(
      ...triesIn(session, events)
        .filter((one) => one.family === family && one.registration !== id)
        .map(known),
    );
  }
  return tries.filter((one) => one.tryNumber < tryNumber).sort((a, b) => a.tryNumber - b.tryNumber);
}

function triesIn(session: string, events: readonly SessionEvent[]): (Try & { family: string })[] {
  const measured = new Map(
    events.flatMap((e) => (e.type === 'measured' ? [[e.measurement.registration.id, e.measurement] as const] : [])),
  );
  return events.flatMap((event) => {
    if (event.type !== 'registered') return [];
    const { id, family, tryNumber, variants } = event.registration;
    const sides = measured.get(id)?.variants ?? [];
    const told = variants.map(({ name, revision }, i) => {
      const side = sides[i];
      return { name, revision, verdict: side?.verdict ?? null, mean: side?.difference.mean ?? null };
    });
    return [{ session, registration: id, tryNumber, family, variants: told }];
  });
}

function known({ session, registration, tryNumber, variants }: Try): Try {
  return { session, registration, tryNumber, variants };
}
