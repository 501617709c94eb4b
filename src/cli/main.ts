import { version } from '../domain/version.ts';

if (process.argv.includes('--version')) process.stdout.write(`${version}\n`);
