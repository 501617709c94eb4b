import type { Arm, Check } from '../domain/evidence.ts';
import type { Repository } from '../git/repository.ts';
import type { ArmResult } from './armRuns.ts';
import { allArms, type CheckRequest, notRun, perArm, resultsOf } from './checkRequest.ts';
import { inputPaths, isWithin } from './contractPaths.ts';
import { isTestInput } from './dataRoles.ts';
import { onceOfArms } from './onceOfArms.ts';
import { compareTestArrays, type TestArrays } from './testArrays.ts';

/** Protected files and inputs: in the commits, and before and after every run. */
export async function checkFiles(request: CheckRequest): Promise<Check[]> {
  const { contract, registration, repository } = request;
  const changed = new Map<string, string[]>();
  const before = await blobs(repository, registration.baseline.tree);
  for (const arm of registration.variants) {
    const after = await blobs(repository, arm.tree);
    const paths = [...new Set([...before.keys(), ...after.keys()])];
    changed.set(
      arm.name,
      paths.filter((path) => before.get(path) !== after.get(path)),
    );
  }
  const arrays = new Map<string, TestArrays>();
  for (const arm of registration.variants) {
    const compare = () => compareTestArrays(request, arm);
    arrays.set(arm.name, await onceOfArms(request.arms, `test arrays of ${arm.name}`, compare));
  }
  const check = (
    name: string,
    paths: readonly string[],
    what: string,
    within: ReadonlyMap<string, TestArrays> = new Map(),
  ): Check[] => {
    const compared = Math.max(0, ...[...within.values()].map((found) => found.compared));
    const isAltered = [...within.values()].some(({ altered }) => altered !== null);
    if (paths.length === 0 && compared === 0 && !isAltered)
      return notRun(name, 'void', `the contract names no ${what}`);
    const fault = (arm: Arm): string | null => {
      const altered = within.get(arm.name)?.altered ?? null;
      if (altered !== null) return altered;
      const inCommit = (changed.get(arm.name) ?? []).find((path) => paths.some((root) => isWithin(path, root)));
      if (inCommit !== undefined) {
        return `the commit changes ${inCommit}: put the change on the baseline and measure again`;
      }
      return changedByRun(resultsOf(request, arm), registrationHashes(request), paths);
    };
    return perArm(name, 'void', allArms(request), {
      fault,
      fine: `${paths.length} ${what} alike in every commit and run${compared === 0 ? '' : `, and so are ${compared} test arrays of archives that may vary`}`,
    });
  };
  // A test input never varies, whatever the contract says.
  const inputs = inputPaths(contract).filter(
    (path) => isTestInput(contract, path) || !contract.varies.some((free) => isWithin(path, free)),
  );
  return [
    ...check(
      'protected-unchanged',
      contract.protected.map((path) => path.replace(/^\.\//, '')),
      'protected files',
    ),
    ...check('inputs-unchanged', inputs, 'inputs', arrays),
  ];
}

async function blobs(repository: Repository, tree: string): Promise<Map<string, string>> {
  const prefix = repository.folder === '' ? '' : `${repository.folder}/`;
  const files = await repository.listFiles(tree);
  const below = files.filter((file) => file.path.startsWith(prefix));
  return new Map(below.map((file) => [file.path.slice(prefix.length), `${file.mode} ${file.blob}`]));
}

/** SHA-256 by path as the baseline's first run found it. */
function registrationHashes(request: CheckRequest): Map<string, string | null> {
  const [first] = resultsOf(request, request.registration.baseline).flatMap(({ runs }) => runs);
  return new Map((first?.hashes ?? []).map(({ path, before }) => [path, before]));
}

function changedByRun(
  results: readonly ArmResult[],
  reference: ReadonlyMap<string, string | null>,
  paths: readonly string[],
): string | null {
  for (const run of results.flatMap(({ runs, evaluations }) => [...runs, ...evaluations])) {
    for (const { path, before, after } of run.hashes) {
      if (!paths.some((root) => isWithin(path, root))) continue;
      if (before !== after) return `${path} was changed while run ${run.id} ran`;
      if (reference.has(path) && reference.get(path) !== before)
        return `${path} of run ${run.id} is not the baseline's`;
    }
  }
  return null;
}
