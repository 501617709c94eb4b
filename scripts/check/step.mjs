import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * One thing that is wrong, where.
 * @typedef {{ rule: string, place: string, message: string }} Problem
 *
 * What a step saw: how many of what, and what is wrong.
 * @typedef {{ looked: Record<string, number>, problems: Problem[] }} Outcome
 */

/**
 * Runs one of the installed tools in `root` and gives what it printed, whatever its exit code: they all exit 1 when
 * they found something.
 * @param {string} root the project's folder
 * @param {string} script the tool's program, below node_modules/
 * @param {string[]} argv its arguments
 * @returns {Promise<string>} its standard output
 * @throws {Error} when it printed nothing, with its standard error
 */
export function runTool(root, script, argv) {
  const program = fileURLToPath(new URL(`../../node_modules/${script}`, import.meta.url));
  return new Promise((done, fail) => {
    const options = { cwd: root, maxBuffer: 256 * 1024 * 1024 };
    execFile(process.execPath, [program, ...argv], options, (error, stdout, stderr) => {
      if (stdout.trim()) done(stdout);
      else fail(new Error(`${script} printed nothing; ${stderr.trim()}`, { cause: error }));
    });
  });
}
