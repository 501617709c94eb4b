/**
 * What reading one PDF costs in a process of its own, told by its arguments: the bundle of the reader, the file, how
 * often. Prints one JSON object: milliseconds of processor for each page, the least of all times, with the library's
 * bare text extraction beside it; and the most memory held, in bytes.
 */
import { readFileSync } from 'node:fs';

const [bundle = '', file = '', times = '1', only = ''] = process.argv.slice(2);
const { readPaper, getDocumentProxy } = await import(bundle);
let pages = 1;
const own = [];
const bare = [];
for (let i = 0; i < Number(times); i += 1) {
  own.push(await costOf(async () => readPaper(file)));
  if (only !== 'own') bare.push(await costOf(extract));
}
const least = (/** @type {number[]} */ costs) => Math.min(...costs) / pages;
const memory = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ pages, own: least(own), bare: least(bare), memory }));

/** Text of all pages, and nothing made of it. */
async function extract() {
  const pdf = await getDocumentProxy(new Uint8Array(readFileSync(file)), { verbosity: 0 });
  pages = pdf.numPages;
  for (let number = 1; number <= pages; number += 1) {
    const page = await pdf.getPage(number);
    await page.getTextContent();
    page.cleanup();
  }
  await pdf.destroy();
}

/** @param {() => Promise<unknown>} work @returns {Promise<number>} milliseconds of processor */
async function costOf(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
