import type { FoundPaper } from '../../domain/literature.ts';
import { arxivIdOfDoi, bareArxivId, bareDoi, titleKey } from './paperIds.ts';

/** How much the first ranks of a list count more than later ones.
 *  Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion, SIGIR 2009 (k = 60) */
const K = 60;

/** Years between a preprint and what it is published as. */
const YEARS_APART = 3;

/** Shorter titles, such as "Introduction", may be those of different works. Letters. */
const SHORT_TITLE = 12;

/** Several lists, each in its source's order, as one: records of the same work are joined, and what several sources put
 *  early comes first.
 *  @param lists the most trusted first: where records differ, theirs holds */
export function fuse(lists: readonly (readonly FoundPaper[])[]): FoundPaper[] {
  const works = new Works();
  for (const list of lists) for (const [rank, paper] of list.entries()) works.add(paper, 1 / (K + rank + 1));
  return works.best();
}

interface Joined {
  paper: FoundPaper;
  score: number;
  /** A source that names a work twice counts it once. */
  readonly sources: Set<string>;
}

class Works {
  private readonly all: Joined[] = [];
  private readonly known = new Map<string, Joined>();

  add(paper: FoundPaper, score: number): void {
    const same = keysOf(paper).map((key) => this.known.get(key));
    const work = same.find((one) => one !== undefined) ?? this.ofTitle(paper);
    if (work) {
      if (!work.sources.has(paper.source)) work.score += score;
      work.sources.add(paper.source);
      work.paper = joined(work.paper, paper);
      this.learn(work);
      return;
    }
    const begun: Joined = { paper, score, sources: new Set([paper.source]) };
    this.all.push(begun);
    this.learn(begun);
  }

  best(): FoundPaper[] {
    return this.all.sort((a, b) => b.score - a.score).map(({ paper }) => paper);
  }

  private learn(work: Joined): void {
    for (const key of keysOf(work.paper)) this.known.set(key, work);
    const title = titleOf(work.paper);
    if (title !== null && !this.known.has(title)) this.known.set(title, work);
  }

  /** Equal titles are the same work, unless ids or years contradict it. */
  private ofTitle(paper: FoundPaper): Joined | undefined {
    const title = titleOf(paper);
    const work = title === null ? undefined : this.known.get(title);
    return work && !contradicts(work.paper, paper) ? work : undefined;
  }
}

function keysOf({ doi, arxivId }: FoundPaper): string[] {
  const own = doi === undefined ? undefined : bareDoi(doi);
  const arxiv = arxivId ?? (own === undefined ? undefined : arxivIdOfDoi(own));
  return [
    ...(own === undefined ? [] : [`doi:${own}`]),
    ...(arxiv === undefined ? [] : [`arxiv:${bareArxivId(arxiv).toLowerCase()}`]),
  ];
}

function titleOf({ title }: FoundPaper): string | null {
  const key = titleKey(title);
  return key.length < SHORT_TITLE ? null : `title:${key}`;
}

function contradicts(a: FoundPaper, b: FoundPaper): boolean {
  if (a.year !== null && b.year !== null && Math.abs(a.year - b.year) > YEARS_APART) return true;
  return a.arxivId !== undefined && b.arxivId !== undefined && bareArxivId(a.arxivId) !== bareArxivId(b.arxivId);
}

/** The first record, with what it lacks from the other. */
function joined(first: FoundPaper, other: FoundPaper): FoundPaper {
  const alsoIn = [...new Set([...(first.alsoIn ?? []), ...(other.source === first.source ? [] : [other.source])])];
  const citations = Math.max(first.citations ?? -1, other.citations ?? -1);
  return {
    ...other,
    ...first,
    // A DOI that arXiv gave goes behind a publisher's.
    ...(first.doi !== undefined &&
      other.doi !== undefined &&
      arxivIdOfDoi(first.doi) !== undefined && { doi: other.doi }),
    year: first.year ?? other.year,
    authors: first.authors.length > 0 ? first.authors : other.authors,
    ...(citations >= 0 && { citations }),
    ...(alsoIn.length > 0 && { alsoIn }),
  };
}
