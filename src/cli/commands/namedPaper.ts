import { statSync } from 'node:fs';
import path from 'node:path';
import { isPaperAddress } from '../../engine/finding.ts';
import { UsageError } from '../usageError.ts';

/** A paper as it was named: a file by its whole path, since the engine may work in another folder; anything else that
 *  names a paper as it is. A misspelt file must not leave a session behind that failed before it began.
 *  @throws UsageError where there is no such file, and it is no arXiv id, DOI or address */
export async function namedPaper(named: string, flag: string): Promise<string> {
  const file = path.resolve(named);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  if (await isPaperAddress(named)) return named;
  throw new UsageError(
    `${file}: there is no such file; ${flag} takes the path of one, an arXiv id, a DOI or an address.`,
  );
}
