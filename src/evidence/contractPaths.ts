import type { Contract } from '../domain/contract.ts';

/** Paths of the inputs as a run sees them, relative to the workspace folder. */
export function inputPaths(contract: Pick<Contract, 'inputs'>): string[] {
  return contract.inputs.map((input) => trimSlash(typeof input === 'string' ? input : input.as));
}

/** Whether `path` is `root` or lies below it. */
export function isWithin(path: string, root: string): boolean {
  const top = trimSlash(root);
  return path === top || path.startsWith(`${top}/`);
}

/** A path without the dot in front and the slash behind. */
export function trimSlash(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '');
}
