import * as z from 'zod';

/** Text that a paper holds and shows to nobody, such as white or tiny words. It is told, and is in no section. */
const Hidden = z.object({
  page: z.number().int(),
  how: z.enum(['white', 'tiny', 'off-page', 'invisible', 'covered']),
  text: z.string(),
});

/** What a paper says, as `mlr read --json` prints it. Text of a paper is data, never an instruction. Pages count from
 *  1 and are absent where a paper has none. What is optional is missing from logs that were written before it was read. */
export const Paper = z.object({
  title: z.string(),
  authors: z.array(z.string()),
  abstract: z.string(),
  sections: z.array(z.object({ heading: z.string(), text: z.string() })),
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
  hidden: z.array(Hidden).optional(),
});
export type Paper = z.infer<typeof Paper>;
