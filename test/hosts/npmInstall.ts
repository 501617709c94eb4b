import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { HostError } from './hostError.ts';

/**
 * Runs `npm install` in a folder, without install scripts (no compiler is needed, and no package
 * gets to run code). `nodeFolder` is put first on PATH: some packages look at the running Node.
 * @throws HostError `install` with npm's own last words
 */
export async function npmInstall(folder: string, args: readonly string[], nodeFolder?: string): Promise<void> {
  const path = process.env.PATH ?? '';
  const env = {
    ...process.env,
    // npm looks for the machine's settings (proxy, certificates) beside the Node that runs it.
    npm_config_globalconfig: await machineSettings(),
    PATH: nodeFolder ? `${nodeFolder}${delimiter}${path}` : path,
  };
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await new Promise<void>((done, fail) => {
    execFile(
      npm,
      ['install', ...flags, ...args],
      { cwd: folder, env, maxBuffer: 1 << 26, shell: process.platform === 'win32' },
      (error, _stdout, stderr) => {
        if (!error) return done();
        const words = stderr.trim().split('\n').slice(-8).join('\n');
        fail(
          new HostError(
            'install',
            `npm install ${args.join(' ')} in ${folder} failed; check the network and run the same command again:\n${words}`,
          ),
        );
      },
    );
  });
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

async function machineSettings(): Promise<string> {
  const said = await promisify(execFile)(npm, ['config', 'get', 'globalconfig'], {
    shell: process.platform === 'win32',
  });
  return said.stdout.trim();
}
