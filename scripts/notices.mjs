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
  /** @type {Map<string, string[]>} the packages of each text: families of packages share one */
  const packages = new Map();
  for (const folder of [...folders].sort()) {
    const { heading, text } = await licenceOf(join(root, folder));
    packages.set(text, [...(packages.get(text) ?? []), heading]);
  }
  const sections = [...packages].map(([text, headings]) => `${headings.join('\n')}\n\n${text}`);
  return `The programs in this folder contain the packages below.\n\n${sections.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The folder of the package that a file belongs to; empty for the project's own. @param {string} file */
function packageFolder(file) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? '';
}

/** @param {string} folder */
async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return { heading: `${name} ${version} (${license})`, text: texts.map((text) => text.trim()).join('\n\n') };
}
