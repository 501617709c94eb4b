import type { NewEvent } from '../domain/event.ts';
import type { Session } from './session.ts';

/** What the log holds already is not written again: a resumed session walks the same runs once more. */
export async function record(session: Session, event: NewEvent): Promise<void> {
  const { registrations, runs, measurement } = session.state;
  if (event.type === 'registered' && registrations.some((r) => r.id === event.registration.id)) return;
  if (event.type === 'run.ended' && runs.has(event.run.id)) return;
  if (
    event.type === 'run.queued' &&
    session.log.events.some((one) => one.type === 'run.queued' && one.run === event.run)
  )
    return;
  if (event.type === 'notice' && session.log.events.some((one) => one.type === 'notice' && one.text === event.text))
    return;
  if (event.type === 'measured' && measurement?.registration.id === event.measurement.registration.id) return;
  await session.append(event);
}
