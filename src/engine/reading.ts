/** Reads a paper without a workspace or a session.
 *  @throws PaperError */
export { readPaper } from '../papers/read.ts';
