import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type FetchedPaper, type FetchPorts, fetchPaper } from '../../../../src/papers/fetching/fetchPaper.ts';
import type { OpenCopies } from '../../../../src/papers/fetching/openCopies.ts';
import { paperAddress } from '../../../../src/papers/fetching/paperAddress.ts';
import { PaperCache } from '../../../../src/papers/fetching/paperCache.ts';
import { PaperError } from '../../../../src/papers/paperError.ts';
import { answers, type ServiceServer, type Turn } from '../services/serviceServer.ts';
import { type Bench, bench, NEVER } from '../services/surroundings.ts';

export const FIXTURES = path.join(import.meta.dirname, '..', 'fixtures');
export const PDF = readFileSync(path.join(FIXTURES, 'socks.pdf'));
export const TITLE = 'Weigh First: Pairing Socks by Their Weight before Looking at Their Colour';
export const HOUR = 3_600_000;

export const file =
  (bytes: Uint8Array | string, type = 'application/pdf'): Turn =>
  (response) =>
    void response.writeHead(200, { 'content-type': type }).end(bytes);

export interface FetchBench extends Bench {
  site(pages: Record<string, Turn>): Promise<ServiceServer>;
  ports(server: ServiceServer, changes?: Partial<FetchPorts>): FetchPorts;
}

/** What fetching is tested with. */
export function fetchBench(): FetchBench {
  const here = bench();
  return Object.assign(here, {
    site: (pages: Record<string, Turn>) => site(here, pages),
    ports: (server: ServiceServer, changes: Partial<FetchPorts> = {}) => ports(here, server, changes),
  });
}

/** A server that answers by paths, and 404 elsewhere. */
async function site(here: Bench, pages: Record<string, Turn>): Promise<ServiceServer> {
  const absent = answers('<html><title>Not found</title></html>', 404);
  return here.serve((response, asked) => (pages[decodeURIComponent(asked.path)] ?? absent)(response, asked));
}

function ports(here: Bench, server: ServiceServer, changes: Partial<FetchPorts> = {}): FetchPorts {
  return {
    around: { ...here.around(), patience: { silence: 20_000, whole: 60_000 } },
    cache: new PaperCache(path.join(here.folder, 'papers')),
    places: { arxiv: server.baseUrl, doi: `${server.baseUrl}/doi` },
    openCopies: async () => NO_COPIES,
    signal: NEVER,
    ...changes,
  };
}

export const NO_COPIES: OpenCopies = { urls: [], arxivId: null, told: [] };

export function read(named: string, at: FetchPorts): Promise<FetchedPaper> {
  const address = paperAddress(named);
  if (address === null) throw new TypeError(`${named} is no address`);
  return fetchPaper(address, at);
}

export async function refusal(work: Promise<unknown>): Promise<PaperError> {
  const error: unknown = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!PaperError.is(error)) throw new Error(`expected a PaperError, got ${String(error)}`);
  expect(error.message).toMatch(/^[^\n]+: [^\n]+; [^\n]+\.$/);
  return error;
}
