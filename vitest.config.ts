import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin } from 'vitest/config';

/** Prompts are Markdown, queries tree-sitter's; the bundles load them as text (scripts/build.mjs), and so do the tests. */
const asText: Plugin = {
  name: 'as-text',
  enforce: 'pre',
  async load(id) {
    if (!/\.(?:md|scm)$/.test(id)) return null;
    return `export default ${JSON.stringify(await readFile(id, 'utf8'))};`;
  },
};

export default defineConfig({
  plugins: [asText],
  test: {
    // vitest leaves one processor free, which on a machine with two means one file after the other; tests here mostly
    // wait for git and Python.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          exclude: ['test/unit/check/**'],
          // Loading the modules anew for every file took longer than the tests; what a test sets is taken back after it.
          isolate: false,
          unstubEnvs: true,
          unstubGlobals: true,
          restoreMocks: true,
          // Seconds on a free machine; a busy one must not fail a test that only waited for its turn.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'check',
          include: ['test/unit/check/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // Its sessions wait for their runs more than they compute.
          maxWorkers: 3,
          globalSetup: 'test/hosts/plainPython.ts',
          testTimeout: 300_000,
          // What they leave behind may be a hundred thousand files.
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'redteam',
          include: ['test/redteam/**/*.test.ts'],
          globalSetup: 'test/hosts/plainPython.ts',
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          maxConcurrency: 6,
        },
      },
    ],
  },
});
