import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Gate } from '../domain/gate.ts';
import { type CodeLink, Prototype } from '../domain/prototype.ts';
import { fetchFiles } from '../git/fetchFiles.ts';
import { isLocal } from '../models/profile.ts';
import { proxiesIn, proxyFor } from '../models/proxy.ts';
import { codeLinks, repositoryOf } from '../papers/codeLinks.ts';
import { licenceOf } from '../workspace/licence.ts';
import { SessionError } from './errors.ts';
import type { FindingPorts } from './finding.ts';
import { readNamedPaper } from './namedPaper.ts';
import { prepareStore } from './store.ts';

export interface PrototypeRequest {
  /** The address of a repository, or of a folder or a file in it. */
  readonly url: string;
  /** A branch, tag or commit; null for what the address names, or else what the repository shows first. */
  readonly ref: string | null;
  /** Whether a person has agreed: without it nothing is fetched, and the answer is the gate. */
  readonly approved: boolean;
}

export type PrototypeAnswer =
  | { readonly kind: 'waiting'; readonly gate: Gate }
  | { readonly kind: 'fetched'; readonly prototype: Prototype };

const MOST_BYTES = 200 * 2 ** 20;
const LONGEST = 120_000;

/** Repositories that a paper names.
 *  @param named a file, an arXiv id, a DOI or an address
 *  @throws PaperError */
export async function codeOfPaper(named: string, ports: FindingPorts): Promise<CodeLink[]> {
  return codeLinks((await readNamedPaper(named, ports)).paper);
}

/** Code of somebody else as files in `.mlr/prototypes/`, at one commit, with its licence; nothing of it is run. What is there
 *  already is neither asked about nor fetched again.
 *  @throws SessionError `bad-input`; GitError `unreachable`, `too-large`, `no-such-revision` */
export async function fetchPrototype(request: PrototypeRequest, ports: FindingPorts): Promise<PrototypeAnswer> {
  const { url, ref } = placeOf(request);
  const known = (await prototypesIn(ports.workspace)).find((one) => one.url === url && isAt(one.commit, ref));
  if (known) return { kind: 'fetched', prototype: known };
  if (ports.localOnly && !isLocal(new URL(url).hostname)) {
    const message = `${url} was not fetched: local only is on (mlr.localOnly, --local-only or MLR_LOCAL_ONLY).`;
    throw new SessionError('bad-input', message);
  }
  if (!request.approved) return { kind: 'waiting', gate: gateFor(url, ref) };
  return { kind: 'fetched', prototype: await fetchNow(url, ref, ports) };
}

/** What was fetched before. */
export async function prototypesIn(workspace: string): Promise<Prototype[]> {
  const folder = path.join(workspace, '.mlr', 'prototypes');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const read = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8').catch(() => '')));
  return read.flatMap((text) => recordIn(text) ?? []);
}

function placeOf({ url, ref }: PrototypeRequest): { url: string; ref: string | null } {
  const local = URL.canParse(url) && isLocal(new URL(url).hostname) ? { url, ref: null } : null;
  const found = repositoryOf(url) ?? local;
  if (found) return { url: found.url, ref: ref ?? found.ref };
  const message = `${url} is no address of a repository: give one such as https://github.com/OWNER/NAME.`;
  throw new SessionError('bad-input', message);
}

/** Without a commit that is asked for, whatever commit is here is good enough. */
function isAt(commit: string, ref: string | null): boolean {
  return ref === null || (/^[0-9a-f]{7,}$/.test(ref) && commit.startsWith(ref));
}

function gateFor(url: string, ref: string | null): Gate {
  const at = ref === null ? '' : ` at ${ref}`;
  return {
    id: 'prototype',
    kind: 'approveCommand',
    question: `Fetch ${url}${at}?`,
    detail:
      `\`git fetch --depth=1 ${url} ${ref ?? 'HEAD'}\`, without hooks, submodules, filters or your credentials, at most 200 MiB ` +
      'and 2 minutes, into `.mlr/prototypes/`. Its licence is read and shown; nothing of it is run.',
    options: [
      { choice: 'approve', label: 'Fetch it' },
      { choice: 'stop', label: 'Do not fetch it' },
    ],
  };
}

async function fetchNow(url: string, ref: string | null, ports: FindingPorts): Promise<Prototype> {
  const { workspace, signal } = ports;
  await prepareStore(workspace);
  const below = path.join(workspace, '.mlr', 'prototypes');
  const unfinished = path.join(below, `.fetching-${process.pid}-${Date.now()}`);
  await mkdir(unfinished, { recursive: true });
  try {
    const proxy = proxyFor(url, ports.proxies ?? proxiesIn(process.env));
    const protocols = isLocal(new URL(url).hostname) ? ['http', 'https'] : ['https'];
    const limits = { bytes: MOST_BYTES, milliseconds: LONGEST, protocols, proxy: proxy?.url ?? null, signal };
    const { commit, files, bytes } = await fetchFiles({ url, ref }, unfinished, limits);
    const name = `${nameOf(url)}-${commit.slice(0, 12)}`;
    const licence = await licenceOf(unfinished);
    await rm(path.join(below, name), { recursive: true, force: true });
    await rename(unfinished, path.join(below, name));
    const prototype = { url, commit, folder: `.mlr/prototypes/${name}`, files, bytes, licence };
    await writeFile(path.join(below, `${name}.json`), `${JSON.stringify(prototype, null, 2)}\n`);
    return prototype;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function nameOf(url: string): string {
  const parts = new URL(url).pathname
    .replace(/\.git$/, '')
    .split('/')
    .filter(Boolean);
  return (
    parts
      .slice(-2)
      .join('-')
      .replace(/[^\w.-]/g, '_') || 'code'
  );
}

function recordIn(text: string): Prototype | null {
  try {
    return Prototype.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    // Torn by a crash: it is fetched again.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
