import { posix } from 'node:path';
import type { FileFacts } from '../symbols/facts.ts';

/** A file as the map sees it. */
export interface MapFile {
  readonly path: string;
  readonly facts: FileFacts;
  /** Files that import it. */
  readonly importedBy: number;
  /** By name: in how many files something calls a definition of it. */
  readonly callers: ReadonlyMap<string, number>;
  /** How much it has to do with what was asked about, 0 to 1. */
  readonly relevance: number;
}

/** Not what a workspace is about: tests, documentation, packaging, what is copied in. */
const ASIDE =
  /(?:^|\/)(?:tests?|testing|benchmarks?|docs?|doc|examples?|vendor|third_party|_vendor|externals?|\.github)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest|setup|conf|noxfile|tasks|versioneer|_version)\.py$/;

const TESTS = /(?:^|\/)tests?\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/;

export function isTest(path: string): boolean {
  return TESTS.test(path);
}

export function isAside(path: string): boolean {
  return ASIDE.test(path);
}

/** How often each file is imported by others, by Python's rules as far as names tell. */
export function importCounts(files: readonly { path: string; facts: FileFacts }[]): Map<string, number> {
  const byModule = modulePaths(files.map(({ path }) => path));
  const counts = new Map<string, number>();
  for (const { path, facts } of files) {
    const found = new Set(facts.imports.flatMap(({ text }) => targetsOf(text, path, byModule)));
    found.delete(path);
    for (const target of found) counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  return counts;
}

/** In how many files each name is called. */
export function callCounts(files: readonly { facts: FileFacts }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { facts } of files) {
    const called = new Set(facts.symbols.flatMap(({ calls }) => calls));
    for (const name of called) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** By every dotted ending of its path: `src/pkg/model.py` is `model`, `pkg.model` and `src.pkg.model`. */
function modulePaths(paths: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of paths) {
    if (!path.endsWith('.py')) continue;
    const parts = path.replace(/(?:\/__init__)?\.py$/, '').split('/');
    for (let from = parts.length - 1; from >= 0; from -= 1) {
      const module = parts.slice(from).join('.');
      // The shorter path is meant where two end alike.
      if (!found.has(module) || path.length < (found.get(module)?.length ?? 0)) found.set(module, path);
    }
  }
  return found;
}

function targetsOf(text: string, path: string, byModule: ReadonlyMap<string, string>): string[] {
  const [, dots = '', from = '', names = ''] = /^from\s+(\.*)([\w.]*)\s+import\s+(.+)$/.exec(text) ?? [];
  const base =
    dots === ''
      ? ''
      : `${posix
          .join(posix.dirname(path), '../'.repeat(dots.length - 1))
          .replace(/^\.$|\/$/g, '')
          .replaceAll('/', '.')}.`;
  const modules =
    names === ''
      ? text
          .replace(/^import\s+/, '')
          .split(',')
          .map((part) => part.trim().split(/\s/)[0] ?? '')
      : [
          base + from,
          ...names
            .replace(/[()]/g, '')
            .split(',')
            .map((name) => `${base}${from === '' ? '' : `${from}.`}${name.trim().split(/\s/)[0]}`),
        ];
  return modules.flatMap((module) => byModule.get(module.replace(/^\.|\.$/g, '')) ?? []);
}
