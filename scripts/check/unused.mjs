import { join, relative } from 'node:path';
import { createOptions, createSession } from 'knip/session';
import { sourcesIn } from './sources.mjs';

/**
 * Finds files, exports and packages that nothing uses, and packages that are used but not declared.
 * @param {string} root the project's folder
 * @returns {Promise<import('./step.mjs').Outcome>}
 */
export async function checkUnused(root) {
  const session = await createSession(await createOptions({ cwd: root, isSession: true }));
  const { issues } = session.getResults();
  const reached = sourcesIn(root, 'src').filter((file) => session.describeFile(join(root, file)));
  return {
    looked: { files: reached.length },
    problems: Object.entries(issues).flatMap(([type, byFile]) =>
      Object.values(byFile).flatMap((symbols) => problemsOf(type, symbols, root)),
    ),
  };
}

/** @param {string} type @param {Record<string, import('knip/session').Issue>} symbols @param {string} root */
function problemsOf(type, symbols, root) {
  return Object.values(symbols).map(({ filePath, symbol, line }) => ({
    rule: type,
    place: relative(root, filePath) + (line ? `:${line}` : ''),
    message: type === 'files' ? 'nothing imports this file' : `${symbol}: nothing uses it, or it is not declared`,
  }));
}
