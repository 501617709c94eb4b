import bash from './queries/bash.scm';
import c from './queries/c.scm';
import ecmascript from './queries/ecmascript.scm';
import javascript from './queries/javascript.scm';
import json from './queries/json.scm';
import julia from './queries/julia.scm';
import python from './queries/python.scm';
import r from './queries/r.scm';
import toml from './queries/toml.scm';
import typescript from './queries/typescript.scm';
import yaml from './queries/yaml.scm';

/** A language that files are parsed in. */
export interface Language {
  readonly name: string;
  /** File name endings, in small letters. */
  readonly endings: readonly string[];
  /** Name of the grammar's wasm file, without its ending. */
  readonly grammar: string;
  /** Tree-sitter query: `@def.<kind>` a definition with its `@name`; `@call` the name of what is called; `@import` the
   *  statement or module name; `@doc` documentation within the definition before it. */
  readonly query: string;
}

/** Python first; the C++ grammar of CUDA reads C and C++ as well. */
export const LANGUAGES: readonly Language[] = [
  { name: 'python', endings: ['.py', '.pyi', '.pyw'], grammar: 'tree-sitter-python', query: python },
  {
    name: 'javascript',
    endings: ['.js', '.jsx', '.mjs', '.cjs'],
    grammar: 'tree-sitter-javascript',
    query: ecmascript + javascript,
  },
  {
    name: 'typescript',
    endings: ['.ts', '.mts', '.cts'],
    grammar: 'tree-sitter-typescript',
    query: ecmascript + typescript,
  },
  { name: 'tsx', endings: ['.tsx'], grammar: 'tree-sitter-tsx', query: ecmascript + typescript },
  {
    name: 'c++',
    endings: ['.c', '.h', '.cc', '.cpp', '.cxx', '.hpp', '.hh', '.cu', '.cuh'],
    grammar: 'tree-sitter-cuda',
    query: c,
  },
  { name: 'bash', endings: ['.sh', '.bash', '.sbatch', '.slurm'], grammar: 'tree-sitter-bash', query: bash },
  { name: 'r', endings: ['.r'], grammar: 'tree-sitter-r', query: r },
  { name: 'julia', endings: ['.jl'], grammar: 'tree-sitter-julia', query: julia },
  { name: 'json', endings: ['.json'], grammar: 'tree-sitter-json', query: json },
  { name: 'yaml', endings: ['.yaml', '.yml'], grammar: 'tree-sitter-yaml', query: yaml },
  { name: 'toml', endings: ['.toml'], grammar: 'tree-sitter-toml', query: toml },
];

/** Text that is searched and mapped, and has no grammar. */
const PLAIN = ['.md', '.rst', '.txt', '.cfg', '.ini', '.tex', '.bib'];

const byEnding = new Map(
  LANGUAGES.flatMap((language) => language.endings.map((ending) => [ending, language] as const)),
);

/** The language of a file by its name: `notebook`, one of LANGUAGES, `text`, or null for what is not indexed. */
export function languageOf(path: string): string | null {
  const ending = /\.[^./]+$/.exec(path.toLowerCase())?.[0] ?? '';
  if (ending === '.ipynb') return 'notebook';
  return byEnding.get(ending)?.name ?? (PLAIN.includes(ending) ? 'text' : null);
}

export function languageNamed(name: string): Language | undefined {
  return LANGUAGES.find((language) => language.name === name);
}
