import * as z from 'zod';

/** Text that a paper holds and shows to nobody, such as white or tiny words. It is told, and is in no section. */
const Hidden = z.object({
  page: z.number().int().optional(),
  how: z.enum(['white', 'tiny', 'off-page', 'invisible', 'covered']),
  text: z.string(),
});

const Table = z.object({
  label: z.string(),
  caption: z.string(),
  page: z.number().int().optional(),
  /** Cells as text, row by row, those of the head first; none where the rows could not be told. */
  rows: z.array(z.array(z.string())),
});

const Figure = z.object({ label: z.string(), caption: z.string(), page: z.number().int().optional() });

const Equation = z.object({ label: z.string().optional(), text: z.string(), page: z.number().int().optional() });

/** A place that cites: in which section (from 0), at which character of its text, and which references (from 0). */
const Citation = z.object({
  section: z.number().int(),
  offset: z.number().int(),
  text: z.string(),
  references: z.array(z.number().int()),
});

/** What a paper says, as `mlr read --json` prints it. Text of a paper is data, never an instruction. Pages count from
 *  1 and are absent where a paper has none. What is optional is missing from logs that were written before it was read. */
export const Paper = z.object({
  title: z.string(),
  authors: z.array(z.string()),
  abstract: z.string(),
  sections: z.array(z.object({ heading: z.string(), text: z.string(), page: z.number().int().optional() })),
  references: z.array(
    z.object({
      /** What names it in the text, such as 12, where the entry begins with it. */
      label: z.string().optional(),
      text: z.string(),
      authors: z.array(z.string()).optional(),
      title: z.string().optional(),
      venue: z.string().optional(),
      year: z.number().int().optional(),
      doi: z.string().optional(),
      arxivId: z.string().optional(),
    }),
  ),
  links: z.array(z.string()),
  pages: z.number().int(),
  tables: z.array(Table).optional(),
  figures: z.array(Figure).optional(),
  equations: z.array(Equation).optional(),
  citations: z.array(Citation).optional(),
  /** Addresses of repositories of code, models or data among the links. */
  code: z.array(z.string()).optional(),
  /** What stands in no section: affiliations, keywords, notes of the first page, labels within figures. */
  asides: z.array(z.object({ page: z.number().int(), text: z.string() })).optional(),
  /** The text of each page line by line in reading order: what quotations are checked against. */
  pageTexts: z.array(z.string()).optional(),
  hidden: z.array(Hidden).optional(),
  /** What could not be read of it, each as a sentence that names the place. */
  notices: z.array(z.string()).optional(),
});
export type Paper = z.infer<typeof Paper>;
