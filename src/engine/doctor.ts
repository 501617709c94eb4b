import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Repository } from '../git/repository.ts';
import { probeConfinement } from '../runs/confinement.ts';

/** One thing this machine has or lacks. */
export interface Finding {
  name: string;
  good: boolean;
  found: string;
  /** What to do about a gap. */
  wayOut: string | null;
}

/** What a session will need, looked at for real: programs are started, not guessed. */
export async function examineMachine(workspace: string): Promise<Finding[]> {
  return [
    nodeFinding(),
    await program('git', ['git', '--version'], 'install git 2.30 or later'),
    await program(
      'python',
      ['python3', '--version'],
      'install Python 3, or name an interpreter with python: in mlr.yaml',
    ),
    await confinementFinding(),
    await repositoryFinding(workspace),
    modelFinding(),
  ];
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  return { name: 'node', good, found: process.version, wayOut: good ? null : 'install Node 20.19 or later' };
}

async function program(name: string, [command = '', ...words]: string[], wayOut: string): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)(command, words, { timeout: 10_000 });
    return { name, good: true, found: stdout.trim(), wayOut: null };
  } catch (error) {
    return { name, good: false, found: `does not start (${(error as Error).message.split('\n')[0]})`, wayOut };
  }
}

async function confinementFinding(): Promise<Finding> {
  const { level, detail } = await probeConfinement();
  const good = level !== 'none';
  return {
    name: 'confinement',
    good,
    found: detail,
    wayOut: good ? null : 'install bubblewrap, or run with --unconfined',
  };
}

async function repositoryFinding(workspace: string): Promise<Finding> {
  try {
    const repository = await Repository.open(workspace);
    const { commit, subject } = await repository.resolve('HEAD');
    return {
      name: 'repository',
      good: true,
      found: `${repository.top} at ${commit.slice(0, 10)} ${subject}`,
      wayOut: null,
    };
  } catch (error) {
    return {
      name: 'repository',
      good: false,
      ...apart((error as Error).message),
    };
  }
}

/** A sentence of ours says what is wrong, then a semicolon and the way out. */
function apart(message: string): Pick<Finding, 'found' | 'wayOut'> {
  const [found = message, ...rest] = message.split('; ');
  return { found, wayOut: rest.join('; ') || null };
}

function modelFinding(): Finding {
  const model = process.env.MLR_MODEL;
  const endpoint = process.env.MLR_BASE_URL ?? process.env.OPENAI_BASE_URL;
  const key = ['MLR_API_KEY', 'OPENAI_API_KEY'].find((name) => process.env[name]);
  if (!model) {
    return {
      name: 'model',
      good: false,
      found: 'none is chosen; measuring needs none',
      wayOut: 'set MLR_MODEL, MLR_BASE_URL and MLR_API_KEY for ideas and experiments',
    };
  }
  const at = endpoint ?? 'the default endpoint';
  return { name: 'model', good: true, found: `${model} at ${at}, ${key ? `key from ${key}` : 'no key'}`, wayOut: null };
}
