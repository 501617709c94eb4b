import { existsSync } from 'node:fs';
import { keyNamesFor, OPENAI } from '../domain/keyNames.ts';
import { Repository } from '../git/repository.ts';
import { probeConfinement } from '../runs/confinement.ts';
import { distributionOf, type ImportedModule, importedModules } from '../workspace/environment/imports.ts';
import { type Interpreter, interpretersOf } from '../workspace/environment/interpreters.ts';
import {
  containers,
  disk,
  graphics,
  memory,
  processors,
  type Resource,
  slurm,
} from '../workspace/environment/machine.ts';
import { ask, type Said } from '../workspace/environment/program.ts';

/** One thing this machine or workspace has or lacks. */
export interface Finding extends Resource {
  readonly group: 'Needed' | 'Python' | 'Machine';
  readonly name: string;
  /** Whether it is there and works. */
  readonly good: boolean;
}

export interface Examination {
  readonly findings: readonly Finding[];
  readonly interpreters: readonly Interpreter[];
}

/** What everything needs is worth waiting for. Milliseconds. */
const NEEDED_LIMIT = 10_000;

/** What a session will need, looked at for real and all at the same time: programs are started, not guessed, each with
 *  a time limit; nothing is asked of a network. */
export async function examineMachine(workspace: string): Promise<Examination> {
  const imported = existsSync(workspace) ? importedModules(workspace) : Promise.resolve([]);
  const [git, confinement, repository, modules, interpreters, ...machine] = await Promise.all([
    ask('git', ['--version'], NEEDED_LIMIT),
    probeConfinement(),
    repositoryFinding(workspace),
    imported,
    imported.then((modules) => interpretersOf(workspace, namesOf(modules))),
    disk(workspace),
    graphics(),
    containers(workspace),
    slurm(),
  ]);
  const [free, cards, engines, cluster] = machine;
  const findings = [
    finding('Needed', 'node', nodeFinding()),
    finding('Needed', 'git', gitFinding(git)),
    finding('Needed', 'confinement', confinementFinding(confinement)),
    finding('Needed', 'repository', repository),
    finding('Needed', 'model', modelFinding()),
    ...pythonFindings(interpreters, modules),
    finding('Machine', 'processors', processors()),
    finding('Machine', 'memory', memory()),
    finding('Machine', 'disk', free),
    finding('Machine', 'gpu', cards),
    finding('Machine', 'containers', engines),
    finding('Machine', 'slurm', cluster),
  ];
  return { findings, interpreters };
}

function finding(group: Finding['group'], name: string, resource: Resource): Finding {
  return { group, name, good: resource.state === 'ok', ...resource };
}

function ok(found: string): Resource {
  return { state: 'ok', found, wayOut: null };
}

function gap(found: string, wayOut: string | null): Resource {
  return { state: 'gap', found, wayOut };
}

function namesOf(modules: readonly ImportedModule[]): string[] {
  return modules.map(({ module }) => module);
}

function nodeFinding(): Resource {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  return good ? ok(process.version) : gap(process.version, 'install Node 20.19 or later');
}

function gitFinding(said: Said): Resource {
  if (said.ok) return ok(said.text.replace('git version ', ''));
  return gap(said.why === 'absent' ? 'it is not installed' : said.why, 'install git 2.30 or later');
}

function confinementFinding({ level, detail }: Awaited<ReturnType<typeof probeConfinement>>): Resource {
  return level === 'none' ? gap(detail, 'install bubblewrap, or run with --unconfined') : ok(`${level}: ${detail}`);
}

async function repositoryFinding(workspace: string): Promise<Resource> {
  try {
    const repository = await Repository.open(workspace);
    const { commit, subject } = await repository.resolve('HEAD');
    return ok(`${repository.top} at ${commit.slice(0, 10)} ${subject}`);
  } catch (error) {
    // A sentence of ours says what is wrong, then a semicolon and the way out.
    const [found = '', ...rest] = (error as Error).message.split('; ');
    return gap(found, rest.join('; ') || null);
  }
}

function modelFinding(): Resource {
  const model = process.env.MLR_MODEL;
  const endpoint = process.env.MLR_BASE_URL ?? process.env.OPENAI_BASE_URL;
  const key = keyNamesFor(endpoint ?? OPENAI).find((name) => process.env[name]);
  if (!model) {
    const wayOut = 'set MLR_MODEL, MLR_BASE_URL and MLR_API_KEY for ideas and experiments';
    return gap('none is chosen; measuring needs none', wayOut);
  }
  return ok(`${model} at ${endpoint ?? 'the default endpoint'}, ${key ? `key from ${key}` : 'no key'}`);
}

/** Those that hold nothing an experiment needs are named in one line. */
function pythonFindings(interpreters: readonly Interpreter[], modules: readonly ImportedModule[]): Finding[] {
  const isBare = ({ name, packages }: Interpreter): boolean =>
    /^(?:pyenv|conda) /.test(name) && Object.keys(packages).length === 0;
  const bare = interpreters.filter(isBare).map(({ name }) => name);
  const others: Resource = { state: 'none', found: `${bare.join(', ')}: none of the usual packages`, wayOut: null };
  return [
    ...interpreters
      .filter((one) => !isBare(one))
      .map((one) => finding('Python', one.name, interpreterFinding(one, modules))),
    ...(bare.length === 0 ? [] : [finding('Python', 'others', others)]),
  ];
}

function interpreterFinding(one: Interpreter, modules: readonly ImportedModule[]): Resource {
  const { name, version, path, packages, lacks, problem } = one;
  const isOfMachine = name === 'python3';
  if (problem !== null) {
    const anew = `make it anew: python3 -m venv --clear ${name}`;
    return gap(problem, isOfMachine ? 'install Python 3, or name an interpreter in `run` of mlr.yaml' : anew);
  }
  const installed = Object.entries(packages).map(([key, value]) => `${key} ${value}`);
  const found = `${version ?? 'of unknown version'} at ${path}; ${installed.join(', ') || 'none of the usual packages'}`;
  const importers = new Set(modules.filter(({ module }) => lacks.includes(module)).map(({ by }) => by));
  const [by] = importers;
  if (by === undefined) return ok(found);
  const who = importers.size === 1 ? `${by} imports` : `${by} and others import`;
  const pip = isOfMachine ? 'python3 -m pip' : `${path} -m pip`;
  const wanted = lacks.map(distributionOf).join(' ');
  return gap(`${found}; not ${lacks.join(', ')}, which ${who}`, `${pip} install ${wanted}`);
}
