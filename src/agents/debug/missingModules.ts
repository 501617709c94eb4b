import type { Traceback } from '../../runs/traceback.ts';
import { distributionOf } from '../../workspace/environment/imports.ts';
import { type Interpreter, interpretersOf } from '../../workspace/environment/interpreters.ts';
import type { LookingPlace } from '../lookingPlace.ts';

const NAMED = /No module named '([A-Za-z_]\w*)/;

/** What this machine's Pythons have in the place of a module that a failed run did not find; '' where no run lacked one.
 *  @param chosen the interpreter or environment that the contract names */
export async function missingModules(
  failures: readonly { readonly traceback: Traceback | null }[],
  { root, workspace }: LookingPlace,
  chosen?: string,
): Promise<string> {
  const modules = [...new Set(failures.flatMap(({ traceback }) => lacked(traceback)))].sort();
  if (modules.length === 0) return '';
  const pythons = await interpretersOf(workspace ?? root, modules);
  const names = modules.map((module) => {
    const installed = distributionOf(module);
    return installed === module ? module : `${module} (installed as ${installed})`;
  });
  return [
    `Not found by a run: ${names.join(', ')}. A package cannot be installed from here: do without it. A module of the workspace has another name or place.`,
    `The Pythons of this machine; runs use ${chosen ?? 'the one of the editor, else python3'}:`,
    ...pythons.map((python) => pythonInWords(python, modules)),
  ].join('\n');
}

function lacked(traceback: Traceback | null): string[] {
  if (traceback === null) return [];
  const own = traceback.error === 'ModuleNotFoundError' ? NAMED.exec(traceback.message)?.[1] : undefined;
  return [...(own === undefined ? [] : [own]), ...lacked(traceback.cause)];
}

function pythonInWords({ name, version, packages, lacks, problem }: Interpreter, modules: readonly string[]): string {
  if (problem !== null) return `- ${name}: ${problem}`;
  // Only of some Pythons it was looked up what they lack; what they have is known of the usual packages of each.
  const there = modules.filter((module) => packages[distributionOf(module)] !== undefined);
  const has = Object.entries(packages).map(([one, number]) => `${one} ${number}`);
  const verdict = [
    lacks.length === 0 ? '' : `lacks ${lacks.join(', ')}`,
    there.length === 0 ? '' : `has ${there.join(', ')}`,
    `packages: ${has.length === 0 ? 'none of the usual' : has.join(', ')}`,
  ];
  return `- ${name} ${version ?? ''}: ${verdict.filter((part) => part !== '').join('; ')}`;
}
