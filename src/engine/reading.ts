import type { Paper } from '../domain/paper.ts';

/** Reads a paper without a workspace or a session.
 *  @throws PaperError */
export async function readPaperFile(file: string): Promise<Paper> {
  const { readPaper } = await import('../papers/read.ts');
  return readPaper(file);
}
