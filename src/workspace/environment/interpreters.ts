import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { isOutOfReach } from '../ignoreRules.ts';
import { ask } from './program.ts';

/** A Python of this machine, with what is installed for it. */
export interface Interpreter {
  /** `python3`, `.venv`, `conda base`, `pyenv 3.12.1`. */
  readonly name: string;
  readonly path: string;
  readonly version: string | null;
  /** Of the packages that matter to experiments: name and version. */
  readonly packages: Readonly<Record<string, string>>;
  /** Top-level modules that were asked for and are not there. */
  readonly lacks: readonly string[];
  readonly problem: string | null;
}

const PACKAGES = (
  'torch torchvision tensorflow keras jax flax numpy scipy pandas polars pyarrow scikit-learn xgboost lightgbm ' +
  'transformers datasets accelerate lightning pytorch-lightning timm hydra-core omegaconf wandb mlflow tensorboard ' +
  'matplotlib pillow opencv-python nltk spacy sentence-transformers'
).split(' ');
/** Beyond so many environments the list says nothing any more. */
const MOST = 12;
/** The one that runs use unless something else is named: worth waiting for. Milliseconds. */
const PATIENCE = 5000;

/** Reads versions from what pip wrote beside the packages, and imports none of them. */
const PROBE = `
import json, platform, site, sys
from importlib import metadata, util
sys.path.append(site.getusersitepackages())
wanted, modules = json.loads(sys.argv[1])
found = {}
for name in wanted:
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
known = set(getattr(sys, "stdlib_module_names", ())) | set(sys.builtin_module_names)
lacks = [name for name in modules if name not in known and util.find_spec(name) is None]
print(json.dumps({"version": platform.python_version(), "path": sys.executable, "packages": found, "lacks": lacks}))
`;

/** The Pythons that a run of this workspace could use: python3, virtual environments in the workspace, conda, pyenv.
 *  Only python3 is started; of the others it is read what lies in their folders.
 *  @param modules what the workspace's scripts import and do not bring themselves */
export async function interpretersOf(root: string, modules: readonly string[]): Promise<Interpreter[]> {
  const own = ownEnvironments(root).map(({ name, folder }) => inFolder(name, folder, modules));
  const others = [...condaEnvironments(), ...pyenvVersions()].map(({ name, folder }) => inFolder(name, folder, []));
  const first = await onPath(own.length > 0 ? [] : modules);
  // python3 is often one of them.
  const rest = others.filter(({ path }) => !first.path.startsWith(path));
  return [first, ...own, ...rest].slice(0, MOST);
}

async function onPath(modules: readonly string[]): Promise<Interpreter> {
  const base = { name: 'python3', path: 'python3', version: null, packages: {}, lacks: [] };
  const said = await ask('python3', ['-I', '-c', PROBE, JSON.stringify([PACKAGES, modules])], PATIENCE);
  if (!said.ok) return { ...base, problem: said.why === 'absent' ? 'there is no python3 on the PATH' : said.why };
  return { ...base, ...JSON.parse(said.text), problem: null };
}

/** Folders with a `pyvenv.cfg`, in the workspace or a folder of it. */
function ownEnvironments(root: string): { name: string; folder: string }[] {
  const places = ['', ...foldersIn(root).filter((name) => !/^(?:node_modules|\.git|\.mlr)$/.test(name))];
  const found = places.flatMap((place) => foldersIn(join(root, place)).map((name) => join(place, name)));
  return found
    .filter((path) => existsSync(join(root, path, 'pyvenv.cfg')))
    .map((path) => ({ name: path, folder: join(root, path) }));
}

function condaEnvironments(): { name: string; folder: string }[] {
  const homes = ['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge'].map((name) => join(homedir(), name));
  const listed = linesOf(join(homedir(), '.conda', 'environments.txt'));
  const below = homes.flatMap((home) => foldersIn(join(home, 'envs')).map((name) => join(home, 'envs', name)));
  const active = process.env.CONDA_PREFIX;
  const folders = new Set([...(active ? [active] : []), ...homes, ...below, ...listed]);
  return [...folders]
    .filter((folder) => existsSync(join(folder, 'conda-meta')))
    .map((folder) => ({ name: `conda ${homes.includes(folder) ? 'base' : basename(folder)}`, folder }));
}

