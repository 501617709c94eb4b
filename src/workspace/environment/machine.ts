import { existsSync, readdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { ask } from './program.ts';

/** What the machine has of one kind; `none` is no fault where it is not needed. */
export interface Resource {
  readonly state: 'ok' | 'gap' | 'none';
  readonly found: string;
  readonly wayOut: string | null;
}

const GIB = 2 ** 30;
/** Less free space than this is soon used up by runs. GiB. */
const LEAST_DISK = 5;
const LEAST_MEMORY = 2;

export function processors(): Resource {
  const model = cpus()[0]?.model.trim() || arch();
  const threads = availableParallelism();
  return { state: 'ok', found: `${threads} ${threads === 1 ? 'core' : 'cores'} to use, ${model}`, wayOut: null };
}

/** Bytes; a container or a job may have less than the machine. */
export function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** Bytes of the largest NVIDIA card; null where none answers. */
export async function graphicsMemory(): Promise<number | null> {
  const said = await ask('nvidia-smi', ['--query-gpu=memory.total', '--format=csv,noheader,nounits']);
  const sizes = said.ok ? said.text.split('\n').map(Number) : [];
  const largest = Math.max(0, ...sizes.filter((size) => size > 0));
  return largest === 0 ? null : largest * 2 ** 20;
}

export function memory(): Resource {
  const total = usableMemory();
  const free = Math.min(freemem(), total);
  const limited = total < totalmem() ? ', by the limit of this container or job' : '';
  const found = `${gib(total)} GiB, ${gib(free)} free${limited}`;
  if (total / GIB >= LEAST_MEMORY) return { state: 'ok', found, wayOut: null };
  return {
    state: 'gap',
    found,
    wayOut: 'give the container or job more, and set budget: memory: in mlr.yaml below it',
  };
}

export async function disk(folder: string): Promise<Resource> {
  const { bavail, bsize, blocks } = await statfs(existsSync(folder) ? folder : '/');
  const free = bavail * bsize;
  const found = `${gib(free)} GiB free of ${gib(blocks * bsize)} where the workspace is`;
  if (free / GIB >= LEAST_DISK) return { state: 'ok', found, wayOut: null };
  return {
    state: 'gap',
    found,
    wayOut: 'free some space: every run keeps a copy of the code and what it wrote, in .mlr/runs',
  };
}

/** NVIDIA's and AMD's cards by their own programs; a device without its program is a gap. */
export async function graphics(): Promise<Resource> {
  const query = ['--query-gpu=name,memory.total,memory.used,driver_version', '--format=csv,noheader'];
  const [nvidia, amd] = await Promise.all([ask('nvidia-smi', query), ask('rocm-smi', ['--showproductname', '--csv'])]);
  if (nvidia.ok && nvidia.text !== '') return { state: 'ok', found: nvidiaCards(nvidia.text), wayOut: null };
  if (amd.ok && amd.text !== '') {
    const cards = amd.text
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[1] ?? line);
    return { state: 'ok', found: cards.join('; '), wayOut: null };
  }
  const device = devices().find((name) => /^(?:nvidia\d|kfd)/.test(name));
  if (device !== undefined || (!nvidia.ok && nvidia.why !== 'absent')) {
    const why =
      nvidia.ok || nvidia.why === 'absent'
        ? `/dev/${device} is there, its program is not`
        : `nvidia-smi fails: ${nvidia.why}`;
    return {
      state: 'gap',
      found: why,
      wayOut: 'install or reload the driver; in a container start it with --gpus all',
    };
  }
  if (platform() === 'darwin' && arch() === 'arm64') return { state: 'ok', found: 'Apple GPU (mps)', wayOut: null };
  return { state: 'none', found: 'none (no nvidia-smi, no rocm-smi)', wayOut: null };
}

function nvidiaCards(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const [name, total, used, driver] = line.split(',').map((part) => part.trim());
      return `${name}, ${total} (${used} in use), driver ${driver}`;
    })
    .join('; ');
}

function devices(): string[] {
  return existsSync('/dev') ? readdirSync('/dev') : [];
}

/** Container engines, whether they answer, and what the workspace says of containers. */
export async function containers(root: string): Promise<Resource> {
  const engines = await Promise.all(
    ['docker', 'podman'].map(async (name) => ({
      name,
      said: await ask(name, ['version', '--format', '{{.Server.Version}}']),
    })),
  );
  const files = ['.devcontainer/devcontainer.json', '.devcontainer.json', 'Dockerfile', 'Containerfile'];
  const own = files.filter((file) => existsSync(join(root, file)));
  const workspace = own.length === 0 ? '' : `; the workspace has ${own.join(', ')}`;
  const answering = engines.flatMap(({ name, said }) => (said.ok ? [`${name} ${said.text}`] : []));
  if (answering.length > 0) return { state: 'ok', found: answering.join(', ') + workspace, wayOut: null };
  const silent = engines.find(({ said }) => !said.ok && said.why !== 'absent');
  if (silent === undefined) return { state: 'none', found: `no docker, no podman${workspace}`, wayOut: null };
  const why = silent.said.ok ? '' : silent.said.why;
  return {
    state: own.length > 0 ? 'gap' : 'none',
    found: `${silent.name} is here, but ${why}${workspace}`,
    wayOut: own.length > 0 ? `start ${silent.name}'s service, or use the environment without a container` : null,
  };
}

export async function slurm(): Promise<Resource> {
  const said = await ask('sinfo', ['-h', '-o', '%P %a %D nodes %G']);
  if (said.ok)
    return { state: 'ok', found: said.text.split('\n').slice(0, 6).join('; ') || 'no partition', wayOut: null };
  if (said.why === 'absent') return { state: 'none', found: 'none (no sinfo)', wayOut: null };
  return { state: 'gap', found: `sinfo fails: ${said.why}`, wayOut: 'ask whoever runs the cluster, or run locally' };
}

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(bytes < 10 * GIB ? 1 : 0);
}
