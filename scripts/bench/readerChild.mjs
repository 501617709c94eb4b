/** Follows a run to its end: the bundle of `src/runs`, the workspace and the run are its arguments. Prints how many bytes it
 *  got and by how many its resident set grew. */
import { growth } from './growth.mjs';

const [bundle = '', workspace = '', run = ''] = process.argv.slice(2);
const { followRun } = await import(bundle);
const grown = growth();
let heard = 0;
for await (const text of followRun(workspace, run)) heard += Buffer.byteLength(text);
process.stdout.write(JSON.stringify({ heard, follower: grown() }));
