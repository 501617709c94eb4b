import type { Contract } from '../domain/contract.ts';
import { splitWords } from './command.ts';
import { nearest, type Problem } from './contractIssues.ts';
import { inputPaths, isWithin, trimSlash } from './contractPaths.ts';
import { EvidenceError } from './evidenceError.ts';

const COMMAND_KEYS = ['run', 'evaluate', 'validate', 'prepare', 'trivial', 'pilot'] as const;

/** Commands that are no words. */
export function commandProblems(contract: Contract): Problem[] {
  const commands = COMMAND_KEYS.map((key) => ({ path: [key] as string[], command: contract[key] }));
  return [...commands, { path: ['final', 'evaluate'], command: contract.final?.evaluate }].flatMap(
    ({ path, command }) => {
      if (command === undefined) return [];
      try {
        return splitWords(command).length > 0 ? [] : [{ path, text: 'expected a command' }];
      } catch (error) {
        if (!(error instanceof EvidenceError)) throw error;
        return [{ path, text: error.message }];
      }
    },
  );
}

/** Files that the contract names and nobody has.
 *  @param files among which the nearest is looked for */
export function missingFiles(
  contract: Contract,
  exists: (path: string) => boolean,
  files: readonly string[],
): Problem[] {
  return filesNamed(contract)
    .filter(({ file }) => !exists(whereItLies(contract, trimSlash(file))))
    .map(({ path, file }) => {
      const near = nearestFile(file, files);
      const text = `no file \`${file}\` in the workspace folder`;
      if (near === null) return { path, text };
      return { path, text: `${text}; did you mean \`${near}\`?`, mend: { what: 'value', text: quoted(near) } };
    });
}

interface Named {
  readonly path: PropertyKey[];
  readonly file: string;
}

function filesNamed(contract: Contract): Named[] {
  const list = (path: PropertyKey[], files: readonly string[] = []): Named[] =>
    files.map((file, index) => ({ path: [...path, index], file }));
  const inputs = contract.inputs.map((input, index) =>
    typeof input === 'string'
      ? { path: ['inputs', index], file: input }
      : { path: ['inputs', index, 'from'], file: input.from },
  );
  return [
    ...inputs,
    ...list(['protected'], contract.protected),
    ...list(['hidden'], contract.hidden),
    ...list(['train'], contract.train),
    ...list(['test'], contract.test),
    ...(contract.labels ? [{ path: ['labels', 'file'], file: contract.labels.file }] : []),
    ...list(['final', 'hidden'], contract.final?.hidden),
  ];
}

/** What lies in an input that comes from elsewhere is looked for there. */
function whereItLies(contract: Contract, file: string): string {
  for (const input of contract.inputs) {
    if (typeof input === 'string' || !isWithin(file, input.as)) continue;
    return trimSlash(input.from) + file.slice(trimSlash(input.as).length);
  }
  return file;
}

/** The one file of the same name, else the nearest path. */
function nearestFile(file: string, files: readonly string[]): string | null {
  const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const sameName = files.filter((path) => name(path) === name(file));
  if (sameName.length > 0) return sameName.length === 1 ? (sameName[0] ?? null) : null;
  return nearest(file, files);
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : JSON.stringify(path);
}

/** Files with two roles that exclude each other, and seeds that are listed twice. */
export function clashes(contract: Contract): Problem[] {
  const inputs = inputPaths(contract);
  const secrets = [
    ...contract.hidden.map((file, index) => ({ path: ['hidden', index], file })),
    ...(contract.final?.hidden ?? []).map((file, index) => ({ path: ['final', 'hidden', index], file })),
  ];
  const hidden = secrets.flatMap(({ path: place, file }) => {
    const input = inputs.find((path) => isWithin(trimSlash(file), path) || isWithin(path, file));
    if (input === undefined) return [];
    return [{ path: place, text: `\`${file}\` is also an input (\`${input}\`), which a run may read` }];
  });
  const varies = contract.varies.flatMap((file, index) => {
    const held = [...contract.protected, ...(contract.test ?? [])].find((path) => isWithin(file, path));
    if (held === undefined) return [];
    return [{ path: ['varies', index], text: `\`${file}\` is protected or a test file, so no arm may change it` }];
  });
  const seeds = Array.isArray(contract.seeds) ? contract.seeds : [];
  const twice = seeds.findIndex((seed, index) => seeds.indexOf(seed) !== index);
  return twice < 0
    ? [...hidden, ...varies]
    : [...hidden, ...varies, { path: ['seeds', twice], text: `seed ${seeds[twice]} is listed twice` }];
}