function pyenvVersions(): { name: string; folder: string }[] {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  return foldersIn(versions).map((name) => ({ name: `pyenv ${name}`, folder: join(versions, name) }));
}

function inFolder(name: string, folder: string, modules: readonly string[]): Interpreter {
  const path = join(folder, 'bin', 'python');
  const library = join(folder, 'lib');
  const python = foldersIn(library).find((one) => /^python3\.\d+$/.test(one));
  const site = python === undefined ? null : join(library, python, 'site-packages');
  const installed = site === null ? {} : packagesIn(site);
  const version = versionOf(folder) ?? python?.replace('python', '') ?? null;
  const isThere = existsSync(path) || existsSync(`${path}3`);
  return {
    ...{ name, path, version, packages: installed },
    lacks: site === null ? [] : modules.filter((module) => !hasModule(site, module)),
    problem: isThere ? null : 'its interpreter is gone: the Python that it was made from was removed',
  };
}

function versionOf(folder: string): string | null {
  const line = linesOf(join(folder, 'pyvenv.cfg')).find((one) => /^version(?:_info)?\s*=/.test(one));
  return line === undefined ? null : (line.split('=')[1]?.trim() ?? null);
}

/** By the folders that pip writes beside packages: `torch-2.3.0.dist-info`. */
function packagesIn(site: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const folder of foldersIn(site)) {
    const [, raw = '', version = ''] = /^(.+?)-([^-]+)\.(?:dist|egg)-info$/.exec(folder) ?? [];
    const name = raw.toLowerCase().replaceAll('_', '-');
    if (PACKAGES.includes(name)) found[name] = version;
  }
  return Object.fromEntries(PACKAGES.flatMap((name) => (found[name] === undefined ? [] : [[name, found[name]]])));
}

function hasModule(site: string, module: string): boolean {
  // A module of the standard library lies one folder above.
  const places = [site, join(site, '..'), join(site, '..', 'lib-dynload')];
  return STANDARD.has(module) || places.some((place) => namesIn(place).some((name) => isModule(name, module)));
}

function isModule(name: string, module: string): boolean {
  return name === module || name === `${module}.py` || (name.startsWith(`${module}.`) && /\.(?:so|pyd)$/.test(name));
}

/** A virtual environment does not hold the standard library: the modules that experiments import of it. */
const STANDARD = new Set(
  (
    '__future__ abc argparse array ast asyncio atexit base64 bisect builtins bz2 calendar cmath collections concurrent ' +
    'configparser contextlib contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib dis email enum ' +
    'errno faulthandler fcntl filecmp fileinput fnmatch fractions functools gc getpass gettext glob gzip hashlib heapq ' +
    'hmac html http importlib inspect io ipaddress itertools json keyword linecache locale logging lzma marshal math ' +
    'mimetypes mmap multiprocessing numbers operator os pathlib pdb pickle pkgutil platform pprint profile pstats queue ' +
    'random re resource runpy sched secrets select selectors shelve shlex shutil signal site socket sqlite3 ssl stat ' +
    'statistics string struct subprocess sys sysconfig tarfile tempfile textwrap threading time timeit token tokenize ' +
    'tomllib traceback tracemalloc types typing unicodedata unittest urllib uuid warnings wave weakref xml zipfile zlib ' +
    'zoneinfo'
  ).split(' '),
);

function foldersIn(folder: string): string[] {
  return entriesIn(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function namesIn(folder: string): string[] {
  return entriesIn(folder).map(({ name }) => name);
}

function entriesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isOutOfReach(error)) return [];
    throw error;
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    if (isOutOfReach(error)) return [];
    throw error;
  }
}
