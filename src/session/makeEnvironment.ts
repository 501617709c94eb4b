import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoteWords } from '../domain/commandWords.ts';
import { type Contract, concealed } from '../domain/contract.ts';
import type { Arm } from '../domain/evidence.ts';
import type { EndedRun, RunSpec } from '../domain/run.ts';
import { prepareArms } from '../evidence/arms.ts';
import { splitWords } from '../evidence/command.ts';
import { filledSha256 } from '../evidence/exports.ts';
import { interpreterOf } from '../evidence/runSpecs.ts';
import { type Lock, takeLock } from '../runs/lock.ts';
import { printedError } from '../runs/printedError.ts';
import { RunError } from '../runs/runError.ts';
import { environmentFolder, inRun, lockIn, runFolder } from '../runs/runFolder.ts';
import { type Desk, placeFor } from './desk.ts';
import type { Recipe } from './environmentRecipe.ts';
import { SessionError } from './errors.ts';

/** Packages may have to be compiled. Seconds, bytes. */
const WALL = 3600;
const LEAST_MEMORY = 4 * 2 ** 30;
const MOST_OUTPUT = 64 * 2 ** 20;
const PROCESSES = 512;

/**
 * Arguments: the interpreter, the environment's folder, the words of `prepare`. The packages of an interpreter that is a
 * virtual environment itself are put in reach by a line of Python's own start-up; those of the system by the flag. At the
 * end everything that can be imported there is listed with its version: that list is the lock, and its presence says that
 * the environment is whole.
 */
const MAKE = `
set -e
python=$1 environment=$2
shift 2
system=$("$python" -c '
import os, sys
config = os.path.join(sys.prefix, "pyvenv.cfg")
own = sys.prefix == sys.base_prefix or "include-system-site-packages = true" in open(config).read()
print("--system-site-packages" if own else "")')
"$python" -m venv $system "$environment"
"$python" - "$environment" <<'END'
import glob, os, site, sys
if sys.prefix != sys.base_prefix:
    [place] = glob.glob(os.path.join(sys.argv[1], "lib", "python*", "site-packages"))
    with open(os.path.join(place, "_mlr_base.pth"), "w") as file:
        for folder in site.getsitepackages():
            print(f"import site; site.addsitedir({folder!r})", file=file)
END
PATH="$environment/bin:$PATH" VIRTUAL_ENV=$environment
export PATH VIRTUAL_ENV
if [ $# -gt 0 ]; then "$@"; fi
if [ -n "$MLR_PACKAGES" ]; then python -m pip install --disable-pip-version-check $MLR_PACKAGES; fi
unset MLR_PACKAGES
python - > "$environment/mlr-lock.part" <<'END'
from importlib import metadata
found = {}
for one in metadata.distributions():
    found.setdefault((one.metadata["Name"] or "").lower(), one.version)
for name in sorted(filter(None, found)):
    print(f"{name}=={found[name]}")
END
mv "$environment/mlr-lock.part" "$environment/mlr-lock.txt"
`;

/** Makes what a recipe says, once for the whole workspace: a virtual environment over the chosen interpreter, in a run of
 *  its own that has the network, the arm's files without hidden ones, and no place to write but the environment.
 *  @throws SessionError `bad-input` with what the command said last; RunError; the signal's reason */
export async function makeEnvironment(desk: Desk, contract: Contract, arm: Arm, recipe: Recipe): Promise<void> {
  const { ports, session } = desk;
  const folder = environmentFolder(ports.workspace, recipe.lock);
  const held = await whenFree(`${folder}.lock`, session.signal);
  try {
    if (existsSync(lockIn(folder))) return;
    // What a crash or a failed command left is not whole.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const place = relative(ports.workspace, folder);
    await session.append({
      type: 'notice',
      text: `Making ${place} for ${arm.name}: ${commandsOf(recipe).join('; ')}.`,
    });
    const run = await runAlone(desk, await specOf(desk, contract, arm, recipe));
    if (run.state !== 'finished') throw await failed(desk, run, recipe);
  } finally {
    await held.release();
  }
}

