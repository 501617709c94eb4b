import { argumentAt } from './latexText.ts';

const DEFINITION = /\\(?:(?:re)?newcommand\*?\s*\{?\s*\\([A-Za-z]+)\s*\}?|def\s*\\([A-Za-z]+))(?=\s*\{)/g;

/** Commands that say what a paper's parts are: set in another way by a paper, they mean the same. */
const PARTS =
  /^(?:(?:sub){0,2}section|chapter|paragraph|appendix|title|author|abstract|cite[a-z]*|bibliography|bibitem|caption|label|ref|input|include)$/i;

/** How many commands are taken, how long each may be, and how much all their uses may add, in characters. */
const MAX_MACROS = 1000;
const MAX_MACRO = 500;
const MAX_ADDED = 1_000_000;

/** Puts in the text of the paper's own commands that take no argument; those that use others are put in once. */
export function withMacros(source: string): string {
  const macros = definedIn(source);
  let added = 0;
  return source.replace(/\\([A-Za-z]+)(?:\{\}|(?![A-Za-z]))/g, (use, name: string) => {
    const text = macros.get(name);
    if (text === undefined || added > MAX_ADDED) return use;
    added += text.length;
    return text;
  });
}

function definedIn(source: string): Map<string, string> {
  const macros = new Map<string, string>();
  let seen = 0;
  for (const match of source.matchAll(DEFINITION)) {
    if (++seen > MAX_MACROS) break;
    const name = match[1] ?? match[2];
    const value = argumentAt(source, match.index + match[0].length);
    const usable = value !== null && value.text.length < MAX_MACRO && !value.text.includes('#');
    if (usable && name !== undefined && !PARTS.test(name)) macros.set(name, value.text);
  }
  return macros;
}
