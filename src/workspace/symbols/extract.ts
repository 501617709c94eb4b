import type { Query, QueryCapture, Tree } from 'web-tree-sitter';
import { bodyTexts, type Span } from './bodyText.ts';
import type { FileFacts, IndexedSymbol, ParsedText, SymbolKind } from './facts.ts';
import { traitsOfCall } from './traits.ts';
import type { WordTable } from './wordTable.ts';

/** A text that was parsed. */
export interface ParsedSource {
  readonly source: string;
  readonly language: string;
  /** The line of the file that a row of the text stands in, both from 0. */
  readonly lineOf: (row: number) => number;
}

/** The facts of a parsed file: definitions with what they call, imports, and what makes it an experiment. One query
 *  and one pass over its captures; nodes are asked for nothing that can be read off the text.
 *  @param words numbers the names of its code */
export function extract(
  tree: Tree,
  query: Query,
  { source, language, lineOf }: ParsedSource,
  words: WordTable,
): { facts: FileFacts; texts: ParsedText[] } {
  const pass = new Pass(source, lineOf, words);
  for (const capture of query.captures(tree.rootNode)) pass.take(capture);
  const { texts, ...found } = pass.finish();
  const problem = tree.rootNode.hasError ? 'it does not parse as a whole' : null;
  return { facts: { language, ...found, problem }, texts };
}

/** A definition that is still open at the place the pass has reached. */
interface Open {
  readonly kind: SymbolKind;
  readonly owner: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly endLine: number;
  readonly calls: Set<string>;
  name: string;
  parameters: string;
  /** As it is written, with its quotes. */
  doc: string;
}

const LONGEST = { signature: 300, doc: 400, about: 4_000, calls: 200 };

class Pass {
  private readonly source: string;
  private readonly lineOf: (row: number) => number;
  private readonly words: WordTable;
  private readonly file: Open;
  private readonly open: Open[];
  private readonly all: Open[];
  /** By their text: the line of the first. */
  private readonly imports = new Map<string, number>();
  private readonly traits: FileFacts['traits'][number][] = [];

  constructor(source: string, lineOf: (row: number) => number, words: WordTable) {
    this.source = source;
    this.lineOf = lineOf;
    this.words = words;
    const endLine = lineOf(lineBreaksIn(source)) + 1;
    this.file = this.opened('file', '', { start: 0, end: Number.POSITIVE_INFINITY, row: 0, endLine });
    this.open = [this.file];
    this.all = [this.file];
  }

  take({ name, node }: QueryCapture): void {
    const { startIndex } = node;
    while (this.open.length > 1 && this.top.end <= startIndex) this.open.pop();
    switch (name) {
      case 'call':
        this.called(startIndex, node.startPosition.row);
        return;
      case 'name':
        if (this.top.name === '') this.top.name = this.top.owner + tidy(this.textOf(node));
        return;
      case 'params':
        if (this.top.parameters === '')
          this.top.parameters = this.textOf(node).replace(/\s+/g, ' ').slice(0, LONGEST.signature);
        return;
      case 'doc':
        if (this.top.doc === '') this.top.doc = this.textOf(node);
        return;
      case 'import':
        this.imported(this.textOf(node).replace(/\s+/g, ' ').slice(0, LONGEST.signature), node.startPosition.row);
        return;
      case 'main':
        this.traits.push({ kind: 'entry', line: this.lineOf(node.startPosition.row) + 1, text: '__main__' });
        return;
      default:
        this.define(name.slice('def.'.length) as SymbolKind, node);
    }
  }

  finish(): Pick<FileFacts, 'symbols' | 'imports' | 'traits'> & { texts: ParsedText[] } {
    const named = this.all.filter((one) => one === this.file || one.name !== '');
    const docs = named.map(({ doc }) => documentation(doc));
    const bodies = bodyTexts(this.source, named, this.words);
    const texts = bodies.map(({ names, messages }, i) => ({ about: docs[i]?.about ?? '', names, messages }));
    const imports = [...this.imports].map(([text, line]) => ({ line, text }));
    const symbols = named.map((one, i) => asSymbol(one, docs[i]?.first ?? ''));
    return { symbols, texts, imports, traits: this.traits };
  }

  private textOf({ startIndex, endIndex }: QueryCapture['node']): string {
    return this.source.slice(startIndex, endIndex);
  }

  private imported(text: string, row: number): void {
    if (!this.imports.has(text)) this.imports.set(text, this.lineOf(row) + 1);
  }

  private get top(): Open {
    return this.open[this.open.length - 1] ?? this.file;
  }

  private define(kind: SymbolKind, node: QueryCapture['node']): void {
    const above = this.top;
    const inClass = above.kind === 'class';
    const own = kind === 'function' && inClass ? 'method' : kind;
    const owner = above === this.file || own === 'key' || own === 'section' ? '' : `${above.name}.`;
    const { startIndex: start, endIndex: end } = node;
    const place = { start, end, row: node.startPosition.row, endLine: this.lineOf(node.endPosition.row) + 1 };
    const opened = this.opened(own, owner, place);
    this.open.push(opened);
    this.all.push(opened);
  }

  private opened(kind: SymbolKind, owner: string, place: Span & { row: number; endLine: number }): Open {
    const { start, end, row, endLine } = place;
    const line = this.lineOf(row) + 1;
    return { kind, owner, start, end, line, endLine, calls: new Set(), name: '', parameters: '', doc: '' };
  }

  private called(start: number, row: number): void {
    const name = identifierAt(this.source, start, this.words);
    if (this.top.calls.size < LONGEST.calls) this.top.calls.add(name);
    const traits = traitsOfCall(name, this.source, start);
    for (const trait of traits) this.traits.push({ ...trait, line: this.lineOf(row) + 1 });
  }
}

function asSymbol({ kind, name, line, endLine, parameters, calls }: Open, doc: string): IndexedSymbol {
  return { kind, name, line, endLine, signature: `${name}${parameters}`, doc, calls: [...calls] };
}

function lineBreaksIn(source: string): number {
  let breaks = 0;
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) breaks += 1;
  return breaks;
}

/** The name that begins at a place; cheaper than asking the tree for the node's end. */
function identifierAt(source: string, start: number, words: WordTable): string {
  const name = words.nameAt(source, start);
  // Other letters and signs are rare enough for an expression.
  if (words.end < source.length && isUnusual(source.charCodeAt(words.end))) {
    IDENTIFIER.lastIndex = start;
    return IDENTIFIER.exec(source)?.[0] ?? '';
  }
  return words.text(name);
}

/** Beyond ASCII, or one of `!`, `?`, `$`. */
function isUnusual(code: number): boolean {
  return code > 127 || code === 33 || code === 63 || code === 36;
}

const IDENTIFIER = /[\p{L}_$][\p{L}\p{N}_$!?]*/uy;

function tidy(text: string): string {
  return text
    .replace(/^["']|["']$/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 200);
}

/** Of a docstring, without its quotes: the first paragraph, and what follows it. */
function documentation(text: string): { first: string; about: string } {
  if (text === '') return { first: '', about: '' };
  const inner = text
    .replace(/^[a-zA-Z]*("""|'''|"|')/, '')
    .replace(/("""|'''|"|')$/, '')
    .trim();
  const gap = /\n\s*\n/.exec(inner);
  const first = gap === null ? inner : inner.slice(0, gap.index);
  const about = gap === null ? '' : inner.slice(gap.index, gap.index + LONGEST.about);
  return { first: first.replace(/\s+/g, ' ').slice(0, LONGEST.doc), about: about.replace(/\s+/g, ' ') };
}
