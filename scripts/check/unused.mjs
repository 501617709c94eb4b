import { fileURLToPath } from 'node:url';
import { runTool } from './step.mjs';

const reporter = fileURLToPath(new URL('unusedReport.mjs', import.meta.url));

/**
 * Finds files, exports and packages that nothing uses, and packages that are used but not declared.
 * @param {string} root the project's folder
 * @returns {Promise<import('./step.mjs').Outcome>}
 */
export async function checkUnused(root) {
  return JSON.parse(
    await runTool(root, 'knip/bin/knip.js', ['--no-progress', '--no-config-hints', '--reporter', reporter]),
  );
}
