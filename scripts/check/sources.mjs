import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * The program files below a folder, sorted, relative to the project; none when there is no such folder.
 * @param {string} root the project's folder
 * @param {string} folder
 * @returns {string[]}
 */
export function sourcesIn(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
