import { homedir } from 'node:os';
import path from 'node:path';

/** A file of the person's own, whatever workspace is open: prices, what a model did when it was tried. */
export function ownFile(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  return path.join(environment.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'mlr', name);
}
