import { basename, dirname } from 'node:path';
import { listFiles } from '../listFiles.ts';
import { readText } from '../readText.ts';

/** A module that the workspace's own code imports and does not bring. */
export interface ImportedModule {
  readonly module: string;
  /** The first file that imports it. */
  readonly by: string;
}

const MOST_FILES = 150;
const LARGEST = 200_000;
/** Imports that are not indented: those within `try` or a function can do without. */
const IMPORT = /^(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+([\w., \t]+))/gm;

/** What the Python files of a workspace need to be installed, tests left out; nothing of it is run. */
export async function importedModules(root: string): Promise<ImportedModule[]> {
  const { files } = await listFiles(root);
  const python = files.filter(
    ({ path, bytes }) => path.endsWith('.py') && bytes < LARGEST && !/(?:^|\/)tests?\//.test(path),
  );
  const brought = new Set(python.flatMap(({ path }) => [basename(path, '.py'), ...dirname(path).split('/')]));
  const found = new Map<string, string>();
  for (const { path } of python.slice(0, MOST_FILES)) {
    const read = await readText(root, path);
    if (!read.ok) continue;
    for (const module of modulesIn(read.text)) if (!brought.has(module) && !found.has(module)) found.set(module, path);
  }
  return [...found].map(([module, by]) => ({ module, by }));
}

function modulesIn(text: string): string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, from, plain = '']) => {
    if (from !== undefined) return [from];
    return plain.split(',').flatMap((part) => /^[A-Za-z_]\w*/.exec(part.trim())?.[0] ?? []);
  });
}

/** What a module is called where it is installed from. */
const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  sklearn: 'scikit-learn',
  skimage: 'scikit-image',
  cv2: 'opencv-python',
  PIL: 'pillow',
  yaml: 'pyyaml',
  hydra: 'hydra-core',
  bs4: 'beautifulsoup4',
};

export function distributionOf(module: string): string {
  return DISTRIBUTIONS[module] ?? module;
}
