import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Node, Parser } from 'web-tree-sitter';

export interface Definition {
  readonly kind: 'class' | 'function' | 'method';
  /** With its class: `Trainer.fit`. */
  readonly name: string;
  /** From 1, both ends included. */
  readonly line: number;
  readonly endLine: number;
  readonly signature: string;
}

let parser: Promise<Parser> | undefined;

/** The classes, functions and methods of Python code, in order; code that does not parse gives those that do.
 *  @param source the text of a Python file */
export async function outline(source: string): Promise<Definition[]> {
  return withPython(source, (root) => definitionsIn(root, ''));
}

/** What can be said of Python code from its syntax tree, which is gone afterwards. */
export async function withPython<T>(source: string, look: (root: Node) => T): Promise<T> {
  parser ??= pythonParser();
  const tree = (await parser).parse(source);
  if (!tree) throw new Error('The Python grammar gave no tree: it was not loaded.');
  try {
    return look(tree.rootNode);
  } finally {
    tree.delete();
  }
}

function definitionsIn(node: Node, owner: string): Definition[] {
  return node.namedChildren.flatMap((child) => {
    if (child === null) return [];
    if (child.type === 'function_definition') return [definition(child, owner === '' ? 'function' : 'method', owner)];
    if (child.type !== 'class_definition') return definitionsIn(child, owner);
    const itself = definition(child, 'class', owner);
    const body = child.childForFieldName('body');
    return [itself, ...(body ? definitionsIn(body, `${itself.name}.`) : [])];
  });
}

function definition(node: Node, kind: Definition['kind'], owner: string): Definition {
  const name = owner + (node.childForFieldName('name')?.text ?? '?');
  const parameters = (node.childForFieldName('parameters') ?? node.childForFieldName('superclasses'))?.text ?? '';
  return {
    kind,
    name,
    line: node.startPosition.row + 1,
    endLine: node.endPosition.row + 1,
    signature: `${name}${parameters.replace(/\s+/g, ' ')}`,
  };
}

async function pythonParser(): Promise<Parser> {
  const { Language, Parser: TreeSitter } = await import('web-tree-sitter');
  await TreeSitter.init({ locateFile: () => wasm('web-tree-sitter') });
  const python = new TreeSitter();
  python.setLanguage(await Language.load(wasm('tree-sitter-python')));
  return python;
}

/** Beside the bundle once it is built, in its package when running from source. */
function wasm(name: string): string {
  const bundled = fileURLToPath(new URL(`./${name}.wasm`, import.meta.url));
  return existsSync(bundled)
    ? bundled
    : fileURLToPath(new URL(`../../node_modules/${name}/${name}.wasm`, import.meta.url));
}
