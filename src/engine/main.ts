import { parseArgs } from 'node:util';
import { version } from '../domain/version.ts';

const USAGE = 'usage: engine serve --workspace DIR | engine --version';

/** The engine's process: `serve` drives a workspace's sessions. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { version: { type: 'boolean' }, workspace: { type: 'string' } },
  });
  if (values.version) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const [verb] = positionals;
  if (verb === 'serve' && values.workspace) {
    const { serve } = await import('./serve.ts');
    return await serve(values.workspace);
  }
  process.stderr.write(`${USAGE}\n`);
  return 2;
}

process.exitCode = await main();
