/** The loop that the index is measured by: reads every file that it is named on standard input, parses it as Python with
 *  web-tree-sitter, runs one query. Prints the seconds, and those of the processor. Arguments: the grammar, the query. */
import { readFileSync } from 'node:fs';
import { Language, Parser, Query } from 'web-tree-sitter';

const [grammar = '', query = ''] = process.argv.slice(2);
await Parser.init();
const python = await Language.load(grammar);
const parser = new Parser();
parser.setLanguage(python);
const definitions = new Query(python, readFileSync(query, 'utf8'));
const files = readFileSync(0, 'utf8').split('\n').filter(Boolean);
const began = performance.now();
const before = process.cpuUsage();
let captures = 0;
for (const file of files) {
  const parsed = parser.parse(readFileSync(file, 'utf8'));
  if (parsed === null) throw new Error(`bench: ${file} could not be parsed`);
  captures += definitions.captures(parsed.rootNode).length;
  parsed.delete();
}
const { user, system } = process.cpuUsage(before);
const seconds = (performance.now() - began) / 1000;
process.stdout.write(JSON.stringify({ seconds, processor: (user + system) / 1e6, captures }));
