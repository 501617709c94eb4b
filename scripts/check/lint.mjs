import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './step.mjs';

/**
 * Lints, checks the order of imports and the format, with the rules of biome.json.
 * @param {string} root the project's folder
 * @returns {Promise<import('./step.mjs').Outcome>}
 */
export async function checkLint(root) {
  if (!existsSync(join(root, 'src'))) return { looked: { sources: 0, files: 0 }, problems: [] };
  // One cheap rule is enough to count what Biome sees in src/; the second run has all rules, and sees everything.
  const sources = await biome(root, ['lint', '--only=suspicious/noDebugger', 'src']);
  const { summary, diagnostics } = await biome(root, ['check', '.']);
  return {
    looked: { sources: filesIn(sources.summary), files: filesIn(summary) },
    problems: diagnostics
      .filter(({ severity }) => severity === 'error' || severity === 'fatal')
      .map(({ category, message, location }) => ({
        rule: category ?? 'biome',
        place: location ? `${location.path}:${location.start?.line ?? 0}` : 'biome.json',
        message,
      })),
  };
}

/** @param {string} root @param {string[]} words @returns {Promise<Report>} */
async function biome(root, words) {
  const argv = [...words, '--reporter=json', '--max-diagnostics=none'];
  return JSON.parse(await runTool(root, '@biomejs/biome/bin/biome', argv));
}

/** @param {Report['summary']} summary */
function filesIn({ changed, unchanged }) {
  return changed + unchanged;
}

/**
 * @typedef {{ severity: string, category?: string, message: string, location?: { path: string, start?: { line: number } } }} Diagnostic
 * @typedef {{ summary: { changed: number, unchanged: number }, diagnostics: Diagnostic[] }} Report
 */
