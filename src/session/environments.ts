import { existsSync, readFileSync } from 'node:fs';
import { type Contract, containerOf } from '../domain/contract.ts';
import type { Arm } from '../domain/evidence.ts';
import { environmentFolder, lockIn } from '../runs/runFolder.ts';
import type { Desk } from './desk.ts';
import { type Recipe, recipeOf } from './environmentRecipe.ts';
import { SessionError } from './errors.ts';
import { commandsOf, makeEnvironment } from './makeEnvironment.ts';
import { record } from './recordEvent.ts';
import type { SessionState } from './state.ts';

/** Gates about packages begin so; what was approved is read from them. */
export const INSTALL = 'install:';

/** Gives each arm the environment that its own lock files ask for, made where nobody has made it. Without `prepare` and
 *  without approved packages arms are left as they are: runs use the chosen interpreter.
 *  @param asks whether a person is asked first: where an agent changed what is installed (`changed`), or always
 *  @throws SessionError `bad-input` where it cannot be made, or a person declined */
export async function withEnvironments(
  desk: Desk,
  contract: Contract,
  arms: readonly Arm[],
  asks: 'never' | 'changed' | 'always' = 'never',
): Promise<Arm[]> {
  const approved = approvedPackages(desk.session.state);
  if (contract.prepare === undefined && approved.length === 0 && arms.every(({ packages }) => !packages))
    return [...arms];
  if (containerOf(contract) !== null) {
    throw new SessionError(
      'bad-input',
      'mlr.yaml `prepare`: a container brings its own packages; leave this key out, and put them into the image.',
    );
  }
  const { repository, ports } = desk;
  const setting = { contract, workspace: ports.workspace, repository };
  const recipes = new Map<Arm, Recipe>();
  for (const arm of arms) recipes.set(arm, await recipeOf(setting, arm, arm.packages ?? approved));
  const [first] = recipes.values();
  const given: Arm[] = [];
  for (const [arm, own] of recipes) {
    const isOthers = asks === 'always' || (asks === 'changed' && own.lock !== first?.lock);
    const recipe = isOthers && !(await isApproved(desk, arm, own)) ? declined(asks, first) : own;
    if (!existsSync(lockIn(environmentFolder(ports.workspace, recipe.lock)))) {
      await makeEnvironment(desk, contract, arm, recipe);
    }
    given.push({ ...arm, lock: recipe.lock, ...(recipe.packages.length > 0 && { packages: [...recipe.packages] }) });
  }
  await tellDifferences(desk, given);
  return given;
}

/** What a person let be installed for the runs of a session. */
export function approvedPackages({ gates }: SessionState): string[] {
  const approved = [...gates.values()].filter(
    ({ gate, answer }) => gate.id.startsWith(INSTALL) && answer?.choice === 'approve',
  );
  return [...new Set(approved.flatMap(({ gate }) => gate.id.slice(INSTALL.length).split(',')))].sort();
}

async function isApproved({ session }: Desk, arm: Arm, recipe: Recipe): Promise<boolean> {
  const answer = await session.ask(
    {
      id: `environment:${recipe.lock}`,
      kind: 'approveCommand',
      question: `Install what ${arm.name} asks for?`,
      detail: [
        `\`${commandsOf(recipe).join('; ')}\` would be run with the network, into an environment of its own below \`.mlr/envs/\`; yours stays as it is.`,
        `It reads ${
          Object.keys(recipe.files)
            .map((file) => `\`${file}\``)
            .join(', ') || 'no lock file'
        }.`,
      ].join('\n\n'),
      options: [
        { choice: 'approve', label: 'Install' },
        { choice: 'decline', label: 'Do without' },
      ],
    },
    { choice: 'decline' },
  );
  return answer.choice === 'approve';
}

/** An arm whose own packages are declined runs with the baseline's. */
function declined(asks: string, first: Recipe | undefined): Recipe {
  if (asks === 'changed' && first !== undefined) return first;
  throw new SessionError(
    'bad-input',
    'The environment of these runs was declined, or nobody could be asked on autopilot; approve it, or name one under `python`.',
  );
}

/** Another version of a library may be all that a variant gains by: the log says so, and every run's record has its lock. */
async function tellDifferences(desk: Desk, [baseline, ...variants]: readonly Arm[]): Promise<void> {
  const installed = ({ lock = '' }: Arm): Set<string> =>
    new Set(
      readFileSync(lockIn(environmentFolder(desk.ports.workspace, lock)), 'utf8')
        .split('\n')
        .filter(Boolean),
    );
  if (baseline === undefined) return;
  for (const variant of variants.filter(({ lock }) => lock !== baseline.lock)) {
    const [before, after] = [installed(baseline), installed(variant)];
    const changes = [
      ...[...after].filter((line) => !before.has(line)).map((line) => `+${line}`),
      ...[...before].filter((line) => !after.has(line)).map((line) => `-${line}`),
    ];
    if (changes.length === 0) continue;
    const shown = changes.slice(0, 20).join(', ') + (changes.length > 20 ? `, and ${changes.length - 20} more` : '');
    const text = `${variant.name} has other packages than ${baseline.name}: ${shown}. What it gains may be theirs.`;
    await record(desk.session, { type: 'notice', text });
  }
}
