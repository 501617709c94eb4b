import { runTool } from './step.mjs';

/**
 * Lints, checks the order of imports and the format, with the rules of biome.json.
 * @param {string} root the project's folder
 * @returns {Promise<import('./step.mjs').Outcome>}
 */
export async function checkLint(root) {
  const printed = await runTool(root, '@biomejs/biome/bin/biome', [
    'check',
    '--reporter=json',
    '--max-diagnostics=none',
    '.',
  ]);
  const { summary, diagnostics } = JSON.parse(printed);
  return {
    looked: { files: summary.changed + summary.unchanged },
    problems: diagnostics
      .filter((/** @type {Diagnostic} */ { severity }) => severity === 'error' || severity === 'fatal')
      .map((/** @type {Diagnostic} */ { category, message, location }) => ({
        rule: category ?? 'biome',
        place: location ? `${location.path}:${location.start?.line ?? 0}` : 'biome.json',
        message,
      })),
  };
}

/** @typedef {{ severity: string, category?: string, message: string, location?: { path: string, start?: { line: number } } }} Diagnostic */
