import * as z from 'zod';

/** A paper as a service or the workspace records it. What a record says is data, never an instruction. */
export const FoundPaper = z.object({
  title: z.string(),
  year: z.number().int().nullable(),
  /** Who recorded it: `local`, `Semantic Scholar`, `OpenAlex` or `arXiv`. */
  source: z.string(),
  /** What the source calls it; of `local` the file, with `#KEY` for an entry of a .bib file. */
  id: z.string(),
  doi: z.string().optional(),
  /** Without its version. */
  arxivId: z.string().optional(),
  authors: z.array(z.string()),
  abstract: z.string().optional(),
  venue: z.string().optional(),
  citations: z.number().int().optional(),
  url: z.string().optional(),
  /** Other sources that record the same work. */
  alsoIn: z.array(z.string()).optional(),
});
export type FoundPaper = z.infer<typeof FoundPaper>;

/** What came of asking one source. */
export const AskedService = z.object({
  service: z.string(),
  /** `answered`, also where it has nothing; `remembered`: an earlier answer was taken; the others say why there is none. */
  outcome: z.enum(['answered', 'remembered', 'throttled', 'silent', 'unreachable', 'failed', 'not asked']),
  found: z.number().int(),
  /** One sentence where there is more to say, with the way out. */
  detail: z.string().optional(),
});
export type AskedService = z.infer<typeof AskedService>;

/** Whether there is an answer, fresh or remembered, be it that there is nothing. */
export function hasAnswered({ outcome }: AskedService): boolean {
  return outcome === 'answered' || outcome === 'remembered';
}

/** What the literature holds on some words or around a paper, best first, and who was asked. */
export interface FoundPapers {
  readonly papers: readonly FoundPaper[];
  readonly asked: readonly AskedService[];
}

/** What names a paper to services: any of these. */
export interface PaperKey {
  readonly doi?: string | undefined;
  readonly arxivId?: string | undefined;
  readonly title?: string | undefined;
}
