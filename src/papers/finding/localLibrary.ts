import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { FoundPaper } from '../../domain/literature.ts';
import { bibtexAuthors, bibtexNotices } from '../bibtex.ts';
import { readBibtex } from '../bibtexFile.ts';
import { PaperError } from '../paperError.ts';
import { MAX_SOURCE_BYTES, readPaper } from '../read.ts';
import { cannotWrite } from '../services/cannotWrite.ts';
import { arxivIdOfDoi, bareArxivId, bareDoi } from './paperIds.ts';
import type { PaperService } from './paperService.ts';
import { fold, queryWords } from './queryWords.ts';

export const LOCAL = 'local';

export interface Library {
  /** The workspace folder. */
  readonly root: string;
  /** Its .pdf and .bib files, relative to it. */
  readonly files: readonly string[];
  /** Where what was read of a PDF is kept until it changes. */
  readonly cache: string;
  /** Milliseconds that PDFs may be read for; a page takes about 25 ms. Those not come to are read next time. */
  readonly patience?: number;
}

const PATIENCE = 5_000;

/** Most PDFs that are read for one question. */
const MOST_PDFS = 200;

/** The papers that the workspace has: its PDFs, and what its .bib files cite. */
export function localLibrary(library: Library): PaperService {
  return {
    name: LOCAL,
    here: true,
    async search(words, most) {
      const { papers, note } = await readLibrary(library);
      const value = ranked(papers, words).slice(0, most);
      return note === null ? { value } : { value, note };
    },
  };
}

/** @returns every paper of the library, and a sentence of what could not be read */
export async function readLibrary(library: Library): Promise<{ papers: FoundPaper[]; note: string | null }> {
  const papers: FoundPaper[] = [];
  const notes: string[] = [];
  const pdfs = library.files.filter((file) => /\.pdf$/i.test(file));
  const read = await readPdfs(library, pdfs.slice(0, MOST_PDFS));
  papers.push(...read.papers);
  const unread = read.unread + Math.max(0, pdfs.length - MOST_PDFS);
  if (unread > 0) notes.push(`${unread} of its ${pdfs.length} PDFs were not read yet: ask again.`);
  for (const file of library.files.filter((name) => /\.bib$/i.test(name))) {
    const text = await bibText(path.join(library.root, file));
    if (text === null) notes.push(`${file} cannot be read, or is larger than 2 MiB.`);
    else {
      const read = papersOfBib(file, text);
      papers.push(...read.papers);
      notes.push(...someOf(read.notices));
    }
  }
  return { papers, note: notes.length === 0 ? null : notes.join(' ') };
}

async function bibText(file: string): Promise<string | null> {
  const size = (await stat(file).catch(() => null))?.size ?? Number.POSITIVE_INFINITY;
  return size > MAX_SOURCE_BYTES ? null : await readFile(file, 'utf8').catch(() => null);
}

/** The most broken entries of a file that are named with each search. */
const MOST_NOTICES = 3;

function someOf(notices: readonly string[]): string[] {
  const more = notices.length - MOST_NOTICES;
  return more > 0 ? [...notices.slice(0, MOST_NOTICES), `So were ${more} more.`] : [...notices];
}

/** The records of a .bib file, and a sentence for each entry that is broken and was left out. */
export function papersOfBib(file: string, text: string): { papers: FoundPaper[]; notices: string[] } {
  const { entries, problems } = readBibtex(text);
  const papers = entries.flatMap(({ key, fields }) => {
    const title = fields.get('title') ?? '';
    if (title === '') return [];
    const year = Number(/\d{4}/.exec(fields.get('year') ?? fields.get('date') ?? '')?.[0]);
    const venue = fields.get('journal') ?? fields.get('booktitle');
    const abstract = fields.get('abstract');
    return [
      {
        title,
        year: year > 0 ? year : null,
        source: LOCAL,
        id: `${file}#${key}`,
        ...idsIn(fields),
        authors: bibtexAuthors(fields.get('author') ?? ''),
        ...(abstract && { abstract }),
        ...(venue && { venue }),
      },
    ];
  });
  return { papers, notices: bibtexNotices(file, problems) };
}

function idsIn(fields: ReadonlyMap<string, string>): Pick<FoundPaper, 'doi' | 'arxivId'> {
  const doi = bareDoi(fields.get('doi') ?? '');
  const eprint = /^(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+\/\d{7})/i.exec(fields.get('eprint') ?? '')?.[1];
  const arxivId = eprint ?? arxivIdOfDoi(doi);
  return { ...(doi !== '' && { doi }), ...(arxivId !== undefined && { arxivId: bareArxivId(arxivId) }) };
}

