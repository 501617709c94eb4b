import { parseArgs } from 'node:util';
import { version } from '../domain/version.ts';

const USAGE = 'usage: engine serve --workspace DIR | engine supervise SESSION_FOLDER | engine --version';

/** The engine's process: `serve` drives a workspace's sessions, `supervise` owns one session's runs. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { version: { type: 'boolean' }, workspace: { type: 'string' } },
  });
  if (values.version) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const [verb, folder] = positionals;
  if (verb === 'serve' && values.workspace) {
    const { serve } = await import('./serve.ts');
    return await serve(values.workspace);
  }
  if (verb === 'supervise' && folder) {
    const { superviseSession } = await import('../session/supervise.ts');
    return await superviseSession(folder);
  }
  process.stderr.write(`${USAGE}\n`);
  return 2;
}

process.exitCode = await main();
