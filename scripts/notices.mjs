import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The notices that the licences of bundled packages ask for: name, version and licence text of each.
 * @param {string} root the project's folder
 * @param {string[]} files every file that went into dist/, relative to it
 * @returns {Promise<string>}
 */
export async function notices(root, files) {
  const folders = new Set(files.map(packageFolder).filter((folder) => folder !== ''));
  const sections = await Promise.all([...folders].sort().map((folder) => section(join(root, folder))));
  return `The programs in this folder contain the packages below.\n\n${sections.join('\n\n')}\n`;
}

/** The folder of the package that a file belongs to; empty for the project's own. @param {string} file */
function packageFolder(file) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? '';
}

/** @param {string} folder */
async function section(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const texts = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const bodies = await Promise.all(texts.map((file) => readFile(join(folder, file), 'utf8')));
  const heading = `${name} ${version} (${license})`;
  return [heading, '-'.repeat(heading.length), ...bodies.map((body) => body.trim())].join('\n');
}
