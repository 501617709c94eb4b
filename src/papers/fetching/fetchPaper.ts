import { createHash } from 'node:crypto';
import type { Paper } from '../../domain/paper.ts';
import { PaperError, type PaperErrorReason } from '../paperError.ts';
import { isWebPage, paperFromBytes } from '../read.ts';
import { type Downloaded, type DownloadSurroundings, download } from './download.ts';
import type { OpenCopies } from './openCopies.ts';
import { addressName, type PaperAddress } from './paperAddress.ts';
import type { KeptPaper, PaperCache } from './paperCache.ts';

/** What fetching needs from where it runs. */
export interface FetchPorts {
  readonly around: DownloadSurroundings;
  readonly cache: PaperCache;
  /** Where arXiv's papers are, and where DOIs lead on from; without a slash at the end. */
  readonly places: { readonly arxiv: string; readonly doi: string };
  openCopies(doi: string, signal: AbortSignal): Promise<OpenCopies>;
  readonly signal: AbortSignal;
}

export interface FetchedPaper {
  readonly paper: Paper;
  /** Where it was read. */
  readonly url: string;
  /** Of the file's bytes. */
  readonly sha256: string;
}

const DAY = 24 * 3600 * 1000;

/** Reads a paper that is on the network. An earlier copy is taken while it is fresh, and where there is no newer one.
 *  @throws PaperError */
export async function fetchPaper(address: PaperAddress, ports: FetchPorts): Promise<FetchedPaper> {
  const name = addressName(address);
  const kept = await ports.cache.get(name);
  const age = kept ? ports.around.clock.now() - kept.at : 0;
  if (kept && age >= 0 && age < freshFor(address)) {
    const earlier = await readKept(kept);
    if (earlier) return earlier;
  }
  try {
    const { downloaded, paper } = await first(address, name, ports);
    await ports.cache.put(name, downloaded, ports.around.clock.now());
    return fetched(downloaded, paper);
  } catch (error) {
    const earlier = PaperError.is(error) && kept && OUT_OF_REACH.has(error.reason) ? await readKept(kept) : null;
    if (!earlier || !kept || !PaperError.is(error)) throw error;
    const day = new Date(kept.at).toISOString().slice(0, 10);
    const notice = `${error.message} The copy of ${day} was read.`;
    return { ...earlier, paper: { ...earlier.paper, notices: [...(earlier.paper.notices ?? []), notice] } };
  }
}

/** Reasons for which an earlier copy is better than none. */
const OUT_OF_REACH: ReadonlySet<PaperErrorReason> = new Set(['not-asked', 'unreachable', 'throttled', 'refused']);

/** A version of arXiv's never changes. Milliseconds. */
function freshFor(address: PaperAddress): number {
  if (address.kind !== 'arxiv') return 7 * DAY;
  return /v\d+$/.test(address.id) ? Number.POSITIVE_INFINITY : DAY;
}

/** One that another version kept, which read it otherwise, is fetched anew. */
async function readKept(kept: KeptPaper): Promise<FetchedPaper | null> {
  try {
    return fetched(kept, await paperOf(kept));
  } catch (error) {
    if (PaperError.is(error)) return null;
    throw error;
  }
}

/** The library that reads PDFs takes the bytes away. */
function paperOf({ bytes, url, type }: Downloaded): Promise<Paper> {
  return paperFromBytes(bytes.slice(), { name: url, type });
}

function fetched({ bytes, url }: Downloaded, paper: Paper): FetchedPaper {
  return { paper, url, sha256: createHash('sha256').update(bytes).digest('hex') };
}

interface Read {
  readonly downloaded: Downloaded;
  readonly paper: Paper;
}

