import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './step.mjs';

/**
 * Checks who imports whom, with the rules of .dependency-cruiser.cjs.
 * @param {string} root the project's folder
 * @returns {Promise<import('./step.mjs').Outcome>}
 */
export async function checkLayering(root) {
  const folders = ['src', 'test'].filter((folder) => existsSync(join(root, folder)));
  if (!folders.includes('src')) return { looked: { modules: 0, edges: 0 }, problems: [] };
  const argv = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  const { summary, modules } = JSON.parse(await runTool(root, 'dependency-cruiser/bin/dependency-cruise.mjs', argv));
  return {
    looked: {
      modules: modules.filter((/** @type {{ source: string }} */ { source }) => source.startsWith('src/')).length,
      edges: summary.totalDependenciesCruised,
    },
    problems: summary.violations.map((/** @type {Violation} */ { rule, from, to, comment }) => ({
      rule: rule.name,
      place: from,
      message: `imports ${to}${comment ? `: ${comment}` : ''}`,
    })),
  };
}

/** @typedef {{ rule: { name: string }, from: string, to: string, comment?: string }} Violation */
