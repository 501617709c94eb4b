import type { IdeaSet } from '../../domain/idea.ts';
import type { Paper } from '../../domain/paper.ts';
import { findQuotation } from '../../papers/quotation.ts';
import { isQuotedFrom, quotedPart } from '../../papers/quotedWords.ts';
import type { CitableWork } from './literature.ts';

type Dropped = NonNullable<IdeaSet['dropped']>[number];

/** Fewer words stand in any text by chance. */
const FEWEST_WORDS = 3;
const PASSAGE = /[“"]([^“”"\n]+)[”"]/g;
/** Keys as running text cites them; without brackets, `W1` may be a matrix. */
const KEYS = /\s*\[([RW]\d+(?:\s*[,;]\s*[RW]\d+)*)\]/g;

/** Checks what a model said against what it rests on, and keeps count of what stands nowhere. */
export class Grounding {
  readonly dropped: Dropped[] = [];
  private readonly paper: Paper | null;
  private readonly works: ReadonlyMap<string, CitableWork>;

  constructor(paper: Paper | null, works: readonly CitableWork[]) {
    this.paper = paper;
    this.works = new Map(works.map((work) => [work.key, work]));
  }

  /** Where in the paper a quotation stands, by the section's heading and its page; null where it does not, and it is
   *  dropped. */
  place(quotation: string, where: string): { section: string; page?: number } | null {
    const part = wordsIn(quotation) < FEWEST_WORDS || this.paper === null ? null : quotedPart(this.paper, quotation);
    if (part === null || this.paper === null) {
      this.dropped.push({ kind: 'quotation', text: quotation, where });
      return null;
    }
    const page = findQuotation(this.paper, quotation)?.page ?? 0;
    return { section: part.heading, ...(page > 0 && { page }) };
  }

  /** The work of a key, written `W3` or `[W3]`; null where there is none, and it is dropped. */
  work(key: string, where: string): CitableWork | null {
    const found = this.works.get(/[RW]\d+/.exec(key)?.[0] ?? '') ?? null;
    if (found === null) this.dropped.push({ kind: 'citation', text: key, where });
    return found;
  }

  /** Running text: a passage in quotation marks that stands in neither the paper nor a work's abstract loses the marks,
   *  and the key of a work that nobody found goes. */
  words(text: string, where: string): string {
    const unquoted = text.replace(PASSAGE, (whole: string, passage: string) => {
      if (wordsIn(passage) < FEWEST_WORDS || this.isQuoted(passage)) return whole;
      this.dropped.push({ kind: 'quotation', text: passage, where });
      return passage;
    });
    return unquoted.replace(KEYS, (_, listed: string) => {
      const keys = listed.split(/\s*[,;]\s*/).filter((key) => this.work(key, where) !== null);
      return keys.length === 0 ? '' : ` [${keys.join(', ')}]`;
    });
  }

  private isQuoted(passage: string): boolean {
    if (this.paper !== null && quotedPart(this.paper, passage) !== null) return true;
    return [...this.works.values()].some(
      ({ title, text }) => isQuotedFrom(title, passage) || isQuotedFrom(text, passage),
    );
  }
}

function wordsIn(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}