/** What is run to make it, as a person would type it. */
export function commandsOf({ prepare, packages }: Recipe): string[] {
  const install = packages.length > 0 ? [`pip install ${packages.join(' ')}`] : [];
  return [...(prepare === null ? [] : [prepare]), ...install];
}

async function whenFree(path: string, signal: AbortSignal): Promise<Lock> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await takeLock(path);
    } catch (error) {
      if (!RunError.is(error, 'locked')) throw error;
      await sleep(250);
    }
  }
}

async function specOf(desk: Desk, contract: Contract, arm: Arm, recipe: Recipe): Promise<RunSpec> {
  const { session, ports, repository } = desk;
  const { workspace } = ports;
  const place = { workspace, session: session.id, repository, contract };
  const source = await (await prepareArms({ ...place, baseline: arm })).source(arm);
  const sourceSha256 = await filledSha256(source);
  const { confinement } = await placeFor(desk, contract);
  const folder = environmentFolder(workspace, recipe.lock);
  const words = recipe.prepare === null ? [] : splitWords(recipe.prepare);
  return {
    ...{ version: 1, id: `${session.id}-environment-${randomBytes(3).toString('hex')}`, session: session.id },
    ...{ purpose: 'command', arm: { name: arm.name, commit: arm.commit, tree: arm.tree }, seed: null },
    argv: ['/bin/sh', '-c', MAKE, 'mlr-environment', recipe.python, folder, ...words],
    ...{ source, ...(sourceSha256 !== undefined && { sourceSha256 }) },
    ...{ mountAt: repository.top, folder: repository.folder, out: null, inputs: [], revealed: [], watched: [] },
    masked: concealed(contract).map((path) => `${workspace}/${path}`),
    writable: [folder],
    env: {
      ...(await interpreterOf({ contract, workspace })),
      ...indexSettings(process.env),
      MLR_PACKAGES: recipe.packages.join(' '),
    },
    limits: {
      ...{ wallSeconds: WALL, processes: PROCESSES, outputBytes: MOST_OUTPUT },
      memoryBytes: Math.max(LEAST_MEMORY, contract.budget.memory),
    },
    network: ['*'],
    confinement,
  };
}

async function runAlone({ session, queue }: Desk, spec: RunSpec): Promise<EndedRun> {
  const arm = spec.arm?.name ?? null;
  await session.append({ type: 'run.queued', run: spec.id, purpose: spec.purpose, arm, seed: null });
  await queue.submit(spec);
  const run = await queue.wait(spec.id, { signal: session.signal });
  await session.append({ type: 'run.ended', run, metrics: {} });
  return run;
}

async function failed({ ports }: Desk, run: EndedRun, recipe: Recipe): Promise<SessionError> {
  const folder = runFolder(ports.workspace, run.id);
  const said = await printedError(folder, run.cwd);
  const key = recipe.prepare === null ? 'The install' : 'mlr.yaml `prepare`: it';
  const ended =
    run.state === 'failed' ? run.reason : `It was stopped by ${run.state === 'stopped' ? run.by : 'somebody'}.`;
  const why = `${ended.charAt(0).toLowerCase()}${ended.slice(1).replace(/\.$/, '')}`;
  return new SessionError(
    'bad-input',
    `${key} failed (${why}${said === undefined ? '' : `: ${said}`}); mend ${quoteWords(commandsOf(recipe))}, and resume. Its output is in ${inRun.log(folder)}.`,
  );
}

/** Where packages come from, as this machine is set up; never with a password. */
function indexSettings(from: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(from).flatMap(([name, value]) => {
    const says =
      /^(?:PIP|UV)_|^(?:https?|no)_proxy$/i.test(name) && value !== undefined && !/:\/\/[^/\s]*@/.test(value);
    return says && !/TOKEN|PASS|KEY|USER/i.test(name) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(kept);
}