/** The first copy that reads as a paper. */
async function first(address: PaperAddress, name: string, ports: FetchPorts): Promise<Read> {
  if (address.kind === 'url') return await readAt(address.url, ports);
  if (address.kind === 'arxiv') return await firstOf(arxivForms(address, ports), name, ports);
  const copies = await ports.openCopies(address.doi, ports.signal);
  const onArxiv = copies.arxivId === null ? [] : [`${ports.places.arxiv}/pdf/${copies.arxivId}`];
  const landing = `${ports.places.doi}/${address.doi.split('/').map(encodeURIComponent).join('/')}`;
  return await firstOf([...copies.urls.slice(0, MOST_COPIES), ...onArxiv, landing], name, ports, copies.told);
}

/** Most copies that are tried besides the publisher's own and arXiv's. */
const MOST_COPIES = 3;

/** The PDF before the source: its pages are what a quotation is checked against, its tables, captions and cited works are
 *  told as they were set, whatever macros set them, and what it hides is seen. Of nine papers of test/corpora/papers that
 *  were set from LaTeX, the PDF gave all headings, references, tables and captions; the source lost the references of
 *  four that set them as a plain list, and told no tables. It is read where the PDF cannot be, or was asked for. */
function arxivForms({ id, form }: PaperAddress & { kind: 'arxiv' }, { places }: FetchPorts): string[] {
  const [pdf, source, html] = ['pdf', 'e-print', 'html'].map((kind) => `${places.arxiv}/${kind}/${id}`);
  const asked = { any: [pdf, source, html], source: [source], html: [html] }[form];
  return asked.filter((url) => url !== undefined);
}

/** @param told what is known already of why there are no more */
async function firstOf(
  urls: readonly string[],
  name: string,
  ports: FetchPorts,
  told: readonly string[] = [],
): Promise<Read> {
  const errors: PaperError[] = [];
  const downHosts = new Set<string>();
  for (const url of urls) {
    const { host } = new URL(url);
    if (downHosts.has(host)) continue;
    try {
      return await readAt(url, ports);
    } catch (error) {
      if (!PaperError.is(error)) throw error;
      errors.push(error);
      if (error.reason === 'unreachable' || error.reason === 'throttled') downHosts.add(host);
      if (error.reason === 'not-asked') break;
    }
  }
  throw noneOf(name, errors, told);
}

/** The reason that a person can do most about goes before the others. */
function noneOf(name: string, errors: readonly PaperError[], told: readonly string[]): PaperError {
  const [only] = errors;
  if (only && errors.length === 1 && told.length === 0) return only;
  const order: PaperErrorReason[] = ['not-asked', 'encrypted', 'scanned', 'too-large', 'refused', 'throttled'];
  const reason = order.find((one) => errors.some((error) => error.reason === one)) ?? only?.reason ?? 'missing';
  if (reason === 'not-asked') return errors.find((error) => error.reason === reason) ?? only ?? none(name, reason, []);
  const why = [...told, ...errors.map(({ message }) => message.replace(/;[^;]*$/, ''))];
  return none(name, reason, why);
}

function none(name: string, reason: PaperErrorReason, why: readonly string[]): PaperError {
  const words = why.length === 0 ? '' : ` (${why.slice(0, 4).join('; ')})`;
  return new PaperError(reason, `${name}: no copy could be read${words}; download the paper and give its path.`);
}

/** A page about a paper names its file. */
async function readAt(url: string, ports: FetchPorts): Promise<Read> {
  const downloaded = await download(url, ports.around, ports.signal);
  if (!isWebPage(downloaded.bytes)) return { downloaded, paper: await paperOf(downloaded) };
  const page = await paperOf(downloaded).catch((error: unknown) => {
    if (PaperError.is(error)) return error;
    throw error;
  });
  if (!(page instanceof PaperError)) return { downloaded, paper: page };
  const { paperFileOn } = await import('../htmlPage.ts');
  const file = paperFileOn(downloaded);
  if (file === null || file === url || file === downloaded.url) throw page;
  const whole = await download(file, ports.around, ports.signal);
  return { downloaded: whole, paper: await paperOf(whole) };
}
