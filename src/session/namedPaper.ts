import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Paper } from '../domain/paper.ts';
import { DOWNLOAD_PATIENCE } from '../papers/fetching/download.ts';
import { type FetchPorts, fetchPaper } from '../papers/fetching/fetchPaper.ts';
import { openCopies } from '../papers/fetching/openCopies.ts';
import { paperAddress } from '../papers/fetching/paperAddress.ts';
import { PaperCache } from '../papers/fetching/paperCache.ts';
import { ARXIV } from '../papers/finding/arxiv.ts';
import { readPaper } from '../papers/read.ts';
import { ServiceDoor } from '../papers/services/serviceDoor.ts';
import {
  cacheFolder,
  type FindingPorts,
  openAlexPlace,
  placed,
  semanticScholarPlace,
  surroundings,
} from './finding.ts';

export interface NamedPaper {
  readonly paper: Paper;
  /** The file's absolute path, or the address where it was read. */
  readonly place: string;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/** Where a DOI leads on to its paper. Source: https://www.doi.org/doi-handbook/HTML/doi-resolution.html */
const DOI = { name: 'doi.org', baseUrl: 'https://doi.org', setting: 'MLR_DOI_URL', every: 500 } as const;

/** Reads a paper by what a person calls it: a file, from the workspace's folder on, or else an arXiv id, a DOI or an
 *  address. A file goes before an address that is written alike.
 *  @throws PaperError; SessionError `bad-input` where a base URL that is set is none */
export async function readNamedPaper(named: string, ports: FindingPorts): Promise<NamedPaper> {
  const file = path.resolve(ports.workspace, named);
  const address = paperAddress(named);
  const isFile = (await stat(file).catch(() => null)) !== null;
  if (isFile || address === null) {
    const paper = await readPaper(file);
    const bytes = await readFile(file);
    return { paper, place: file, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  const { paper, url, sha256 } = await fetchPaper(address, await fetchPorts(ports));
  return { paper, place: url, sha256 };
}

async function fetchPorts(ports: FindingPorts): Promise<FetchPorts> {
  const around = surroundings(ports);
  const [preprints, doi] = await Promise.all([placed(ARXIV, ports, null), placed(DOI, ports, null)]);
  return {
    around: { ...around, patience: DOWNLOAD_PATIENCE },
    cache: new PaperCache(path.join(cacheFolder(ports.environment ?? process.env), 'papers')),
    // Its papers stand beside its search.
    places: { arxiv: preprints.baseUrl.replace(/\/api$/, ''), doi: doi.baseUrl },
    openCopies: async (id, signal) => {
      const [alex, scholar] = await Promise.all([openAlexPlace(ports), semanticScholarPlace(ports)]);
      const doors = { openAlex: new ServiceDoor(alex, around), semanticScholar: new ServiceDoor(scholar, around) };
      return openCopies(id, doors, signal);
    },
    signal: ports.signal,
  };
}
