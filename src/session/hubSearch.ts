import { readFile, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { FoundOnHub, HubQuery, Room } from '../domain/hub.ts';
import { readContract } from '../evidence/contractProblems.ts';
import { findOnHub } from '../papers/hub/findOnHub.ts';
import { hubCacheFolder } from '../papers/hub/hubCache.ts';
import { HUB } from '../papers/hub/hubClient.ts';
import { sizeInWords } from '../papers/hub/hubFit.ts';
import { ServiceDoor } from '../papers/services/serviceDoor.ts';
import { graphicsMemory, usableMemory } from '../workspace/environment/machine.ts';
import { type FindingPorts, placed, surroundings } from './finding.ts';

/** Models or data sets that a query means: those on this machine first, then as they fit the machine and the budget.
 *  @throws SessionError `bad-input` where HF_ENDPOINT is no URL */
export async function searchHubHere(query: HubQuery, ports: FindingPorts): Promise<FoundOnHub> {
  const environment = ports.environment ?? process.env;
  const [service, room] = await Promise.all([
    placed(HUB, ports, { header: 'authorization', scheme: 'Bearer' }),
    roomFor(ports.workspace),
  ]);
  return findOnHub(query, {
    cache: hubCacheFolder(environment, homedir()),
    door: new ServiceDoor(service, surroundings(ports)),
    room,
    signal: ports.signal,
  });
}

/** What the budget of mlr.yaml allows a run, within what the machine has: of a card where it may use one, or where nothing
 *  is said and there is one. */
async function roomFor(workspace: string): Promise<Room> {
  const text = await readFile(path.join(workspace, 'mlr.yaml'), 'utf8').catch(() => null);
  const budget = text === null ? null : (readContract({ text, fileName: 'mlr.yaml' }).contract?.budget ?? null);
  const [card, { bavail, bsize }] = await Promise.all([
    budget?.gpus === 0 ? null : graphicsMemory(),
    statfs(workspace),
  ]);
  const disk = bavail * bsize;
  if (card !== null) return { memory: card, where: "this machine's GPU", disk };
  const memory = usableMemory();
  if (budget === null || budget.memory > memory) return { memory, where: 'memory of this machine', disk };
  return { memory: budget.memory, where: `memory that mlr.yaml allows (of ${sizeInWords(memory)})`, disk };
}
