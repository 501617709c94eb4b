import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { plainPdf } from './plainPdf.mjs';

/** Reading may cost so many times what the library's bare text extraction costs on the same file. */
const MOST = 1.5;
/** Memory that 800 pages may take, MiB. */
const MEMORY = 300;

/**
 * What reading a PDF costs a page, on the papers beside the repository or else on those of its corpus, beside the PDF
 * library's bare text extraction in the same process, and pdftotext where it is installed; and the memory of 800 pages.
 * @param {{ root: string, quick: boolean }} options
 * @returns {import('../bench.mjs').Figure[]}
 */
export function reading({ root, quick }) {
  const place = mkdtempSync(join(tmpdir(), 'mlr-bench-reading-'));
  try {
    const bundle = bundled(root, place);
    const files = papersOf(root).slice(0, quick ? 1 : undefined);
    const costs = files.map((file) => ({ file, ...measured([bundle, file, quick ? '3' : '7']), ...pdftotext(file) }));
    const mean = (/** @type {(cost: typeof costs[number]) => number} */ of) =>
      costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length;
    const long = join(place, 'long.pdf');
    writeFileSync(long, plainPdf(800));
    const book = measured([bundle, long, '1', 'own']);
    const worst = Math.max(...costs.map((cost) => cost.own / cost.bare));
    const peer = costs.every(({ poppler }) => poppler !== null) ? mean(({ poppler }) => poppler ?? 0) : null;
    return [
      {
        name: `reading ${costs.length} papers in PDF, processor time`,
        unit: 'ms/page',
        value: mean(({ own }) => own),
        peer: { name: "pdf.js's bare text extraction", value: mean(({ bare }) => bare) },
        limit: { name: 'the worst paper', unit: 'times its bare extraction', value: worst, most: MOST },
        detail: costs,
      },
      ...(peer === null
        ? []
        : [
            {
              name: 'the same, beside poppler',
              unit: 'ms/page',
              value: mean(({ own }) => own),
              peer: { name: 'pdftotext', value: peer },
              detail: {},
            },
          ]),
      {
        name: 'reading a PDF of 800 pages',
        unit: 'MiB',
        value: book.memory / 2 ** 20,
        peer: { name: 'one paper', value: Math.max(...costs.map(({ memory }) => memory)) / 2 ** 20 },
        limit: { name: 'most memory held', value: book.memory / 2 ** 20, most: MEMORY },
        detail: book,
      },
    ];
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** @param {string} root */
function papersOf(root) {
  const beside = join(process.env.MLR_SHARED ?? join(root, '..', 'shared'), 'papers');
  const folder = existsSync(beside) ? beside : join(root, 'test', 'corpora', 'papers');
  const names = readdirSync(folder).filter((name) => name.endsWith('.pdf') && name !== 'scanned.pdf');
  return names.map((name) => join(folder, name));
}

/** The reader and the library in one file, so that both use the same copy. @param {string} root @param {string} place */
function bundled(root, place) {
  const outfile = join(place, 'reader.mjs');
  buildSync({
    stdin: {
      contents: "export { readPaper } from './src/papers/read.ts'; export { getDocumentProxy } from 'unpdf';",
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    outfile,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

/** @param {string[]} words @returns {{ pages: number, own: number, bare: number, memory: number }} */
function measured(words) {
  const child = join(import.meta.dirname, 'readingChild.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [child, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`reading ${words[1]} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Milliseconds a page, its own start included; null where it is not installed. @param {string} file */
function pdftotext(file) {
  const began = performance.now();
  const { status, stdout } = spawnSync('pdftotext', [file, '-'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) return { poppler: null };
  return { poppler: (performance.now() - began) / Math.max(1, stdout.split('\f').length - 1) };
}
