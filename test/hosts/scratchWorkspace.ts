import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { EndedRun, RunSpec } from '../../src/domain/run.ts';
import { listProcesses, startedWith } from '../../src/runs/processTable.ts';
import { runFolder, writeSpec } from '../../src/runs/runFolder.ts';
import { supervise } from '../../src/runs/supervise.ts';

type Changes = Partial<Omit<RunSpec, 'limits'>> & { limits?: Partial<RunSpec['limits']> };

/** A repository with one exported arm, in a temporary folder. */
export class ScratchWorkspace {
  readonly top: string;
  readonly arm: string;

  private constructor(top: string, arm: string) {
    this.top = top;
    this.arm = arm;
  }

  static async make(): Promise<ScratchWorkspace> {
    const scratch = await realpath(await mkdtemp(join(tmpdir(), 'runs-test-')));
    const made = new ScratchWorkspace(join(scratch, 'repo'), join(scratch, 'arm'));
    for (const folder of [made.top, made.arm]) await mkdir(folder);
    return made;
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.arm, path)), { recursive: true });
    await writeFile(join(this.arm, path), text);
  }

  spec(argv: string[], changes: Changes = {}): RunSpec {
    const { limits, ...rest } = changes;
    return {
      ...{ version: 1, id: `r-${randomBytes(6).toString('hex')}`, session: 's1', purpose: 'run', arm: null, seed: 7 },
      ...{ argv, source: this.arm, mountAt: this.top, folder: '', out: null, inputs: [], revealed: [], masked: [] },
      ...{ watched: [], env: {}, network: [], confinement: 'none' },
      limits: { wallSeconds: 20, memoryBytes: 2 ** 30, processes: 50, outputBytes: 2 ** 20, ...limits },
      ...rest,
    };
  }

  folder(spec: RunSpec): string {
    return runFolder(this.top, spec.id);
  }

  /** Runs it in this process, without a queue. */
  async run(spec: RunSpec): Promise<EndedRun> {
    await writeSpec(this.folder(spec), spec);
    return await supervise(spec, this.folder(spec));
  }

  async python(program: string, changes: Changes = {}): Promise<EndedRun> {
    return await this.run(this.spec(['/usr/bin/python3', '-c', program], changes));
  }

  async remove(): Promise<void> {
    await rm(dirname(this.top), { recursive: true, force: true });
  }
}

/** Processes of a run that are still there. */
export function leftOf(id: string): number[] {
  return listProcesses()
    .filter((row) => startedWith(row.pid, 'MLR_RUN', id))
    .map((row) => row.pid);
}

/** Waits until something holds. @throws when it does not within `ms` */
export async function until(holds: () => boolean | Promise<boolean>, ms = 50_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (await holds()) return;
  }
  throw new Error(`It did not come true within ${ms} ms: ${holds.toString()}`);
}

/** The supervisor as a program of its own: `[node, file]`, to which session, workspace and idle time are added; with
 *  `--job` and a job's folder it does what a job of a cluster does on its node. */
export async function buildSupervisor(folder: string): Promise<string[]> {
  const file = join(folder, 'supervisor.mjs');
  if (!existsSync(file)) {
    const source = fileURLToPath(new URL('../../src/runs/supervisorMain.ts', import.meta.url));
    const job = fileURLToPath(new URL('../../src/runs/slurm/runJob.ts', import.meta.url));
    const contents = `import { runSupervisor } from ${JSON.stringify(source)};
      import { runJob } from ${JSON.stringify(job)};
      const [session, workspace, idle] = process.argv.slice(2);
      const jobArgv = [process.execPath, process.argv[1], '--job'];
      if (session === '--job') await runJob(workspace);
      else await runSupervisor(session, workspace, { idle: Number(idle), jobArgv });
      process.exit(0);`;
    const stdin = { contents, resolveDir: folder, loader: 'ts' as const };
    await build({ stdin, outfile: file, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
  }
  return [process.execPath, file];
}
