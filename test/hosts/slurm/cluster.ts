import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Why no cluster can be started here, in a sentence; null where one can. */
export function lacksSlurm(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'a cluster of the tests is started by root on Linux';
  try {
    execFileSync('sh', ['-c', 'command -v slurmctld && command -v slurmd && command -v munged && command -v sbatch']);
    return null;
  } catch {
    return 'Slurm is not installed; on Debian: apt-get install slurm-wlm munge';
  }
}

/** A real Slurm with one node on this machine. */
export class TestCluster {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts one; programs of this process find it by SLURM_CONF.
   *  @param cpus of its only node, as it says
   *  @throws where Slurm is missing or does not come up, with its last words */
  static async start(cpus: number): Promise<TestCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'mlr-test-slurm-'));
    await run('sh', [script('./up.sh'), folder, String(cpus)]);
    process.env.SLURM_CONF = join(folder, 'slurm.conf');
    return new TestCluster(folder);
  }

  stop(): void {
    execFileSync('sh', [script('./down.sh'), this.folder]);
    delete process.env.SLURM_CONF;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Asks the controller, as a person would. @returns what it prints */
  async scontrol(...words: string[]): Promise<string> {
    return (await run('scontrol', words)).stdout;
  }

  /** Puts a running job back into the queue, as Slurm does when a node is lost, but without its delay of two minutes. */
  async requeue(number: string): Promise<void> {
    await this.scontrol('requeue', number);
    const isPending = async () => (await this.jobs()).some((job) => job.number === number && job.state === 'PENDING');
    while (!(await isPending())) await new Promise((resolve) => setTimeout(resolve, 100));
    await this.scontrol('update', `JobId=${number}`, 'StartTime=now');
  }

  /** Its jobs as `number state name`. */
  async jobs(): Promise<{ number: string; state: string; name: string }[]> {
    const { stdout } = await run('squeue', ['--noheader', '--states=all', '--format=%i %T %j']);
    return stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [number = '', state = '', name = ''] = line.trim().split(' ');
        return { number, state, name };
      });
  }

  /** What it is doing and what its daemons said last, for whoever reads of a test that failed. */
  async state(): Promise<string> {
    const words = 'squeue --states=all; scontrol show node; tail -n 40 "$1"/log/slurmctld.log "$1"/log/slurmd.log';
    const { stdout, stderr } = await run('sh', ['-c', words, 'sh', this.folder]).catch((error) => error);
    return `${stdout}${stderr}`;
  }

  /** Ends the controller. @returns what brings it back with all that it knew */
  async loseController(): Promise<() => Promise<void>> {
    this.#endController();
    return async () => {
      await run('slurmctld', ['-f', join(this.folder, 'daemons.conf')]);
    };
  }

  /** Ends the controller, and starts one that knows of no job. */
  async forgetJobs(): Promise<void> {
    this.#endController();
    await run('slurmctld', ['-c', '-f', join(this.folder, 'daemons.conf')]);
  }

  #endController(): void {
    const program = 'pid=$(cat "$1") && kill "$pid" && while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done';
    execFileSync('sh', ['-c', program, 'sh', join(this.folder, 'slurmctld.pid')]);
  }
}
