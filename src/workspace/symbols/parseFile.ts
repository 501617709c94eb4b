import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Parser, Query, Tree } from 'web-tree-sitter';
import { extract } from './extract.ts';
import type { FileFacts, IndexedSymbol, ParsedText } from './facts.ts';
import { languageNamed } from './languages.ts';
import { notebookCode } from './notebook.ts';
import { readSource } from './sourceText.ts';
import type { WordTable } from './wordTable.ts';

export interface ParsedFile {
  readonly path: string;
  /** SHA-1 of its bytes, hexadecimal; '' where it was not read. */
  readonly hash: string;
  readonly facts: FileFacts;
  /** What is written in each symbol, in the order of the symbols. */
  readonly texts: readonly ParsedText[];
}

/** The facts of a text, and what is written in each of its symbols. */
interface Read {
  readonly facts: FileFacts;
  readonly texts: readonly ParsedText[];
}

interface Grammar {
  readonly parser: Parser;
  readonly query: Query;
}

/** A parse that takes longer is given up: the file is an adversary or an accident. Milliseconds. */
const PATIENCE = 5_000;
/** Shorter sources are parsed without a look at the clock. Characters. */
const WATCHED = 400_000;

const grammars = new Map<string, Promise<Grammar | null>>();

/** Reads and parses one file. Whatever it holds, the answer is facts; `problem` says what was left out and why.
 *  @param words numbers the names of its code
 *  @param known the hash it had: one that has not changed is not parsed */
export async function parseFile(
  file: { path: string; absolute: string; language: string },
  words: WordTable,
  known: string,
): Promise<ParsedFile> {
  const read = readSource(file.absolute);
  if (!read.ok) return bare(file, '', read.why);
  const hash = createHash('sha1').update(read.bytes).digest('hex');
  if (hash === known) return bare(file, hash, null);
  const { facts, texts } = whole(await readText(file.language, read.text, words), read.text);
  return { path: file.path, hash, facts, texts };
}

async function readText(language: string, text: string, words: WordTable): Promise<Read> {
  if (language === 'text') return nothing(language, null);
  const notebook = language === 'notebook' ? notebookCode(text) : null;
  if (language === 'notebook' && notebook === null) return nothing(language, 'it is no notebook that can be read');
  const grammar = await grammarOf(notebook ? 'python' : language);
  if (grammar === null) return nothing(language, 'its grammar is not there');
  const source = notebook?.source ?? text;
  const tree = parsed(grammar.parser, source);
  if (tree === null) return nothing(language, `parsing it took longer than ${PATIENCE / 1000} s`);
  try {
    const lineOf = notebook?.lineOf ?? ((row: number) => row);
    return extract(tree, grammar.query, { source, language, lineOf }, words);
  } finally {
    tree.delete();
  }
}

function parsed(parser: Parser, source: string): Tree | null {
  const until = performance.now() + PATIENCE;
  // Being asked whether to go on takes more than half of the time of parsing, so only what is large is watched.
  const watch = source.length > WATCHED ? { progressCallback: () => performance.now() > until } : undefined;
  const tree = parser.parse(source, null, watch);
  if (tree === null) parser.reset();
  return tree;
}

/** A text in which nothing was found is found by its beginning. */
function whole({ facts, texts }: Read, text: string): Read {
  if (facts.symbols.length > 0) return { facts, texts };
  const start = text.slice(0, 6000).replace(/\s+/g, ' ');
  const place = { kind: 'file', name: '', line: 1, endLine: text.split('\n').length } as const;
  const file: IndexedSymbol = { ...place, signature: '', doc: start.slice(0, 600), calls: [] };
  return { facts: { ...facts, symbols: [file] }, texts: [{ about: start.slice(600, 4600), names: [], messages: [] }] };
}

function bare(file: { path: string; language: string }, hash: string, problem: string | null): ParsedFile {
  return { path: file.path, hash, ...nothing(file.language, problem) };
}

function nothing(language: string, problem: string | null): Read {
  return { facts: { language, symbols: [], imports: [], traits: [], problem }, texts: [] };
}

function grammarOf(language: string): Promise<Grammar | null> {
  const known = grammars.get(language) ?? loadGrammar(language);
  grammars.set(language, known);
  return known;
}

async function loadGrammar(name: string): Promise<Grammar | null> {
  const language = languageNamed(name);
  const file = language && grammarFile(language.grammar);
  if (!language || !file) return null;
  const { Language, Parser: TreeSitter, Query: TreeQuery } = await import('web-tree-sitter');
  const runtime = grammarFile('web-tree-sitter');
  await TreeSitter.init(runtime === null ? {} : { locateFile: () => runtime });
  const grammar = await Language.load(file);
  const parser = new TreeSitter();
  parser.setLanguage(grammar);
  return { parser, query: new TreeQuery(grammar, language.query) };
}

/** Packages whose name is not their wasm file's. */
const PACKAGES: Readonly<Record<string, string>> = {
  'tree-sitter-tsx': 'tree-sitter-typescript',
  'tree-sitter-yaml': '@tree-sitter-grammars/tree-sitter-yaml',
  'tree-sitter-toml': '@tree-sitter-grammars/tree-sitter-toml',
  'tree-sitter-r': '@davisvaughan/tree-sitter-r',
};

/** Beside the bundle once it is built, in its package when running from source. */
function grammarFile(name: string): string | null {
  const places = [`./${name}.wasm`, `../../../node_modules/${PACKAGES[name] ?? name}/${name}.wasm`];
  return places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file)) ?? null;
}