/** What was read of a PDF, by its path; null where it cannot be read as a paper. */
const Shelf = z.record(z.string(), z.object({ bytes: z.number(), modified: z.number(), paper: FoundPaper.nullable() }));
type Shelf = z.infer<typeof Shelf>;

async function readPdfs(
  { root, cache, patience = PATIENCE }: Library,
  files: readonly string[],
): Promise<{ papers: FoundPaper[]; unread: number }> {
  const until = performance.now() + patience;
  const before = await shelfIn(cache);
  const shelf: Shelf = {};
  let unread = 0;
  let changed = Object.keys(before).length !== files.length;
  for (const file of files) {
    const stats = await stat(path.join(root, file)).catch(() => null);
    if (stats === null) continue;
    const { size: bytes, mtimeMs: modified } = stats;
    const kept = before[file];
    if (kept?.bytes === bytes && kept.modified === modified) shelf[file] = kept;
    else if (performance.now() > until) unread++;
    else {
      shelf[file] = { bytes, modified, paper: await paperOfPdf(root, file) };
      changed = true;
    }
  }
  if (changed) await writeShelf(cache, shelf);
  return { papers: Object.values(shelf).flatMap(({ paper }) => (paper ? [paper] : [])), unread };
}

async function paperOfPdf(root: string, file: string): Promise<FoundPaper | null> {
  try {
    const { title, authors, abstract } = await readPaper(path.join(root, file));
    const arxivId = /(?:^|[^\d.])(\d{4}\.\d{4,5})(?:v\d+)?\.pdf$/i.exec(path.basename(file))?.[1];
    const name = title || path.basename(file, path.extname(file));
    return { title: name, year: null, source: LOCAL, id: file, authors, abstract, ...(arxivId && { arxivId }) };
  } catch (error) {
    // A scanned or broken one is looked at where somebody reads it.
    if (PaperError.is(error)) return null;
    throw error;
  }
}

async function shelfIn(file: string): Promise<Shelf> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return Shelf.parse(JSON.parse(text));
  } catch (error) {
    // Torn, or of another version: the PDFs are read again.
    if (error instanceof Error) return {};
    throw error;
  }
}

async function writeShelf(file: string, shelf: Shelf): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    await writeFile(unfinished, JSON.stringify(shelf));
    await rename(unfinished, file);
  } catch (error) {
    if (!cannotWrite(error)) throw error;
  }
}

/** How much a word counts where it stands. */
const WEIGHT = { title: 3, authors: 2, abstract: 1 };

/** Of what the words of a question tell together, by how rare each is on the shelf, the least that a paper must hold: a
 *  title holds few words, and one that many titles hold tells little. */
const LEAST = 0.2;

/** Papers that hold what is rare in the words, in the title first. */
function ranked(papers: readonly FoundPaper[], question: string): FoundPaper[] {
  const words = queryWords(question).map(stem);
  const weights = papers.map((paper) => {
    const places = [
      { text: fold(paper.title), weight: WEIGHT.title },
      { text: fold(paper.authors.join(' ')), weight: WEIGHT.authors },
      { text: fold(paper.abstract ?? ''), weight: WEIGHT.abstract },
    ];
    return words.map((word) => Math.max(0, ...places.map((at) => (holds(at.text, word) ? at.weight : 0))));
  });
  const rarity = words.map((_, i) => Math.log(1 + papers.length / (1 + weights.filter((own) => own[i] !== 0).length)));
  const all = sum(rarity);
  return papers
    .map((paper, at) => {
      const own = weights[at] ?? [];
      const told = sum(rarity.map((rare, i) => (own[i] ? rare : 0)));
      return { paper, told, score: sum(rarity.map((rare, i) => rare * (own[i] ?? 0))) };
    })
    .filter(({ told }) => told > 0 && told >= LEAST * all)
    .sort((a, b) => b.score - a.score)
    .map(({ paper }) => paper);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0);
}

/** A word without the ending that its relatives do not share: "averaged" finds "averaging". */
function stem(word: string): string {
  return word.length > 5 ? word.replace(/(?:ings?|ed|e?s)$/, '') : word;
}

/** At the beginning of a word: "diffus" is found in "diffusion", "ion" is not. */
function holds(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return true;
  return false;
}
