import type { FoundOnHub, HubEntry, HubQuery, Room } from '../../domain/hub.ts';
import type { AskedService } from '../../domain/literature.ts';
import type { ServiceDoor } from '../services/serviceDoor.ts';
import { ServiceError } from '../services/serviceError.ts';
import { searchHubCache } from './hubCache.ts';
import { searchHub } from './hubClient.ts';
import { byFit, fitOf } from './hubFit.ts';

export interface HubPlaces {
  /** The cache of the Hub on this machine. */
  readonly cache: string;
  readonly door: ServiceDoor;
  readonly room: Room;
  readonly signal: AbortSignal;
}

/** Models or data sets, those on this machine first, then as they fit the room that there is. A Hub that is down is told of. */
export async function findOnHub(query: HubQuery, { cache, door, room, signal }: HubPlaces): Promise<FoundOnHub> {
  const [local, remote] = await Promise.all([searchHubCache(cache, query), askHub(door, query, signal)]);
  const here = new Set(local.map(({ id }) => id));
  const all = [...local, ...remote.entries.filter(({ id }) => !here.has(id))]
    .filter((entry) => fitsQuery(entry, query))
    .map((entry) => ({ ...entry, fit: fitOf(entry, room) }));
  return {
    entries: byFit(all).slice(0, query.most),
    asked: [{ service: 'local', outcome: 'answered', found: local.length }, remote.asked],
  };
}

function fitsQuery({ parameters, gated, source }: HubEntry, query: HubQuery): boolean {
  if (query.open && gated && source !== 'local') return false;
  return (
    query.parameters === undefined || (parameters !== null && parameters <= query.parameters) || source === 'local'
  );
}

async function askHub(
  door: ServiceDoor,
  query: HubQuery,
  signal: AbortSignal,
): Promise<{ entries: readonly HubEntry[]; asked: AskedService }> {
  const service = door.service.name;
  try {
    const { value, age, instead } = await searchHub(door, query, signal);
    const outcome = age === undefined ? 'answered' : 'remembered';
    return { entries: value, asked: { service, outcome, found: value.length, ...(instead && { detail: instead }) } };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ServiceError)) throw error;
    const outcome = error.reason === 'absent' ? 'failed' : error.reason;
    return { entries: [], asked: { service, outcome, found: 0, detail: error.message } };
  }
}
