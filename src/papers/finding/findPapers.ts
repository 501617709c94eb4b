import type { AskedService, FoundPaper, FoundPapers, PaperKey } from '../../domain/literature.ts';
import { ServiceError } from '../services/serviceError.ts';
import type { PaperService, Records } from './paperService.ts';
import { fuse } from './sameWork.ts';

/** Milliseconds. */
export interface FindingLimits {
  /** For all sources together. */
  readonly whole: number;
  /** For the others once a service on the network has answered with something. */
  readonly others: number;
}

export const FINDING_LIMITS: FindingLimits = { whole: 10_000, others: 4_000 };

export interface Finding {
  /** The most trusted first. */
  readonly sources: readonly PaperService[];
  readonly most: number;
  readonly signal: AbortSignal;
  readonly limits?: FindingLimits;
}

/** Papers that some words mean, of all sources at once. One that is down, slow or throttled is told of, and holds up nobody
 *  longer than the limits. */
export function findPapers(words: string, finding: Finding): Promise<FoundPapers> {
  return askAll(finding, (source, most, signal) => source.search(words, most, signal));
}

/** What a paper cites, or what cites it, of the sources that know. */
export function relatedPapers(
  paper: PaperKey,
  edge: 'references' | 'citations',
  finding: Finding,
): Promise<FoundPapers> {
  const sources = finding.sources.filter((source) => source[edge] !== undefined);
  return askAll({ ...finding, sources }, async (source, most, signal) => {
    const records = await source[edge]?.(paper, most, signal);
    return records ?? { value: [] };
  });
}

type Ask = (source: PaperService, most: number, signal: AbortSignal) => Promise<Records>;

async function askAll({ sources, most, signal, limits = FINDING_LIMITS }: Finding, ask: Ask): Promise<FoundPapers> {
  const late = new AbortController();
  const stop = AbortSignal.any([signal, late.signal]);
  const timers = [setTimeout(() => late.abort(), limits.whole)];
  const lists: (readonly FoundPaper[])[] = sources.map(() => []);
  const asked = await Promise.all(
    sources.map(async (source, i): Promise<AskedService> => {
      try {
        const records = await orAbort(ask(source, most, stop), stop);
        lists[i] = records.value.slice(0, most);
        // What the workspace holds is there at once, and says nothing of how fast services are.
        if (records.value.length > 0 && !source.here) timers.push(setTimeout(() => late.abort(), limits.others));
        return told(source.name, records, lists[i].length);
      } catch (error) {
        signal.throwIfAborted();
        if (late.signal.aborted) return tooLate(source.name);
        return failed(source.name, error);
      }
    }),
  ).finally(() => {
    for (const timer of timers) clearTimeout(timer);
  });
  return { papers: fuse(lists).slice(0, most), asked };
}

/** Whatever a source waits for, nobody waits for it any longer. */
function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function told(service: string, { age, instead, note }: Records, found: number): AskedService {
  const outcome = age === undefined ? 'answered' : 'remembered';
  const detail = instead === undefined ? note : `${instead} Its answer of ${inDays(age ?? 0)} ago was taken.`;
  return { service, outcome, found, ...(detail !== undefined && { detail }) };
}

function inDays(age: number): string {
  const hours = Math.round(age / 3_600_000);
  return hours < 48 ? `${Math.max(1, hours)} h` : `${Math.round(hours / 24)} days`;
}

function tooLate(service: string): AskedService {
  return { service, outcome: 'silent', found: 0, detail: `${service} was slower than the others, and was left out.` };
}

function failed(service: string, error: unknown): AskedService {
  if (!ServiceError.is(error)) throw error;
  const { reason, message: detail } = error;
  return { service, outcome: reason === 'absent' ? 'answered' : reason, found: 0, detail };
}
