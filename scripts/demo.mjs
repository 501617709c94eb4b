/** Shows that the built command line starts and reports this package's version. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const printed = execFileSync(process.execPath, ['dist/cli.mjs', '--version'], { cwd: root, encoding: 'utf8' }).trim();

if (printed !== version) {
  process.stderr.write(`demo: dist/cli.mjs says version ${printed}, package.json says ${version}\n`);
  process.exit(1);
}
process.stdout.write(`mlr ${printed} is built and starts\n`);
