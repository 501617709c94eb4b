import { relative } from 'node:path';

/**
 * A knip reporter that prints an Outcome as JSON, with how many files knip looked at.
 * @param {import('knip').ReporterOptions} options
 */
export default function report({ issues, counters, cwd }) {
  const problems = Object.entries(issues)
    .filter(([type]) => type !== '_files')
    .flatMap(([type, byFile]) => Object.values(byFile).flatMap((symbols) => problemsOf(type, symbols, cwd)));
  process.stdout.write(JSON.stringify({ looked: { files: counters.processed }, problems }));
}

/** @param {string} type @param {Record<string, { filePath: string, symbol: string, line?: number }>} symbols @param {string} cwd */
function problemsOf(type, symbols, cwd) {
  return Object.values(symbols).map(({ filePath, symbol, line }) => ({
    rule: type,
    place: relative(cwd, filePath) + (line ? `:${line}` : ''),
    message: type === 'files' ? 'nothing imports this file' : `${symbol}: nothing uses it, or it is not declared`,
  }));
}
